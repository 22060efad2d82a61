"""Schedules take their course beside the pages, in one process of an installation."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.runs import scheduler
from core.runs.engine.timer import keep
from core.store import Store, exports, runs, slots
from core.store.locks import SCHEDULES, holding
from core.store.tables.schedules import Outcome, Slot
from tests.conftest import ADA, applied
from tests.runs.conftest import PATIENCE, ended


@contextmanager
def kept(store: Store) -> Iterator[None]:
    """Schedules are followed for the length of a block."""
    ending = threading.Event()
    thread = threading.Thread(target=keep, args=(store, ending))
    thread.start()
    yield
    ending.set()
    thread.join()


def settled(store: Store) -> list[Slot]:
    """All slots, once none is due."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with store.begin() as session:
            if not slots.due(session):
                return slots.everything(session)
        time.sleep(0.02)
    pytest.fail("a slot stays due")


def ask(store: Store, configuration: Path) -> None:
    """A refresh now, which “Newsletter” follows."""
    applied(store, configuration)
    with store.begin() as session:
        exports.reschedule(session, ADA, exports.find(session, "Newsletter"), "refresh")
    with store.begin() as session:
        scheduler.refresh_now(session, ADA, datetime.now(UTC))


@pytest.mark.usefixtures("engine")
def test_a_refresh_that_was_asked_for_is_carried_out_and_its_exports_run(
    store: Store, configuration: Path
):
    with kept(store):
        ask(store, configuration)
        found = settled(store)
        with store.begin() as session:
            (run,) = runs.everything(session)
        assert ended(store, run).accepted == 8
    assert [(s.schedule, s.outcome) for s in found] == [("refresh", "ran"), ("export 1", "ran")]


def test_one_that_waits_goes_on_once_the_other_is_gone(store: Store, configuration: Path):
    with holding(store, SCHEDULES), kept(store):
        ask(store, configuration)
        with store.begin() as session:
            assert {slot.outcome for slot in slots.due(session)} == {Outcome.due}
    with kept(store):
        assert {slot.outcome for slot in settled(store)} == {Outcome.ran}
