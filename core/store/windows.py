"""Counts the requests of every process over one PostgreSQL, so that they share their limits."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from core.destinations.windows import Rate, Turn, Window
from core.errors import StorageFailed
from core.store.failures import reaching
from core.store.tables.windows import RequestWindow

# Asked once the row is locked, so that the moments in it ascend.
NOW = sa.text("select extract(epoch from clock_timestamp())::float8")


class SharedWindows:
    """As `destinations.windows.Windows`: a row each, all moments by the database's clock.

    Nothing goes while nobody can count it: raises StorageUnavailable. A request whose process has
    died takes up its room for five minutes.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def enter(self, owner: str, rate: Rate) -> Turn:
        """As in Windows."""
        with self._alone(owner, rate) as (window, now):
            return window.enter(rate, now)

    def leave(self, owner: str, rate: Rate, turn: Turn) -> None:
        """As in Windows; where that can't be noted the request takes up its room for longer."""
        with suppress(StorageFailed), self._alone(owner, rate) as (window, now):
            window.leave(rate, turn.number, now)

    def hold(self, owner: str, rate: Rate, seconds: float) -> None:
        """As in Windows."""
        with self._alone(owner, rate) as (window, now):
            window.hold(now + seconds)

    def join(self, owner: str, account: str) -> None:
        """As in Windows."""
        counted = sa.select(col(RequestWindow.rate), col(RequestWindow.state))
        with reaching(self._engine), self._engine.begin() as connection:
            for rate, state in connection.execute(counted.where(col(RequestWindow.owner) == owner)):
                _add(connection, account, rate, state)

    @contextmanager
    def _alone(self, owner: str, rate: Rate) -> Iterator[tuple[Window, float]]:
        """The window, while no other process has it, and the moment; what changes is kept."""
        its = col(RequestWindow.owner) == owner, col(RequestWindow.rate) == rate.name
        with reaching(self._engine), self._engine.begin() as connection:
            locked = sa.select(col(RequestWindow.state)).where(*its).with_for_update()
            state: Any = connection.scalar(locked)
            if state is None:
                _add(connection, owner, rate.name, {})
                state = connection.scalar(locked)
            window = Window(**state)
            yield window, connection.scalars(NOW).one()
            changed = sa.update(RequestWindow).where(*its).values(state=asdict(window))
            connection.execute(changed)


def _add(connection: sa.Connection, owner: str, rate: str, state: dict[str, object]) -> None:
    """Unless there is one."""
    row = insert(RequestWindow).values(owner=owner, rate=rate, state=state)
    connection.execute(row.on_conflict_do_nothing())
