"""Fixtures for runs: an engine in this process, and a way to follow a run to its end."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from dbos import DBOS

from core.destinations.read_back import Arrived
from core.runs.engine.durable import UNDER_WAY
from core.runs.engine.host import Host
from core.runs.engine.workflow import workflow_id
from core.store import Store, exports, requests, runs
from core.store.locks import holding
from core.store.tables.runs import ENDED, Run, RunStatus
from tests.conftest import ADA, applied, written

RESTING = ENDED | {RunStatus.held}
PATIENCE = 60.0  # seconds
POLL_EVERY = 0.02  # seconds, of the engine


@pytest.fixture
def engine(store: Store) -> Iterator[Host]:
    with holding(store), Host(store, POLL_EVERY) as host:  # as `serve` does: no command takes it
        yield host


def asked(store: Store, name: str = "Newsletter", **options: Any) -> Run:
    """A run asked for."""
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, name), **options)
    return run


def until(store: Store, run: Run, reached: Callable[[Run], bool]) -> Run:
    """The run once it is so; fails after a minute."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with store.begin() as session:
            found = runs.find(session, run.id)
        if reached(found):
            return found
        time.sleep(0.05)
    pytest.fail(f"run {run.id} stays {found.status}, {found.stage}: {found.error}")


def ended(store: Store, run: Run) -> Run:
    """The run at its end, or held for a person."""
    return until(store, run, lambda found: found.status in RESTING)


def done(store: Store, run: Run) -> Run:
    """The run once the engine has nothing more to do for it: its list was read back."""
    run = ended(store, run)
    until(store, run, lambda _found: _is_done(run))
    return ended(store, run)


def _is_done(run: Run) -> bool:
    found = DBOS.get_workflow_status(workflow_id(run))
    return found is None or found.status not in UNDER_WAY


def arrived(run: Run) -> Arrived:
    """Who of the run's people was found on the list after its end."""
    assert run.read_back
    assert run.read_back.arrived
    return run.read_back.arrived


def ran(store: Store, name: str = "Newsletter", **options: Any) -> Run:
    """A run from its request to the last thing that the engine does for it."""
    return done(store, asked(store, name, **options))


def bring(store: Store, klaviyo: str, folder: Path, frame: pl.DataFrame, more: str = "") -> None:
    """An export of these people, the file replaced; `more` lines belong to it."""
    frame.write_parquet(folder / "many.parquet")
    applied(store, written(folder, folder / "many.parquet", klaviyo, more))


def sums_hold(run: Run) -> bool:
    """The promises of the command line about an ended run's numbers."""
    parts = run.accepted + run.refused + run.undelivered
    return run.sent == parts and run.members == run.sent + run.unchanged + sum(
        run.rejected.values()
    )


def members(url: str, list_id: str = "Y6nRLr") -> set[str]:
    """Emails on the list, all pages of them."""
    found: set[str] = set()
    address: str | None = f"{url}/api/lists/{list_id}/profiles?page[size]=100"
    with httpx.Client(headers=HEADERS) as client:
        while address:
            page = client.get(address).raise_for_status().json()
            found |= {profile["attributes"]["email"] for profile in page["data"]}
            address = page["links"].get("next")
    return found


def somebody_imports(url: str, n: int) -> None:
    """Another program imports as many profiles to the same list."""
    profiles = [
        {"type": "profile", "attributes": {"email": f"other{i}@example.com"}} for i in range(n)
    ]
    body = {
        "data": {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": profiles}},
            "relationships": {"lists": {"data": [{"type": "list", "id": "Y6nRLr"}]}},
        }
    }
    address = f"{url}/api/profile-bulk-import-jobs"
    httpx.post(address, json=body, headers=WRITING).raise_for_status()


def somebody_takes_off(url: str, *emails: str) -> None:
    """Another program takes people off the list."""
    wanted = ",".join(f'"{email}"' for email in emails)
    asked_for = {"filter": f"any(email,[{wanted}])"}
    found = httpx.get(f"{url}/api/profiles", params=asked_for, headers=HEADERS).json()["data"]
    assert len(found) == len(emails)
    body = {"data": [{"type": "profile", "id": profile["id"]} for profile in found]}
    address = f"{url}/api/lists/Y6nRLr/relationships/profiles"
    httpx.request("DELETE", address, json=body, headers=WRITING).raise_for_status()


HEADERS = {"Authorization": "Klaviyo-API-Key pk_0123456789abcdef", "revision": "2026-10-15"}
WRITING = HEADERS | {"Content-Type": "application/vnd.api+json"}

__all__ = ["RunStatus", "asked", "ended", "members", "ran", "sums_hold", "until"]
