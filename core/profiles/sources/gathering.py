"""The evidence of all rows, in few queries: the first rows tell what to ask of the others."""

from collections.abc import Mapping, Sequence

import polars as pl

from core import columns as named
from core.profiles.sources.column_types import Type
from core.profiles.sources.evidence import Evidence
from core.profiles.sources.query import Candidates, Query
from core.profiles.sources.reading_options import ReadingOptions

SAMPLE = 10_000  # rows; a type that many of them refute needn't be tried on the rest
WIDE = 64  # columns; of more the cells are asked one below the other
FEW = 200  # rows of wide tables after which types are refuted for the first time


def gathered(
    frame: pl.LazyFrame,
    columns: Sequence[str],
    types: frozenset[Type],
    options: ReadingOptions,
) -> Mapping[str, Evidence]:
    """What all rows show of these text columns, which may have these types.

    One query after a look at the first rows; a second one of columns whose first rows misled.
    Raises polars' errors.
    """
    former = {name: _former_type(name, options) for name in columns}
    candidates = {name: types | former[name] for name in columns}
    first = _of_first_rows(frame, candidates, options)
    if all(shown.rows < SAMPLE for shown in first.values()):
        return first  # these were all rows
    left = {n: (candidates[n] - first[n].refuted_types()) | former[n] for n in candidates}
    return _of_all_rows(frame, first, left, options)


def _former_type(name: str, options: ReadingOptions) -> frozenset[Type]:
    """The type at the last reading, which is always tried again; of whole numbers fractions too."""
    former = options.former.get(name)
    if former is None or former.of is Type.text:
        return frozenset()
    return frozenset({former.of, Type.dot} if former.of is Type.whole else {former.of})


def _of_first_rows(
    frame: pl.LazyFrame, candidates: Candidates, options: ReadingOptions
) -> dict[str, Evidence]:
    """What the first rows show; of many columns only the types that some of these rows allow."""
    rows = frame.head(SAMPLE)
    if len(candidates) <= WIDE:
        return Query(rows, options, candidates.keys()).evidence(candidates)
    cells = rows.select(named.column(name) for name in candidates).collect(engine="streaming")
    some = cells.gather_every(max(cells.height // FEW, 1))
    shown = Query(some, options, frozenset()).evidence(candidates)
    left = {name: types - shown[name].refuted_types() for name, types in candidates.items()}
    return Query(cells, options, left.keys()).evidence(left)


def _of_all_rows(
    frame: pl.LazyFrame,
    first: Mapping[str, Evidence],
    candidates: Candidates,
    options: ReadingOptions,
) -> dict[str, Evidence]:
    """What all rows show: of settled columns only whether they really are, else all questions."""
    settled = {
        name: types
        for name, shown in first.items()
        if (types := shown.settled_types(options.former.get(name)))
    }
    query = Query(frame, options, candidates.keys() - settled.keys())
    found = {
        name: shown.with_marks_of(first[name])
        for name, shown in query.evidence({**candidates, **settled}).items()
    }
    misled = {name: candidates[name] for name in settled if found[name].unsettled()}
    return {**found, **Query(frame, options, misled.keys()).evidence(misled)}
