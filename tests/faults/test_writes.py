"""Runs that are killed, or find the disk full, at any one of their writes.

Each fault prints what was lost, which must be nothing, and how many batches were sent twice, which
may be the one in flight.
"""

import os
import signal
from pathlib import Path
from random import Random

import pytest

from core.settings import Settings
from core.store import Store
from core.store.tables.runs import RunStatus
from tests.faults.conftest import Shop, opened
from tests.faults.meeting import At, finish, meet_each
from tests.faults.writes import full_at, killed_at, segferry
from tests.runs.conftest import sums_hold

NIGHTLY = bool(os.environ.get("SEGFERRY_NIGHTLY"))
EVERY = 1 if NIGHTLY else 40  # how many writes lie between two faults
KILLS = 50 if NIGHTLY else 3


@pytest.mark.parametrize("fault", [killed_at, full_at])
def test_a_run_with_a_fault_at_any_one_of_its_writes_goes_on_or_is_finished_by_the_next_command(
    settings: Settings, shop: Shop, tmp_path: Path, fault: At
):
    meet_each(fault, settings, shop, tmp_path / "writes", EVERY)


def test_a_run_that_is_killed_over_and_over_comes_to_its_end(
    store: Store, settings: Settings, klaviyo: str, tmp_path: Path
):
    shop = opened(store, klaviyo, tmp_path, KILLS)
    log, writes = tmp_path / "writes", Random(1)
    for kill in range(KILLS):
        first = killed_at(writes.randrange(9, 14), settings, log)
        command = ["resume"] if kill else ["run", "Newsletter"]
        program = segferry(settings, *command, first=first)
        out, err = program.communicate(60)
        assert program.returncode == -signal.SIGKILL, out + err
    finish(settings, ["resume"])
    shop.expect_nothing_lost(f"killed {KILLS} times", most_twice=KILLS)
    run = shop.newest()
    assert run.status == RunStatus.succeeded
    assert sums_hold(run)
