"""The watch over writes: what it keeps open, it closes."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event

from core.errors import StorageUnavailable
from core.store import Store
from core.store.writes import watched


def test_a_watch_that_fails_closes_the_connection_it_kept(store: Store):
    kept: list[Any] = []
    event.listen(store.engine, "detach", lambda connection, _record: kept.append(connection))
    with pytest.raises(StorageUnavailable), watched(store):
        raise StorageUnavailable("The database is away.")
    (connection,) = kept
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("select 1")
