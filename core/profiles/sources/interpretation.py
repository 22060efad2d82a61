"""Text columns become what all their cells prove to be; what isn't proven stays text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.profiles.sources.cell_notes import notes_on
from core.profiles.sources.column_types import FormerColumn, Type, typed
from core.profiles.sources.decision import decided, decimal_sign
from core.profiles.sources.gathering import gathered
from core.profiles.sources.notes import Note
from core.profiles.sources.reading_options import ReadingOptions


@dataclass(frozen=True, slots=True)
class Interpreted:
    """Rows whose text columns became what they prove to be, and what is to be noted of that."""

    frame: pl.LazyFrame
    decimal: str | None  # the sign that numbers show
    notes: tuple[Note, ...]
    written: tuple[str, ...]  # the columns whose text is kept beside their values, see WRITTEN
    whole: tuple[str, ...]  # as in Column
    columns: Mapping[str, FormerColumn]  # for the next reading

    @property
    def kept(self) -> dict[str, Any]:
        """What of it is kept in Detected, by its names there."""
        return {"written": self.written, "whole": self.whole, "columns": self.columns}


def interpreted(
    frame: pl.LazyFrame,
    columns: Sequence[str],
    types: frozenset[Type],
    options: ReadingOptions,
) -> Interpreted:
    """These text columns by what all their rows prove, of these types. Raises polars' errors.

    All that reads text goes through here: delimited files, NDJSON, workbooks.
    """
    evidence = gathered(frame, columns, types, options)
    decisions = decided(evidence, options)
    return Interpreted(
        typed(frame, decisions, options.null_words),
        decimal_sign(decisions),
        notes_on(frame, evidence, decisions, options),
        written=tuple(name for name, column in decisions.items() if column.keeps_text),
        whole=tuple(name for name, column in decisions.items() if column.whole),
        columns={
            name: FormerColumn(column.of, column.whole, evidence[name].filled_share)
            for name, column in decisions.items()
        },
    )
