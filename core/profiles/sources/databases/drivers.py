"""What a driver of a database gives: columns, tables, and the batches of a statement."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Protocol, cast

import pyarrow as pa

from core.errors import SourceFailed
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.columns import Column
from core.profiles.sources.databases.losses import Losses
from core.texts import _

Types = Mapping[str, pa.DataType]  # of the columns of a result, in order, as they are wanted


class Driver(Protocol):
    """One session of a database: read only, one state. Any method raises the driver's errors."""

    engine: str  # what the server is, by its name in ENGINES

    def columns(self, base: str) -> list[Column]:
        """The columns of what stands after `from`."""
        ...

    def tables(self) -> list[str]:
        """Tables and views that may be read, as they are written in a statement."""
        ...

    def batches(self, sql: str, types: Types, losses: Losses) -> Iterator[pa.RecordBatch]:
        """The rows of a statement, its columns of these types; what doesn't fit is in `losses`."""
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
