"""The host of runs: what comes after a run's end, and what it does while nobody asks for a run."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

from core.runs.engine.durable import FORMER_QUEUE, LOOKED_FOR_EVERY
from core.runs.engine.host import Host
from core.runs.engine.worker import Worker
from core.runs.engine.workflow import VERSION, Carried, register, workflow_id
from core.store import Store, runs
from core.store.tables.runs import Run, RunStatus
from tests.conftest import applied, people, written
from tests.runs.conftest import PATIENCE, POLL_EVERY, arrived, asked, done, ended, until


@pytest.fixture
def eight(store: Store, klaviyo: str, tmp_path: Path) -> None:
    people(8).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))


def slow_to_count(url: str, seconds: float) -> None:
    """The list's facts come only after so many seconds, as often as they are asked for."""
    fault = {"kind": "slow", "endpoint": "GET /api/lists/{id}", "seconds": seconds}
    httpx.post(f"{url}/sandbox/faults", json=fault | {"times": None}).raise_for_status()


@pytest.mark.usefixtures("eight")
def test_a_run_has_ended_before_its_list_is_counted(store: Store, klaviyo: str):
    slow_to_count(klaviyo, 1.0)
    with Host(store, POLL_EVERY):
        run = ended(store, asked(store))
        assert run.status == RunStatus.succeeded
        assert (arrived(run).on_list, arrived(run).after) == (8, None)
        assert arrived(done(store, run)).after == 8


@pytest.mark.usefixtures("eight")
def test_a_list_that_a_crash_left_unread_is_read_by_the_next_host(store: Store, klaviyo: str):
    slow_to_count(klaviyo, 2.0)
    with Host(store, POLL_EVERY, leave_within=1.0):
        run = ended(store, asked(store))
    with store.begin() as session:
        left = runs.find(session, run.id)
    assert arrived(left).after is None
    httpx.delete(f"{klaviyo}/sandbox/faults")
    with Host(store, POLL_EVERY):
        found = until(store, run, lambda now: arrived(now).after is not None)
    assert (arrived(found).on_list, arrived(found).after) == (8, 8)
    assert (found.status, found.finished_at) == (run.status, run.finished_at)


@pytest.mark.usefixtures("eight")
def test_the_next_run_may_begin_while_the_list_is_read_back(store: Store, klaviyo: str):
    slow_to_count(klaviyo, 1.0)
    with Host(store, POLL_EVERY):
        run = ended(store, asked(store))
        again = ended(store, asked(store))
    assert (run.accepted, again.unchanged) == (8, 8)


@pytest.mark.usefixtures("eight")
def test_an_engine_without_work_rests_and_a_run_wakes_it(store: Store):
    with Host(store, POLL_EVERY, rest_after=0.0) as host:
        end = time.monotonic() + PATIENCE
        while host.is_awake:
            assert time.monotonic() < end
            time.sleep(0.02)
        assert ended(store, asked(store)).accepted == 8


@contextmanager
def asked_by_host() -> Iterator[list[str]]:
    """The statements about workflows that a host's own thread makes meanwhile."""
    made: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if threading.current_thread().name == "runs" and "workflow_status" in statement:
            made.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("eight")
def test_a_run_that_this_process_carries_is_not_looked_up_at_each_write(store: Store):
    with Host(store, POLL_EVERY), asked_by_host() as made:
        began = time.monotonic()
        done(store, asked(store))
        looks = (time.monotonic() - began) / LOOKED_FOR_EVERY
    assert len(made) < 8 + 2 * looks


@pytest.mark.usefixtures("eight")
def test_a_run_that_a_former_version_had_queued_is_taken_up(store: Store):
    run = asked(store)
    queue_as_before(store, run)
    with Host(store, POLL_EVERY):
        assert ended(store, run).status == RunStatus.succeeded


def queue_as_before(store: Store, run: Run) -> None:
    """Puts the run in the queue that the engine had before runs were started directly."""
    DBOS(
        config={
            "name": "segferry",
            "system_database_url": store.settings.engine_url,
            "application_version": VERSION,
            "executor_id": "local",
            "log_level": "CRITICAL",
        }
    )
    workflow = register(Worker(store), Carried(lambda: True))
    DBOS.launch()
    DBOS.register_queue(FORMER_QUEUE, partition_concurrency=1, polling_interval_sec=PATIENCE)
    with SetWorkflowID(workflow_id(run)), SetEnqueueOptions(queue_partition_key=run.account):
        DBOS.enqueue_workflow(FORMER_QUEUE, workflow, run.id)
    DBOS.destroy(destroy_registry=True)
