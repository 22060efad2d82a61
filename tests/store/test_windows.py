"""Processes over one PostgreSQL count their requests together; each has a store of its own here."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.destinations.windows import Rate
from core.errors import StorageUnavailable
from core.sandbox.jsonapi import Refused
from core.sandbox.limits import Limiter, S
from core.settings import Settings
from core.store import Store, open_store, windows
from core.store.tables.windows import RequestWindow
from tests.databases import new_database

SHARED = Rate("lists", burst=3, steady=60)


@pytest.fixture
def stores(postgresql: Any, tmp_path: Path) -> Iterator[list[Store]]:
    """Four of one installation."""
    settings = Settings(home=tmp_path / "data", database_url=new_database(postgresql.get_uri()))
    with ExitStack() as closed:
        opened = [open_store(settings) for _ in range(4)]
        for store in opened:
            closed.callback(store.close)
        yield opened


def test_four_processes_are_never_refused_as_too_fast(stores: list[Store]):
    klaviyo = Limiter(by_the_clock_of(stores[0]))
    refused = []

    def work(store: Store) -> None:
        store.runtime.limits.belongs(f"key {id(store)}", "account")
        for _ in range(2):
            with store.runtime.limits.turn(f"key {id(store)}", SHARED):
                try:
                    klaviyo.admit("account", "lists", S)
                except Refused as error:
                    refused.append(error)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, stores))
    assert refused == []


def test_what_a_key_has_sent_counts_for_its_account(stores: list[Store]):
    one, two = (store.runtime.limits for store in stores[:2])
    for _ in range(SHARED.burst):
        with one.turn("key", SHARED):
            pass
    one.belongs("key", "account")
    assert windows.SharedWindows(stores[1].engine).enter("account", SHARED).delay > 0
    two.hold("account", SHARED, 30)
    assert windows.SharedWindows(stores[0].engine).enter("account", SHARED).delay > 20


def test_a_request_whose_process_died_makes_room_after_a_while(stores: list[Store]):
    rate, shared = Rate("accounts", burst=1, steady=15), windows.SharedWindows(stores[0].engine)
    assert shared.enter("account", rate).delay == 0
    assert shared.enter("account", rate).delay > 0
    long_ago = by_the_clock_of(stores[0])() - 301
    with stores[0].begin() as session:
        session.get_one(RequestWindow, ("account", "accounts")).state = {
            "under_way": {"1f": long_ago}
        }
    assert shared.enter("account", rate).delay == 0


def test_nothing_goes_while_nobody_can_count_it(tmp_path: Path):
    gone = sa.create_engine("postgresql+psycopg://ada@127.0.0.1:1/d")
    with pytest.raises(StorageUnavailable, match=r"127\.0\.0\.1:1"):
        windows.SharedWindows(gone).enter("account", SHARED)


def by_the_clock_of(store: Store) -> Any:
    """Seconds, by the database's clock."""

    def seconds() -> float:
        with store.engine.connect() as connection:
            return float(connection.scalar(windows.NOW))

    return seconds
