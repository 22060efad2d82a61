"""A column over all rows of its source, in numbers that tell of no single person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from core.columns import column, own
from core.profiles import everyday
from core.profiles.sources import Kind, Schema

TOP = 10  # values of a column
ESTIMATED = 1_000  # different values from which on their number is only about right
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


def about(name: str, kind: Kind, dtype: pl.DataType, *, personal: bool = False) -> list[pl.Expr]:
    """The numbers of a column; ranges only where they tell of no single person.

    `personal`: also where its name doesn't say that it is.
    """
    value = column(name)
    found = [_filled(value, kind, dtype).sum().alias(own(f"full {name}"))]
    if kind in (Kind.text, Kind.boolean, *ORDERED):
        found.append(value.approx_n_unique().alias(own(f"distinct {name}")))
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
    return frame.select(it=column(name).cast(pl.String)).drop_nulls().group_by("it").len("n")


def counted_texts(names: Collection[str], schema: Schema) -> list[str]:
    """The columns of which the commonest values are counted."""
    kinds = (Kind.text, Kind.boolean)
    return [n for n in names if schema[n] in kinds and not _is_personal(n, schema[n])]


def _is_personal(name: str, kind: Kind) -> bool:
    return kind is not Kind.boolean and everyday.is_personal(name, kind)


def of(
    row: Mapping[str, Any], name: str, kind: Kind, counted: pl.DataFrame | None
) -> ColumnSummary:
    """From the row with the numbers that `about` asks for, and its texts with their rows."""
    filled = int(row[own(f"full {name}")] or 0)
    distinct = int(row.get(own(f"distinct {name}")) or 0)
    top = None
    if counted is not None:
        common = set(everyday.in_common(counted))
        ordered = counted.sort("n", "it", descending=[True, False])
        top = {it: int(n) for it, n in ordered.iter_rows() if it in common}
        top = dict(list(top.items())[:TOP])
    ids = row.get(own(f"whole {name}")) and distinct > everyday.ITS_OWN * filled
    least, most, mean = (
        None if ids else _plain(row.get(own(f"{what} {name}")))
        for what in ("least", "most", "mean")
    )
    number = mean if isinstance(mean, float) else None
    return ColumnSummary(str(kind), int(row["rows"]) - filled, distinct, least, most, number, top)


def _plain(value: Any) -> float | str | None:
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
