"""What a driver of a database gives: columns, tables, and the batches of a statement."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, Protocol, cast

import pyarrow as pa

from core.errors import SourceFailed
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.columns import Column
from core.texts import _

ROWS = 10_000  # of a batch
UNFIT = (ValueError, TypeError, OverflowError, AttributeError, pa.ArrowException)
Types = Mapping[str, pa.DataType]  # of the columns of a result, in order, as they are wanted


@dataclass(slots=True)
class Odd:
    """Values that are not of their column's type: how many, the first one's row, and its text."""

    count: int
    row: int
    text: str


class Driver(Protocol):
    """One session of a database: read only, one state. Any method raises the driver's errors."""

    odd: dict[str, Odd]  # by column, of all statements; they come as null
    engine: str  # what the server is, by its name in ENGINES

    def columns(self, base: str) -> list[Column]:
        """The columns of what stands after `from`."""
        ...

    def tables(self) -> list[str]:
        """Tables and views that may be read, as they are written in a statement."""
        ...

    def batches(self, sql: str, types: Types) -> Iterator[pa.RecordBatch]:
        """The rows of a statement, its columns of these types."""
        ...

    def cancel(self) -> None:
        """Ends the statement under way, in the database too; called by another thread."""
        ...

    def close(self) -> None:
        """Ends the session."""
        ...


def open_driver(address: Address, seconds: float) -> Driver:
    """A session of the database. Raises SourceFailed where what reads it isn't installed.

    `seconds` bound each statement.
    """
    engine = address.engine
    try:
        module = import_module(f"core.profiles.sources.databases.by_{engine.driver}")
        import_module(engine.needs)
    except ImportError:
        said = _(
            "What reads {engine} isn't installed here. Install it: "
            'pip install "segferry[{extra}]", then restart.'
        )
        raise SourceFailed(said.format(engine=engine.title, extra=engine.extra)) from None
    return cast(Driver, module.open_driver(address, seconds))


def statements(address: Address, seconds: float) -> Iterable[str]:
    """What a session begins with."""
    known = {"seconds": f"{seconds:.0f}", "ms": f"{seconds * 1000:.0f}"}
    return [text.format(**known) for text in address.engine.begin]


def batch_of(
    rows: Sequence[Sequence[Any]], types: Types, odd: dict[str, Odd], before: int = 0
) -> pa.RecordBatch:
    """Rows of Python values as a batch; what isn't of its column's type becomes null, and is `odd`.

    `before` are the rows before these.
    """
    values = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = []
    for some, (name, type) in zip(values, types.items(), strict=True):
        try:
            arrays.append(_array(some, type))
        except UNFIT:
            arrays.append(pa.array(list(_fitting(some, name, type, odd, before)), type))
    return pa.record_batch(arrays, schema=pa.schema(list(types.items())))


def cast_to(batch: pa.RecordBatch, types: Types) -> pa.RecordBatch:
    """The batch with its columns of these types."""
    arrays = [_cast(one, type) for one, type in zip(batch.columns, types.values(), strict=True)]
    return pa.record_batch(arrays, schema=pa.schema(list(types.items())))


def _cast(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    import pyarrow.compute as pc

    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if array.type == wanted:
        return array
    return pc.cast(array, wanted, safe=not pa.types.is_timestamp(wanted))


def _array(values: Sequence[Any], wanted: pa.DataType) -> pa.Array:
    read = next((read for fits, read in READ if fits(wanted)), None)
    made = [None if one is None else read(one) for one in values] if read else values
    return pa.array(made, wanted)


def _fitting(
    values: Sequence[Any], name: str, wanted: pa.DataType, odd: dict[str, Odd], before: int
) -> Iterator[Any]:
    for place, value in enumerate(values, before + 1):
        try:
            yield _array([value], wanted)[0].as_py()
        except UNFIT:
            odd.setdefault(name, Odd(0, place, str(value))).count += 1
            yield None


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _whole(value: Any) -> int:
    if isinstance(value, str | bytes) or int(value) != value:
        raise ValueError(value)
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, str | bytes):
        raise ValueError(value)
    return float(value)


def _flag(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError(value)
    return bool(value)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return date.fromisoformat(value[:10]) if value.strip() else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        found = value
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)
    elif value.strip():
        found = datetime.fromisoformat(value.strip())
    else:
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _zoned(value: Any) -> datetime | None:
    found = _moment(value)
    return found.replace(tzinfo=UTC) if found else None


READ: Sequence[tuple[Callable[[pa.DataType], bool], Callable[[Any], Any]]] = (
    (pa.types.is_string, _text),
    (pa.types.is_boolean, _flag),
    (pa.types.is_floating, _number),
    (pa.types.is_integer, _whole),
    (pa.types.is_date, _day),
    (lambda type: pa.types.is_timestamp(type) and type.tz is not None, _zoned),
    (pa.types.is_timestamp, _moment),
)
