"""What was taken away or changed under an export: a sentence says it, the ledger stays as it is."""

from collections.abc import Callable
from pathlib import Path

import httpx
import polars as pl
import pytest

from core.errors import Conflict
from core.runs import holds, removal
from core.runs.steps.ledger import path
from core.store import Store, connections, exports, requests, runs
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people, written
from tests.runs.carried import ran

Frame = pl.DataFrame
CHANGE = "Fix the source, or change the export and its segments."


@pytest.fixture
def ledger(store: Store, klaviyo: str, tmp_path: Path) -> Path:
    """The ledger of a mirrored list to which fifty people were sent."""
    people(50).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, "    mode: mirror"))
    return path(store.settings, ran(store))


def told(store: Store, ledger: Path, status: RunStatus) -> str:
    """What a run says that ends so, sends nothing and leaves the ledger alone, byte for byte."""
    before = ledger.read_bytes()
    run = ran(store)
    assert (run.status, run.accepted, run.removed) == (status, 0, 0)
    assert ledger.read_bytes() == before
    return holds.hold_reason(run) or run.error or ""


@pytest.mark.parametrize("endpoint", ["GET /api/lists/{id}", "POST /api/profile-bulk-import-jobs"])
def test_a_list_that_was_deleted_before_the_run_or_while_it_sends(
    store: Store, klaviyo: str, tmp_path: Path, ledger: Path, endpoint: str
):
    people(48).with_columns(first_name=pl.lit("New")).write_parquet(tmp_path / "many.parquet")
    fault = {"kind": "status", "status": 404, "endpoint": endpoint, "times": None}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    said = told(store, ledger, RunStatus.failed)
    assert "There is no list “Y6nRLr” in the Klaviyo account “Baltic Outfitters”." in said
    assert "Choose another list in the export, or check whether it was deleted" in said


CHANGES: list[tuple[Callable[[Frame], Frame], str]] = [
    (lambda f: f.drop("country"), "Everybody: There is no field “country”."),
    (lambda f: f.drop("first_name"), "There is no column “first_name”."),
    (lambda f: f.drop("email"), "There is no column “email”."),
    (
        lambda f: f.with_columns(country=pl.lit([1.5])),
        "Everybody: The field “country” has lists, so “is” can't compare it.",
    ),
    (
        lambda f: f.with_columns(email=pl.lit(7)),
        "“email” needs text, but the column “email” has numbers.",
    ),
    (
        lambda f: f.with_columns(first_name=pl.lit([1.5])),
        "“first_name” needs text or numbers, but the column “first_name” has lists.",
    ),
]


@pytest.mark.parametrize(("change", "why"), CHANGES)
def test_a_column_that_vanished_or_changed_its_type(
    store: Store, tmp_path: Path, ledger: Path, change: Callable[[Frame], Frame], why: str
):
    change(people(50)).write_parquet(tmp_path / "many.parquet")
    said = told(store, ledger, RunStatus.failed)
    begins = "The source “Profiles” no longer fits the export “Newsletter”. "
    assert said.startswith(begins + why)
    assert said.endswith(CHANGE)


def test_a_number_that_became_a_text_is_sent_as_one_once_a_person_confirms(
    store: Store, tmp_path: Path, ledger: Path
):
    people(50).with_columns(pl.col("spent").cast(pl.String)).write_parquet(
        tmp_path / "many.parquet"
    )
    held = ran(store)
    assert (held.status, held.updated) == (RunStatus.held, 50)
    run = ran(store, confirmed=held.asking)
    assert (run.id, run.status, run.updated) == (held.id, RunStatus.succeeded, 50)


def test_a_connection_that_was_detached(store: Store, ledger: Path):
    before = ledger.read_bytes()
    with store.begin() as session:
        exports.detach(session, ADA, exports.find(session, "Newsletter"))
    with store.begin() as session, pytest.raises(Conflict) as refused:
        requests.request(session, ADA, exports.find(session, "Newsletter"))
    assert f"{refused.value}" == (
        "The export “Newsletter” has no connection. Choose one, then run it."
    )
    assert ledger.read_bytes() == before


def test_a_connection_that_is_removed_while_its_run_is_held(
    store: Store, tmp_path: Path, ledger: Path
):
    people(20).write_parquet(tmp_path / "many.parquet")
    assert "would take 30 people off the list" in told(store, ledger, RunStatus.held)
    before = ledger.read_bytes()
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        export = exports.find(session, "Newsletter")
    removal.ask(store, ADA, row.id, {export.id: "detach"})
    removal.finish_all(store)
    with store.begin() as session:
        (run, *_earlier) = runs.everything(session)
        assert connections.everything(session) == []
    assert (run.status, run.sent, run.removed) == (RunStatus.cancelled, 0, 0)
    assert ledger.read_bytes() == before


def test_a_segment_that_is_empty_now(store: Store, tmp_path: Path, ledger: Path):
    people(50).with_columns(country=pl.lit("XX")).write_parquet(tmp_path / "many.parquet")
    said = told(store, ledger, RunStatus.held)
    assert "The segments have 0 people now; the last run found 50." in said
    assert "then run it anyway or discard it. Confirm 50 to run it anyway." in said
