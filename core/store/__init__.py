"""Reads and writes the configuration and the runs; all SQL of the product is in this package."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from core import access
from core.access import Action, Person, Shared
from core.destinations.limits import Limits
from core.errors import Denied, Invalid, Unknown
from core.settings import Settings
from core.store import belonging, database, locks
from core.store.database import Clock, now
from core.store.runtime import Runtime
from core.store.vault import Vault, open_vault
from core.store.windows import SharedWindows
from core.texts import _

LOCKED_FOR = 2.0  # seconds
Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Store:
    """One installation: its database, its vault, its settings, and what its threads share.

    `clock` gives the moment, in UTC, that runs and counts are dated by.
    """

    engine: Engine
    vault: Vault
    settings: Settings
    runtime: Runtime = field(default_factory=Runtime, compare=False, repr=False)
    clock: Clock = field(default=now, compare=False, repr=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction; rows taken out of it stay readable. Raises StorageFailed.

        What is denied within it undoes it all, save the audit's note of that.
        """
        try:
            with database.transaction(self.engine, self.clock) as session:
                yield session
        except Denied as error:
            self.note_refusal(str(error), error.person)
            raise

    def require(self, person: Person, action: Action, connection: Shared | None = None) -> None:
        """As `access.require`, for what needs no transaction: the audit notes a refusal."""
        try:
            access.require(person, action, connection)
        except Denied as error:
            self.note_refusal(str(error), error.person)
            raise

    def note_refusal(self, text: str, person: Person | None) -> None:
        """Writes down what a person, if it is known who, may not do."""
        from core.store import audit

        if person is not None:
            with database.transaction(self.engine) as session:
                audit.record(session, person, audit.Deed.refused, "", text)

    @contextmanager
    def applying(self) -> Iterator[None]:
        """Waits until no other process makes the configuration match a file."""
        with locks.alone(self.engine, locks.APPLYING):
            yield

    @contextmanager
    def refreshing(self) -> Iterator[None]:
        """Waits until nobody else, here or in another process, renews tokens of OAuth."""
        with locks.alone(self.engine, locks.REFRESHING):
            yield

    def make_durable(self) -> None:
        """All that is committed outlives a loss of power. Raises StorageFailed."""
        database.make_durable(self.engine)

    def without_patience(self) -> "Store":
        """The same, to be closed by itself, for who waits for a locked SQLite in a way of its own.

        It says within LOCKED_FOR seconds that the database is locked.
        """
        wait = min(self.settings.database_wait, LOCKED_FOR)
        return replace(self, engine=database.connect(self.settings.url, wait))

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()


def open_store(settings: Settings, clock: Clock = now) -> Store:
    """The store of these settings, made on first use. Raises StorageFailed, Invalid."""
    engine = database.open_database(settings)
    try:
        belonging.check(engine, settings)
        windows = None if settings.on_sqlite else SharedWindows(engine)
        runtime = Runtime(Limits(windows=windows))
        return Store(engine, open_vault(settings), settings, runtime, clock)
    except BaseException:
        engine.dispose()
        raise


def named(session: Session, table: type[Row], what: str, name: str | int) -> Row:
    """The row with this name or id. Raises Unknown, naming the nearest."""
    if row := look_up(session, table, name):
        return row
    raise Unknown(what, str(name), names(session, table))


def look_up(session: Session, table: type[Row], name: str | int) -> Row | None:
    """The row with this name or id, or None."""
    if isinstance(name, int):
        return session.get(table, name)
    return session.exec(select(table).where(_column(table, "name") == name)).first()


def names(session: Session, table: type[Row]) -> list[str]:
    """All names, in order."""
    column = _column(table, "name")
    return list(session.scalars(sa.select(column).order_by(column)))


def is_empty(session: Session, table: type[SQLModel]) -> bool:
    """Whether the table has no row."""
    return session.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)) is None


def ordered(session: Session, table: type[Row]) -> list[Row]:
    """All rows, by name."""
    return list(session.exec(select(table).order_by(sa.func.lower(_column(table, "name")))))


def refuse_taken(
    session: Session, table: type[Row], what: str, name: str, own: int | None = None
) -> None:
    """Raises Invalid when another row has the name."""
    row = look_up(session, table, name)
    if row is not None and getattr(row, "id", None) != own:
        raise Invalid(
            _("The name “{name}” is already used by another {what}. Choose another name.").format(
                what=what, name=name
            ),
            "name",
        )


def assign(row: SQLModel, values: dict[str, Any]) -> bool:
    """Sets the values that differ; whether any did."""
    changed = {k: v for k, v in values.items() if getattr(row, k) != v}
    for key, value in changed.items():
        setattr(row, key, value)
    return bool(changed)


def _column(table: type[SQLModel], name: str) -> Any:
    return getattr(table, name)
