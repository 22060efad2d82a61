"""The first cell of each kind that is left out of profiles, to be found again in the source."""

from collections.abc import Mapping

import polars as pl

from core.columns import column
from core.profiles.matching.left_out_values import cells_left_out
from core.profiles.matching.matching import Matching
from core.profiles.matching.reasons import Warned
from core.profiles.sources import ROW, WRITTEN
from core.profiles.sources.notes import Note


def first_cells(
    frame: pl.LazyFrame,
    matching: Matching,
    rows: Mapping[Warned, int],
    counts: Mapping[str, int],
) -> tuple[Note, ...]:
    """A note on each kind: the cell in its first row, and how many profiles are concerned.

    `rows` are the first rows that carry each kind. Reads the source again, for these alone.
    """
    if not rows:
        return ()
    cells = cells_left_out(matching)
    met = [(kind, *cell) for kind in rows for cell in cells[kind]]
    few = matching.prepared(frame.filter(pl.col(ROW).is_in(list(set(rows.values())))))
    found = few.select(
        ROW,
        *(is_met.alias(f"met {n}") for n, (_kind, _name, is_met) in enumerate(met)),
        *(column(name).alias(f"cell {n}") for n, (_kind, name, _is_met) in enumerate(met)),
    ).collect(engine="streaming")
    by_row = {row[ROW]: row for row in found.iter_rows(named=True)}
    notes: dict[Warned, Note] = {}
    for n, (kind, name, _is_met) in enumerate(met):
        row = by_row[rows[kind]]
        if row[f"met {n}"] and kind not in notes:
            text, given = str(row[f"cell {n}"]), name.removeprefix(WRITTEN)
            notes[kind] = Note.of(kind, given, counts[kind], rows[kind], text)
    return tuple(notes.values())
