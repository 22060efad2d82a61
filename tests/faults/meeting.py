"""Runs that meet one fault after the other, each at a write of its own, and are finished after."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

from core.settings import Settings
from core.store.tables.runs import RunStatus
from tests.faults.conftest import Shop
from tests.faults.writes import segferry

At = Callable[[int, Settings, Path], Callable[[], None]]  # those of tests.faults.writes


def meet_each(fault: At, settings: Settings, shop: Shop, log: Path, every: int) -> None:
    """A day's run for each `every`th write, with the fault there, until a run has fewer writes."""
    for number in itertools.count(1, every):
        program = segferry(settings, "run", "Newsletter", first=fault(number, settings, log))
        out, err = program.communicate(120)
        assert "This is a bug" not in err, err
        if program.returncode:
            finish(settings, _completing(shop))
        writes = log.read_text().splitlines()
        if len(writes) < number:
            assert program.returncode == 0, out + err
            break
        shop.expect_nothing_lost(f"{fault.__name__} {number}, {writes[number - 1]}")
        shop.next_day()


def finish(settings: Settings, command: Sequence[str]) -> None:
    """The command, which succeeds."""
    program = segferry(settings, *command)
    out, err = program.communicate(300)
    assert program.returncode == 0, out + err


def _completing(shop: Shop) -> list[str]:
    """The command after one that came to nothing."""
    if not shop.began():
        return ["run", "Newsletter"]
    run = shop.newest()
    return ["retry", str(run.id)] if run.status == RunStatus.failed else ["resume"]
