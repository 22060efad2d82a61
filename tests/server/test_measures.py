"""Measures for Prometheus behind their token, and whether the server lives and is ready."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from subprocess import PIPE, Popen

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.app import application
from core.errors import Invalid
from core.runs.keeping import prune
from core.server import measures
from core.server.measures import FAILURES
from core.server.server import Server
from core.store import Store, slots, tokens
from core.store.locks import ENGINE
from core.store.tables.runs import Run, RunStatus
from core.store.tables.schedules import Outcome
from tests.conftest import ADA
from tests.runs.test_history import run

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def client(store: Store, **given: str) -> TestClient:
    told = replace(store, settings=replace(store.settings, **given))
    return TestClient(Starlette(routes=measures.routes(lambda: told)))


def numbers(text: str) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(store: Store) -> dict[tuple[str, ...], float]:
    return numbers(measures.text(store, NOW).decode())


def test_metrics_need_their_token_and_without_one_do_not_exist(store: Store):
    assert client(store).get("/metrics").status_code == 404
    asked = client(store, metrics_token="s3cret")
    assert asked.get("/metrics").status_code == 401
    wrong = asked.get("/metrics", headers={"Authorization": "Bearer s3cres"})
    assert wrong.status_code == 401
    found = asked.get("/metrics", headers={"Authorization": "Bearer s3cret"})
    assert found.status_code == 200
    assert "segferry_queue_oldest_seconds 0.0" in found.text


def test_a_token_for_measures_reads_them_beside_the_environments_and_nothing_else(store: Store):
    with store.begin() as session:
        made = tokens.add(session, ADA, "Prometheus", [], measures=True)
        other = tokens.add(session, ADA, "Airflow", ["refresh"])

    def status(secret: str, **given: str) -> int:
        headers = {"Authorization": f"Bearer {secret}"}
        return client(store, **given).get("/metrics", headers=headers).status_code

    assert status(made) == 200
    assert status(other) == status("") == status(made[:-1] + "~") == 401
    both = {"metrics_token": "s3cret"}
    assert status(made, **both) == status("s3cret", **both) == 200
    headers = {"Authorization": f"Bearer {made}"}
    api = TestClient(application(lambda: store))
    assert api.get("/runs/1", headers=headers).status_code == 404
    assert api.post("/refresh", headers=headers).status_code == 404
    with store.begin() as session:
        assert tokens.everything(session)[1].used_at
        tokens.revoke(session, ADA, "Prometheus")
    assert status(made, **both) == 401
    assert status(made) == 404


def test_an_address_that_guesses_the_token_waits_and_a_right_one_from_there_does_not(store: Store):
    asked = client(store, metrics_token="s3cret")
    statuses = [
        asked.get("/metrics", headers={"Authorization": f"Bearer {n}"}) for n in range(FAILURES + 2)
    ]
    assert [one.status_code for one in statuses] == [401] * FAILURES + [429] * 2
    assert int(statuses[-1].headers["retry-after"]) > 0
    right = asked.get("/metrics", headers={"Authorization": "Bearer s3cret"})
    assert right.status_code == 200


def test_a_token_for_measures_may_do_nothing_else(store: Store):
    for more in ({"may": ["refresh"]}, {"may": [], "sees_people": True}):
        with pytest.raises(Invalid, match="nothing else"), store.begin() as session:
            tokens.add(session, ADA, "Prometheus", measures=True, **more)


@pytest.fixture
def some(store: Store) -> Callable[..., None]:
    """Keeps such runs."""

    def keep(*found: Run) -> None:
        with store.begin() as session:
            session.add_all(found)

    return keep


def test_runs_are_counted_by_export_and_outcome(store: Store, some: Callable[..., None]):
    some(
        run(members=10, valid=8, accepted=7, refused=1, requests=4, throttled=1),
        run(RunStatus.failed, undelivered=3),
        run(RunStatus.queued, finished_at=None, created_at=NOW - timedelta(minutes=2)),
    )
    found = of(store)
    assert found["segferry_runs_total", "Newsletter", "succeeded"] == 1
    assert found["segferry_runs_total", "Newsletter", "failed"] == 1
    assert found["segferry_runs_total", "Newsletter", "cancelled"] == 0  # it grows from there
    assert found["segferry_queue", "held"] == 0
    assert found["segferry_profiles_total", "Newsletter", "accepted"] == 7
    assert found["segferry_profiles_total", "Newsletter", "rejected"] == 2
    assert found["segferry_profiles_total", "Newsletter", "undelivered"] == 3
    assert found["segferry_run_seconds_total", "Newsletter"] == 20
    assert found["segferry_requests_total", "Newsletter"] == 4
    assert found["segferry_throttled_requests_total", "Newsletter"] == 1
    assert found["segferry_queue", "queued"] == 1
    assert found["segferry_queue_oldest_seconds",] == 120
    stamp = found["segferry_last_success_timestamp_seconds", "Newsletter"]
    assert stamp == (NOW + timedelta(seconds=10)).timestamp()


def test_sums_never_shrink_when_runs_are_removed_and_are_the_same_to_another_process(
    store: Store, some: Callable[..., None]
):
    some(*(run(ago=900 + n, accepted=1) for n in range(30)))
    some(*(run(ago=1, accepted=1) for _n in range(60)))
    key = "segferry_profiles_total", "Newsletter", "accepted"
    assert of(store)[key] == 90
    assert prune.prune(store, NOW)["runs"] == 30
    assert of(store)[key] == 90
    store.runtime.totals = None  # as it is to a process that has just begun
    assert of(store)[key] == 90
    some(run(accepted=5))
    assert of(store)[key] == 95


def test_a_server_is_ready_while_it_leads_and_is_punctual(store: Store):
    asked = client(store)
    assert asked.get("/healthz").text == "ok\n"
    found = asked.get("/readyz")
    assert (found.status_code, found.json()["engine"]) == (503, False)
    store.runtime.leads = True
    assert asked.get("/readyz").status_code == 200
    with store.begin() as session:
        slots.claim(session, "refresh", datetime.now(UTC) - timedelta(minutes=9), Outcome.missed)
    found = asked.get("/readyz")
    assert found.status_code == 503
    assert found.json() == {"database": True, "engine": True, "schedules": False}
    store.runtime.leads = False


def test_a_server_is_ready_while_another_process_carries_the_runs(store: Store):
    """A balancer mustn't take it out, nor while a command of this machine has the engine."""
    store.runtime.led_elsewhere = True
    found = client(store).get("/readyz")
    assert (found.status_code, found.json()["engine"]) == (200, True)
    assert of(store)["segferry_engine_leads",] == 0
    store.runtime.led_elsewhere = False
    assert client(store).get("/readyz").status_code == 503


def test_a_server_knows_that_another_process_has_the_engine(store: Store):
    has = (
        "import fasteners, sys; lock = fasteners.InterProcessLock(sys.argv[1]);"
        "print(lock.acquire(), flush=True); sys.stdin.read()"
    )
    lock = str(store.settings.home / f"{ENGINE}.lock")
    with Popen([sys.executable, "-c", has, lock], stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout.readline() == "True\n"
        with Server(store, lambda _line: None, has_pages=True):
            assert soon(lambda: measures.readiness(lambda: store)["engine"])
            assert not store.runtime.leads
            other.communicate()  # it ends
            assert soon(lambda: store.runtime.leads and not store.runtime.led_elsewhere)


def soon(reached: Callable[[], bool]) -> bool:
    """Whether it is so within a minute."""
    end = time.monotonic() + 60
    while not reached():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
