"""What reading a source changed or doubted, cell by cell: counted while it is read, told in plans.

This is the channel from a reader to the warnings of a preview and a run. A reader of files puts
its notes into `Detected.notes`; they are kept beside the rows, in the metadata of the converted
Parquet file, and `Source.notes()` gives them again. `core.audience.gather` picks those of the
columns that an export uses, and their counts join the warnings of its plan under their kind.
A new kind is a member of `Noted`, its words in `WARNINGS` of `core.runs.reasons`, and its row in
docs/configuration.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from core.masking import Masks
from core.texts import _

LONGEST = 40  # characters of a cell that are shown


class Noted(StrEnum):
    """What happened to cells while they were read."""

    empty_word = "empty_word"  # NULL and the like: taken as empty
    unclear_number = "unclear_number"  # 1.234 may be either: kept as text
    unclear_date = "unclear_date"  # 01/02/2026 may be either: kept as text
    odd_value = "odd_value"  # not of its column's kind: left out
    cut_value = "cut_value"  # of more digits than are kept: the last ones are gone
    changed_column = "changed_column"  # of another kind than at the last reading, or mostly empty
    rounded_by_spreadsheet = "rounded_by_spreadsheet"  # 3.71261E+10: kept as text
    short_row = "short_row"  # rows that lack fields at their end: taken as empty
    doubtful_letters = "doubtful_letters"  # letters that don't fit words: another encoding?
    cleaned_text = "cleaned_text"  # control characters and the like taken out


# These change the text itself; the others only what becomes of it as a number or a date.
OF_TEXT = frozenset({Noted.empty_word, Noted.doubtful_letters, Noted.cleaned_text})


@dataclass(frozen=True, slots=True)
class Note:
    """One kind of note on one column: how many cells, and the first of them."""

    kind: StrEnum  # of Noted; in plans also what matching leaves out
    column: str
    count: int  # cells of the whole source, at least 1; profiles where matching counts
    row: int  # of the first one, as ROW counts
    text: str  # that cell, at most LONGEST characters
    source: str = ""  # where a field is made from another table: its name

    @classmethod
    def of(cls, kind: StrEnum, column: str, count: int, row: int, text: str) -> "Note":
        """With the cell shortened to what is shown."""
        return cls(kind, column, count, row, shortened(text))

    @property
    def example(self) -> str:
        """The first cell, for people: row 60, “spent”: “n/a”."""
        text = _("row {row}, “{column}”: “{text}”")
        if self.source:
            text = _("row {row} of “{source}”, for “{column}”: “{text}”")
        given = {"column": self.column, "text": self.text, "source": self.source}
        return text.format(row=f"{self.row:,}", **given)

    def masked(self, masks: Masks) -> "Note":
        """With the cell as those see it who may not see all values."""
        return replace(self, text=str(masks.value(self.column, self.text)))

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Note":
        """A note as `dataclasses.asdict` wrote it."""
        return cls(**{**data, "kind": Noted(data["kind"])})


def shortened(cell: str, most: int = LONGEST) -> str:
    """A cell as it is shown: at most so many characters."""
    return cell if len(cell) <= most else cell[: most - 1] + "…"


def with_notes(warnings: Mapping[str, int], notes: Iterable[Note]) -> dict[str, int]:
    """A plan's warnings, kind by kind: those of its profiles, and the cells of these notes."""
    found = dict(warnings)
    for note in notes:
        found[str(note.kind)] = found.get(str(note.kind), 0) + note.count
    return found
