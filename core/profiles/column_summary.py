"""A column over all rows of its source, in numbers that tell of no single person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from core.columns import column, own
from core.profiles import everyday
from core.profiles.sources import Kind, Schema

TOP = 10  # values of a column
ESTIMATED = 1_000  # different values from which on their number is only about right
SURE = 1_300  # estimated different values from which on there are that many, for sure
HUGE = 1e150  # numbers of which not every engine has a mean
ORDERED = (Kind.number, Kind.date, Kind.moment)


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """A column over all rows: how many are empty, about how many different values, their range.

    Numbers have a mean, too. `top` are texts that several people have, with how many rows do.
    What could tell of a single person is None, or not in it.
    """

    kind: str
    empty: int
    distinct: int
    least: float | str | None = None  # dates as ISO
    most: float | str | None = None
    mean: float | None = None
    top: Mapping[str, int] | None = None
    bars: Sequence[int] | None = None  # rows from one end to the other; few count as none
    ends: Sequence[float | str] | None = None  # where the first bar begins, and the last one ends

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "ColumnSummary":
        """As it was written as JSON."""
        pairs = {name: tuple(data[name]) for name in ("bars", "ends") if data.get(name)}
        return cls(**{**data, **pairs})


def several(distinct: int) -> str:
    """How many different values, as people read it: from a thousand on they are estimated.

    The estimate of polars was seen ten percent off, so that two digits are all that it says.
    """
    if distinct < ESTIMATED:
        return f"{distinct:,}"
    return f"≈ {round(distinct, 2 - len(str(distinct))):,}"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is counted of a column, before it is known what may be told: rows, different values.

    `whole`: whether all its numbers are.
    """

    filled: int
    distinct: int = 0
    least: Any = None
    most: Any = None
    mean: float | None = None
    whole: bool = False


def about(name: str, kind: Kind, dtype: pl.DataType, *, personal: bool = False) -> list[pl.Expr]:
    """The numbers of a column; ranges only where they tell of no single person.

    `personal`: also where its name doesn't say that it is.
    """
    value = column(name)
    found = [_filled(value, kind, dtype).sum().alias(own(f"full {name}"))]
    if kind in (Kind.text, Kind.boolean, *ORDERED):
        different = _values(name, kind, dtype).approx_n_unique()
        found.append(different.alias(own(f"distinct {name}")))
    if personal or kind not in ORDERED or everyday.is_personal(name, kind):
        return found
    if kind is Kind.number:
        number = value.cast(pl.Float64)
        value = pl.when(number.is_finite()).then(number)
        whole = (value == value.round()).all()
        found += [value.mean().alias(own(f"mean {name}")), whole.alias(own(f"whole {name}"))]
    return [*found, value.min().alias(own(f"least {name}")), value.max().alias(own(f"most {name}"))]


def texts(frame: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """The texts (it) of a column, with how many rows (n) have each."""
    it = frame.select(it=column(name).cast(pl.String)).filter(pl.col("it") != "")
    return it.group_by("it").len("n")


def counted_texts(names: Collection[str], schema: Schema) -> list[str]:
    """The columns of which the commonest values are counted."""
    kinds = (Kind.text, Kind.boolean)
    return [n for n in names if schema[n] in kinds and not _is_personal(n, schema[n])]


def _is_personal(name: str, kind: Kind) -> bool:
    return kind is not Kind.boolean and everyday.is_personal(name, kind)


def numbers(
    frame: pl.LazyFrame, row: Mapping[str, Any], names: Collection[str], schema: Schema
) -> dict[str, Numbers]:
    """From the row that `about` asks for. Where values seem to be few, they are counted exactly."""
    found, types = {name: _read(row, name) for name in names}, frame.collect_schema()
    few = [name for name, one in found.items() if 0 < one.distinct < SURE]
    exact = frame.select(_values(name, schema[name], types[name]).n_unique() for name in few)
    counted = exact.collect(engine="streaming").row(0, named=True) if few else {}
    return {n: replace(one, distinct=counted.get(n, one.distinct)) for n, one in found.items()}


def _read(row: Mapping[str, Any], name: str) -> Numbers:
    found = {what: row.get(own(f"{what} {name}")) for what in ("least", "most", "mean")}
    filled, distinct = (int(row.get(own(f"{w} {name}")) or 0) for w in ("full", "distinct"))
    return Numbers(filled, distinct, **found, whole=bool(row.get(own(f"whole {name}"))))


def _values(name: str, kind: Kind, dtype: pl.DataType) -> pl.Expr:
    """What the column holds, without what is empty."""
    return column(name).filter(_filled(column(name), kind, dtype))


def of(numbers: Numbers, rows: int, kind: Kind, counted: pl.DataFrame | None) -> ColumnSummary:
    """What may be told of a column, of its texts with their rows, too."""
    top = None if counted is None else _commonest(counted)
    ids = numbers.whole and numbers.distinct > everyday.ITS_OWN * numbers.filled
    values = (None, None, None) if ids else (numbers.least, numbers.most, numbers.mean)
    least, most, mean = map(plain, values)
    huge = any(isinstance(end, float) and abs(end) >= HUGE for end in (least, most))
    number = mean if isinstance(mean, float) and not huge else None
    empty = rows - numbers.filled
    return ColumnSummary(str(kind), empty, numbers.distinct, least, most, number, top)


def _commonest(counted: pl.DataFrame) -> dict[str, int]:
    common = set(everyday.in_common(counted))
    ordered = counted.sort("n", "it", descending=[True, False])
    top = {it: int(n) for it, n in ordered.iter_rows() if it in common}
    return dict(list(top.items())[:TOP])


def plain(value: Any) -> float | str | None:
    """A value as JSON has it: dates and moments as ISO days."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return None if value is None else float(value)


def _filled(value: pl.Expr, kind: Kind, dtype: pl.DataType) -> pl.Expr:
    """As rules see it, but that a text of blanks counts as filled, for that costs much to know."""
    if kind is Kind.text and dtype == pl.String:
        return value.str.len_bytes() > 0
    if kind is Kind.list:
        return value.list.len() > 0
    return value.is_finite() if dtype.is_float() else value.is_not_null()
