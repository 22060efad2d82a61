"""The evidence of all rows, in few queries: the first rows tell what to ask of the others."""

from collections.abc import Mapping, Sequence

import polars as pl

from core import columns as named
from core.profiles.sources.column_types import Type
from core.profiles.sources.evidence import Evidence
from core.profiles.sources.query import Candidates, Query
from core.profiles.sources.reading_options import ReadingOptions

SAMPLE = 10_000  # rows; a type that many of them refute needn't be tried on the rest
WIDE = 64  # columns; of more a few of the first rows are looked at before the others
FEW = 200  # rows of wide tables that are looked at before the others


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
    candidates = {name: types | _former_type(name, options) for name in columns}
    rows = frame.head(SAMPLE).select(named.column(name) for name in columns)
    cells = rows.collect(engine="streaming")
    first = _of_first_rows(cells, candidates, options)
    if cells.height < SAMPLE:
        return first  # these were all rows
    return _of_more_rows(frame, first, candidates, options)


def _former_type(name: str, options: ReadingOptions) -> frozenset[Type]:
    """The type at the last reading, which is always tried again; of whole numbers fractions too."""
    former = options.former.get(name)
    if former is None or former.of is Type.text:
        return frozenset()
    return frozenset({former.of, Type.dot} if former.of is Type.whole else {former.of})


def _of_first_rows(
    cells: pl.DataFrame, candidates: Candidates, options: ReadingOptions
) -> Mapping[str, Evidence]:
    """What the first rows show; of many columns a few of them tell what to ask of the others."""
    if len(candidates) <= WIDE or cells.height <= FEW:
        return Query(cells, options, candidates.keys()).evidence(candidates)
    few = cells.sample(FEW, seed=0)
    return _of_more_rows(cells, _of_first_rows(few, candidates, options), candidates, options)


def _of_more_rows(
    rows: pl.LazyFrame | pl.DataFrame,
    first: Mapping[str, Evidence],
    candidates: Candidates,
    options: ReadingOptions,
) -> Mapping[str, Evidence]:
    """What all of these show: of settled columns only whether they really are, else all questions.

    Types that many of the `first` rows refute aren't tried, but for that of the last reading.
    """
    left = {
        name: (types - first[name].refuted_types()) | _former_type(name, options)
        for name, types in candidates.items()
    }
    settled = {
        name: types
        for name, shown in first.items()
        if (types := shown.settled_types(options.former.get(name)))
    }
    query = Query(rows, options, left.keys() - settled.keys())
    found = {
        name: shown.with_marks_of(first[name])
        for name, shown in query.evidence({**left, **settled}).items()
    }
    misled = {name: left[name] for name in settled if found[name].unsettled()}
    return {**found, **Query(rows, options, misled.keys()).evidence(misled)}
