"""The rows of the people an export is for, and how many they are: read once where they are few.

A preview looks at them several times, and each look would read and filter the whole source again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from core.columns import column, own
from core.configuration.order import Order
from core.profiles.segments import counts as segment_counts
from core.profiles.segments.counts import Counts
from core.profiles.segments.numbered import places
from core.profiles.sources import POLARS, SEGMENTS, Source, engine_of, translated
from core.profiles.summary import Summary, summarised
from core.profiles.summary_there import summarised_there

MOST_CELLS = 5_000_000  # about 100 MB, whatever size the file has
FEW = 4  # of so many rows at most one: of more, finding them again costs less than keeping them
MEMBERS = own("members")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in any of the segments, not read yet or at hand; those of each segment counted."""

    frame: pl.LazyFrame
    counts: Counts
    summary: Summary | None = None  # of the source, where it was counted


def read(
    order: Order,
    source: Source,
    every: nw.LazyFrame[Any],
    today: date,
    names: Collection[str],
    summed: Collection[str] | None,
) -> Rows:
    """The rows among `every` with the columns `names`; SEGMENTS in them tells several apart.

    With columns `summed` the source is summed up as well. Raises SourceFailed.
    """
    when = today, order.time_zone
    known = places(order.segments, order.exclude)
    numbered = [(order.exclude if out else order.segments)[name] for out, name in known]
    members = segment_counts.members(every, order.segments, source.schema(), *when, numbered)
    frame = source.fetched(members, names)
    if summed is None:
        bits = {name: bit for bit, (out, name) in enumerate(known) if not out}
        at_once = _at_once(source, frame, names, order.segments, bits)
        return at_once or Rows(frame, segment_counts.counts(source, order.segments, *when))
    sums = summarised if _is_read_here(source) else summarised_there
    counts, summary = sums(source, order.segments, summed, *when)
    if _is_read_here(source) and counts.members <= _most(frame, names, counts.rows):
        frame = _collected(source, frame, names, counts.members).lazy()
    return Rows(frame, counts, summary)


def _at_once(
    source: Source,
    frame: pl.LazyFrame,
    names: Collection[str],
    segments: Collection[str],
    bits: Mapping[str, int],
) -> Rows | None:
    """The rows at hand, counted; None where they are too many or can't be told apart."""
    if len(segments) > 1 and not bits:
        return None
    with translated(source):
        rows = int(source.small(source.scan().select(nw.len())).item())
    if _is_read_here(source):
        most = _most(frame, names, rows)
        found = _collected(source, frame, names, most + 1)
        if found.height > most:
            return None
        frame = found.lazy()
    return Rows(frame, _counts(frame, segments, bits, rows))


def _counts(
    frame: pl.LazyFrame, segments: Collection[str], bits: Mapping[str, int], rows: int
) -> Counts:
    every = pl.len().alias(MEMBERS)
    inside = [pl.col(SEGMENTS) & pl.lit(2**bit, pl.Int64) for bit in bits.values()]
    each = [(one != 0).sum().alias(name) for one, name in zip(inside, bits, strict=True)]
    found = frame.select(every, *each).collect().row(0, named=True)
    members = int(found[MEMBERS])
    return Counts({name: int(found.get(name, members)) for name in segments}, members, rows)


def _is_read_here(source: Source) -> bool:
    """Whether polars reads it: what a database has found is kept by its source already."""
    return engine_of(source.schema()) == POLARS


def _collected(
    source: Source, frame: pl.LazyFrame, names: Collection[str], most: int
) -> pl.DataFrame:
    """So many rows at most."""
    wanted = frame.select(map(column, _wanted(frame, names))).head(most)
    with translated(source):
        return wanted.collect(engine="streaming")


def _most(frame: pl.LazyFrame, names: Collection[str], rows: int) -> int:
    """How many of so many rows are few."""
    return min(MOST_CELLS // len(_wanted(frame, names)), rows // FEW)


def _wanted(frame: pl.LazyFrame, names: Collection[str]) -> list[str]:
    """Its columns of these names, and those of ours."""
    return [name for name in frame.collect_schema() if name in names or name.startswith(own(""))]
