"""Programs that meet a fault at one of the writes that they make."""

import errno
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from core.settings import Settings
from tests.conftest import ENVIRONMENT
from tests.programs import Program

CHANGES = ("os.rename", "os.remove")  # of a folder: what a file or a folder of it meets


Fault = Callable[[sa.Connection | None], None]  # given the connection, if it meets a commit


def segferry(
    settings: Settings, *arguments: str, first: Callable[[], None] | None = None
) -> Program:
    """The command line on the test's data folder and database."""
    where = {"SEGFERRY_HOME": str(settings.home), "SEGFERRY_DATABASE_URL": settings.database_url}
    return Program([*arguments, "--json"], ENVIRONMENT | where, first=first)


def killed_at(number: int, settings: Settings, log: Path) -> Callable[[], None]:
    """For `Program.first`: the program is killed before its write of that number, from 1.

    A write is a commit that changes something, of either database, or that a file or folder of the
    data folder gets its name or loses it. Each is a line of the log, the last one the fault's.
    """
    return partial(_watch, str(settings.home), log, number, _kill)


def full_at(number: int, settings: Settings, log: Path) -> Callable[[], None]:
    """The same; for the write of that number there is no room, for others there is."""
    return partial(_watch, str(settings.home), log, number, _refuse)


def cut_at(number: int, settings: Settings, log: Path) -> Callable[[], None]:
    """The same; in the commit of that number PostgreSQL ends the connection."""
    return partial(_watch, str(settings.home), log, number, _cut)


def _watch(home: str, log: Path, number: int, fault: Fault) -> None:
    file = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_WRONLY)
    left = [number]

    def meet(what: str, connection: sa.Connection | None = None) -> None:
        os.write(file, f"{what}\n".encode())
        left[0] -= 1
        if left[0] == 0:
            fault(connection)

    def before_change(name: str, arguments: tuple[object, ...]) -> None:
        if name in CHANGES and str(arguments[0]).startswith(home):
            meet(f"{name} {arguments[0]}")

    def before_commit(connection: sa.Connection) -> None:
        if getattr(connection.connection.dbapi_connection, "in_transaction", True):
            meet(f"commit {connection.engine.url.database}", connection)

    sys.addaudithook(before_change)
    event.listen(sa.Engine, "commit", before_commit)


def _kill(_connection: sa.Connection | None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _refuse(connection: sa.Connection | None) -> None:
    if connection is None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    cause = sqlite3.OperationalError("database or disk is full")
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise sa.exc.OperationalError("commit", {}, cause)


def _cut(connection: sa.Connection | None) -> None:
    if connection is not None:
        own: Any = connection.connection.dbapi_connection
        with psycopg.connect(own.info.dsn, password=own.info.password) as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [own.info.backend_pid])
