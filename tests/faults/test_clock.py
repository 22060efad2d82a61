"""A clock that is set back and forward while runs go on; prints what was lost and sent twice."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.settings import Settings
from core.store import Store, open_store
from core.store.database import now
from core.store.tables.runs import RunStatus
from tests.conftest import fast_limits
from tests.faults.conftest import opened
from tests.runs.carried import ran
from tests.runs.conftest import sums_hold


def swinging(by: timedelta) -> Callable[[], datetime]:
    """A clock that is set so much forward, then as much back, each time somebody looks at it."""
    offsets = itertools.cycle([by, timedelta(), -by, timedelta()])
    return lambda: now() + next(offsets)


@pytest.fixture
def swung(settings: Settings, used: None) -> Iterator[Store]:
    """A store with such a clock."""
    store = open_store(settings, swinging(timedelta(days=400)))
    store.runtime.limits = fast_limits()
    yield store
    store.close()


def test_runs_under_a_clock_that_swings_lose_nothing_and_send_nothing_twice(
    swung: Store, klaviyo: str, tmp_path: Path
):
    shop = opened(swung, klaviyo, tmp_path, 2)
    for day in range(2):
        run = ran(swung)
        shop.expect_nothing_lost(f"clock set back and forward, day {day}", most_twice=0)
        assert run.status == RunStatus.succeeded
        assert sums_hold(run)
        shop.next_day()
