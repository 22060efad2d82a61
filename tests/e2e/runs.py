"""Runs behind the screen: asked for, followed in the database, and what the local Klaviyo has."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from core.store import Store, exports, requests, runs
from core.store.tables.runs import ENDED, Run
from tests.conftest import ADA
from tests.e2e.content import KEY

PATIENCE = 90.0  # seconds
IMPORT = "POST /api/profile-bulk-import-jobs"
HEADERS = {"Authorization": f"Klaviyo-API-Key {KEY}", "revision": "2026-10-15"}


def asked(store: Store, export: str, **options: Any) -> Run:
    """A run, asked for as another program would."""
    with store.begin() as session:
        return requests.request(session, ADA, exports.find(session, export), **options)


def of(store: Store, export: str) -> list[Run]:
    """All runs of the export, newest first."""
    with store.begin() as session:
        row = exports.find(session, export)
        return runs.everything(session, export_id=row.id, limit=None)


def until(store: Store, run_id: int | None, reached: Callable[[Run], bool]) -> Run:
    """The run once it is so."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with store.begin() as session:
            run = runs.find(session, run_id or 0)
        if reached(run):
            return run
        time.sleep(0.02)
    pytest.fail(f"run {run_id} stays {run.status}, {run.stage}: {run.error}")


def ended(store: Store, run_id: int | None) -> Run:
    """The run at its end."""
    return until(store, run_id, lambda run: run.status in ENDED)


def accounted_for(run: Run) -> bool:
    """Whether every member was sent or rejected, and all that was sent has an outcome."""
    outcomes = run.accepted + run.refused + run.undelivered
    return run.members == run.sent + sum(run.rejected.values()) and run.sent == outcomes


def fault(klaviyo: str, **order: Any) -> None:
    """Switches a fault of the sandbox on, for imports."""
    order = {"endpoint": IMPORT, "times": None, **order}
    httpx.post(f"{klaviyo}/sandbox/faults", json=order).raise_for_status()


def no_faults(klaviyo: str) -> None:
    """Switches all faults off."""
    httpx.delete(f"{klaviyo}/sandbox/faults").raise_for_status()


def new_list(klaviyo: str, name: str) -> str:
    """The id of a new list."""
    answer = httpx.post(f"{klaviyo}/sandbox/lists", json={"name": name}).raise_for_status()
    return str(answer.json()["id"])


def jobs(klaviyo: str) -> int:
    """Import jobs that were ever made."""
    found = httpx.get(f"{klaviyo}/sandbox/state").raise_for_status().json()["jobs"]
    return sum(found.values())


def profiles(klaviyo: str, list_id: str) -> dict[str, dict[str, Any]]:
    """The first hundred profiles on a list: their attributes by email."""
    address = f"{klaviyo}/api/lists/{list_id}/profiles?page[size]=100"
    found = httpx.get(address, headers=HEADERS).raise_for_status().json()["data"]
    return {profile["attributes"]["email"]: profile["attributes"] for profile in found}
