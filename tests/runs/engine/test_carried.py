"""Which process has a run, where several over one PostgreSQL carry them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.runs.engine.carried import Carried, LeftPending
from core.settings import Settings
from core.store import Store, open_store
from core.store.locks import keeping
from tests.databases import end_other_sessions, new_database


@pytest.fixture
def settings(postgresql: Any, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "data", database_url=new_database(postgresql.get_uri()))


@pytest.fixture
def stores(settings: Settings) -> Iterator[list[Store]]:
    opened = [open_store(settings) for _each in range(2)]
    yield opened
    for store in opened:
        store.close()


def test_a_run_is_carried_by_one_process_and_left_by_whoever_lost_it(stores: list[Store]):
    one, two = stores
    with keeping(one, is_shared=True) as mine, keeping(two, is_shared=True) as theirs:
        assert mine()
        assert theirs()
        here, there = Carried(mine), Carried(theirs)
        with here.carrying("run-7-1", 7):
            assert here.ids() == {"run-7-1"}
            assert there.elsewhere() == {7}
            with pytest.raises(LeftPending), there.carrying("run-7-1", 7):
                pytest.fail("carried twice")
            here.leave_if_overtaken()
            end_other_sessions(two)
            assert theirs()
            with there.carrying("run-7-1", 7), pytest.raises(LeftPending):
                here.leave_if_overtaken()
        assert here.ids() == set()


def test_nobody_begins_to_carry_a_run_before_a_broken_session_is_replaced(stores: list[Store]):
    one, two = stores
    with keeping(one, is_shared=True) as mine:
        assert mine()
        end_other_sessions(two)
        with Carried(mine).alone_with(7) as alone:
            assert not alone
        assert mine()  # it is back
        with Carried(mine).alone_with(7) as alone:
            assert alone
