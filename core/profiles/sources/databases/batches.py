"""Rows of databases as batches of the types that are wanted; what doesn't fit these is counted."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

from core.profiles.sources.databases.days import in_microseconds, within_calendar
from core.profiles.sources.databases.drivers import Types
from core.profiles.sources.databases.losses import Losses
from core.profiles.sources.notes import Noted

ROWS = 10_000  # of a batch
UNFIT = (ValueError, TypeError, OverflowError, AttributeError, pa.ArrowException)
MIDNIGHT = " T0:.Z+"  # of what the time of a text at the beginning of a day consists
FINER = re.compile(r"\.\d{6}\d*[1-9]")  # than microseconds


class Cut(ValueError):
    """A value that has more than its column's type holds; `kept` is what is left of it."""

    def __init__(self, kept: Any) -> None:
        super().__init__()
        self.kept = kept


def batch_of(
    rows: Sequence[Sequence[Any]], types: Types, losses: Losses, before: int = 0
) -> pa.RecordBatch:
    """Rows of Python values as a batch.

    What isn't of its column's type becomes null, what has more is cut; both are in `losses`.
    `before` are the rows before these.
    """
    values = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = []
    for some, (name, type) in zip(values, types.items(), strict=True):
        try:
            arrays.append(_array(some, type))
        except UNFIT:
            arrays.append(pa.array(list(_fitting(some, name, type, losses, before)), type))
    return pa.record_batch(arrays, schema=pa.schema(list(types.items())))


def cast_to(batch: pa.RecordBatch, types: Types, losses: Losses, before: int = 0) -> pa.RecordBatch:
    """The batch with its columns of these types, as `batch_of` makes them."""
    arrays = [
        _cast(one, name, type, losses, before)
        for one, (name, type) in zip(batch.columns, types.items(), strict=True)
    ]
    return pa.record_batch(arrays, schema=pa.schema(list(types.items())))


def _cast(array: pa.Array, name: str, wanted: pa.DataType, losses: Losses, before: int) -> pa.Array:
    import pyarrow.compute as pc

    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_temporal(wanted):
        array, outside = within_calendar(array)
        if outside:
            losses.add(
                Noted.odd_value, name, outside.count, before + outside.place + 1, outside.text
            )
    if array.type == wanted:
        return array
    if not pa.types.is_timestamp(wanted):
        return pc.cast(array, wanted)
    array, finer = in_microseconds(array, wanted)
    if finer:
        losses.add(Noted.cut_value, name, finer.count, before + finer.place + 1, finer.text)
    return array


def _array(values: Sequence[Any], wanted: pa.DataType) -> pa.Array:
    read = _reader(wanted)
    made = [None if one is None else read(one) for one in values] if read else values
    return pa.array(made, wanted)


def _fitting(
    values: Sequence[Any], name: str, wanted: pa.DataType, losses: Losses, before: int
) -> Iterator[Any]:
    read = _reader(wanted)
    for place, value in enumerate(values, before + 1):
        kept = None
        try:
            made = None if value is None else read(value) if read else value
            pa.scalar(made, wanted)
            kept = made
        except Cut as cut:
            kept = cut.kept
            losses.add(Noted.cut_value, name, 1, place, str(value))
        except UNFIT:
            losses.add(Noted.odd_value, name, 1, place, _shown(value))
        yield kept


def _reader(wanted: pa.DataType) -> Callable[[Any], Any] | None:
    return next((read for fits, read in READ if fits(wanted)), None)


def _shown(value: Any) -> str:
    return f"x'{value.hex()}'" if isinstance(value, bytes) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, bytes | list | dict):
        raise ValueError(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _whole(value: Any) -> int:
    if isinstance(value, str | bytes) or int(value) != value:
        raise ValueError(value)
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, str | bytes):
        raise ValueError(value)
    found = float(value)
    if isinstance(value, int) and int(found) != value:
        raise Cut(found)
    return found


def _flag(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError(value)
    return bool(value)


def _day(value: Any) -> date | None:
    if isinstance(value, str):
        if not value.strip():
            return None
        found, has_more = date.fromisoformat(value[:10]), bool(value[10:].strip(MIDNIGHT))
    elif isinstance(value, datetime):
        found, has_more = value.date(), value.time() != time()
    elif isinstance(value, date):
        return value
    else:
        raise TypeError(value)
    if has_more:
        raise Cut(found)
    return found


def _moment(value: Any) -> datetime | None:
    """In UTC, without saying so, where it has a zone."""
    if isinstance(value, str):
        if not (value := value.strip()):
            return None
        found = datetime.fromisoformat(value)
    elif isinstance(value, datetime):
        found = value
    else:
        found = datetime(value.year, value.month, value.day)
    found = found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    if isinstance(value, str) and FINER.search(value):
        raise Cut(found)
    return found


READ: Sequence[tuple[Callable[[pa.DataType], bool], Callable[[Any], Any]]] = (
    (pa.types.is_string, _text),
    (pa.types.is_boolean, _flag),
    (pa.types.is_floating, _number),
    (pa.types.is_integer, _whole),
    (pa.types.is_date, _day),
    (pa.types.is_timestamp, _moment),
)
