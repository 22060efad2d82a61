"""Days and moments as databases send them in Arrow: those outside the calendar, and finer ones.

Here they are of the years 1 to 9999, moments in microseconds. Beyond lie `infinity`, which engines
send as their largest number, and years that only databases know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

DAY = 86_400  # seconds
EPOCH = date(1970, 1, 1).toordinal()
FIRST, END = 1 - EPOCH, date.max.toordinal() + 1 - EPOCH  # in days; END is the first one beyond
CYCLE = 400, date(401, 1, 1).toordinal() - 1  # years after which the calendar repeats, and days
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
LARGEST = 2**63 - 1
SHIFT = 10_957  # days from 1970 to 2000, from where PostgreSQL counts; ADBC lets its largest wrap
INFINITE = {
    **dict.fromkeys((2**31 - 1, -(2**31) - 1 + SHIFT), "infinity"),
    **dict.fromkeys((1 - 2**31, -(2**31) + SHIFT), "-infinity"),
    **dict.fromkeys((LARGEST, -(2**63) - 1 + SHIFT * DAY * 10**6), "infinity"),
    **dict.fromkeys((-LARGEST, -(2**63) + SHIFT * DAY * 10**6), "-infinity"),
}


@dataclass(frozen=True, slots=True)
class Unfit:
    """Values of an array that don't come as they are: how many, where the first is, its text."""

    count: int
    place: int
    text: str


def within_calendar(values: pa.Array) -> tuple[pa.Array, Unfit | None]:
    """Days or moments with null for those outside, and which these were."""
    import pyarrow.compute as pc

    numbers, (low, high) = _numbers(values), bounds(values.type)
    ends = pc.min_max(numbers)
    least, most = ends["min"].as_py(), ends["max"].as_py()
    if least is None or (low <= least and most < high):
        return values, None
    outside = pc.fill_null(pc.or_(pc.less(numbers, low), pc.greater_equal(numbers, high)), False)
    kept = pc.if_else(outside, pa.scalar(None, values.type), values)
    return kept, _unfit(outside, numbers, lambda number: written(number, values.type))


def in_microseconds(values: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, Unfit | None]:
    """Moments within the calendar in another type, and which of them were finer than that."""
    import pyarrow.compute as pc

    found = pc.cast(values, wanted, safe=False)
    if values.type.unit != "ns":
        return found, None
    finer = pc.fill_null(pc.not_equal(pc.cast(found, values.type), values), False)
    return found, _unfit(finer, _numbers(values), lambda number: written(number, values.type))


def _numbers(values: pa.Array) -> pa.Array:
    days = pa.types.is_date32(values.type)
    return values.cast(pa.int32()).cast(pa.int64()) if days else values.cast(pa.int64())


def bounds(type: pa.DataType) -> tuple[int, int]:
    """The first number of such days or moments within the calendar, and the first one beyond."""
    if pa.types.is_date32(type):
        return FIRST, END
    per_day = DAY * PER_SECOND[type.unit]
    return max(FIRST * per_day, 1 - LARGEST), min(END * per_day, LARGEST)


def _unfit(mask: pa.Array, numbers: pa.Array, written: Callable[[int], str]) -> Unfit | None:
    import pyarrow.compute as pc

    count = pc.sum(mask).as_py()
    if not count:
        return None
    place = pc.index(mask, True).as_py()
    return Unfit(count, place, written(numbers[place].as_py()))


def written(number: int, type: Any) -> str:
    """As databases write it: infinity, 10000-01-01, 0044-03-15 BC, 2026-01-01 10:00:00.123."""
    if number in INFINITE:
        return INFINITE[number]
    if pa.types.is_date32(type):
        return _day(number)
    seconds, rest = divmod(number, PER_SECOND[type.unit])
    days, second = divmod(seconds, DAY)
    digits = len(str(PER_SECOND[type.unit])) - 1
    fraction = f".{rest:0{digits}}" if rest else ""
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    day, _space, era = _day(days).partition(" ")
    return " ".join(filter(None, (day, clock + fraction, era)))


def _day(days: int) -> str:
    """A day of any year, by the one of the same place among the first 400 years."""
    years, length = CYCLE
    cycles, rest = divmod(days + EPOCH - 1, length)
    found = date.fromordinal(rest + 1)
    year = found.year + cycles * years
    shown = f"{year:04}" if year > 0 else f"{1 - year:04}"
    return f"{shown}-{found:%m-%d}" + ("" if year > 0 else " BC")
