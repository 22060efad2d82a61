"""A stop takes effect at once, whatever the destination does meanwhile; nothing is lost by it."""

import time
from pathlib import Path

import httpx
import pytest

from core.settings import Settings
from core.store import Store, requests
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, people
from tests.runs.conftest import asked, bring, ended, ran, sums_hold, until

IMPORT = "POST /api/profile-bulk-import-jobs"


@pytest.fixture
def request_timeout() -> float:
    """Seconds that one request may take."""
    return 60.0


@pytest.fixture
def settings(tmp_path: Path, request_timeout: float) -> Settings:
    return Settings(home=tmp_path / "data", request_timeout=request_timeout)


def fault(url: str, kind: str, **options: object) -> None:
    httpx.post(f"{url}/sandbox/faults", json={"kind": kind, **options}).raise_for_status()


def stop(store: Store, run: Run) -> None:
    with store.begin() as session:
        requests.ask_stop(session, ADA, run)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("kind", ["trickle", "hang"])
def test_a_stop_acts_at_once_while_a_request_is_under_way(
    store: Store, klaviyo: str, tmp_path: Path, kind: str
):
    fault(klaviyo, kind, endpoint=IMPORT, seconds=0.5 if kind == "trickle" else 60, times=None)
    bring(store, klaviyo, tmp_path, people(3))
    run = until(store, asked(store), lambda found: found.stage == "sending")
    began = time.monotonic()
    stop(store, run)
    run = ended(store, run)
    assert time.monotonic() - began < 3.0  # a second, on a machine that does nothing besides
    assert run.status == RunStatus.cancelled
    assert sums_hold(run)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("request_timeout", [0.5])
def test_a_trickle_of_bytes_ends_at_the_deadline_and_its_job_is_found(
    store: Store, klaviyo: str, tmp_path: Path
):
    fault(klaviyo, "trickle", endpoint=IMPORT, seconds=0.2)
    bring(store, klaviyo, tmp_path, people(3))
    began = time.monotonic()
    run = ran(store)
    assert (run.status, run.accepted) == (RunStatus.succeeded, 3)
    assert time.monotonic() - began < 20
    made = httpx.get(f"{klaviyo}/sandbox/state").json()["jobs"]
    assert sum(made.values()) == 1  # not sent twice
