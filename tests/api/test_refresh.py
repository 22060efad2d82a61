"""A token that may start the refresh follows what came of it, and sees nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from core.api.models import Refresh
from core.runs import scheduler
from core.store import Store, exports, requests, tokens
from tests.api.conftest import Ask
from tests.conftest import ADA

Make = Callable[..., str]


def carried(store: Store) -> None:
    """The refresh that is due is carried out, and its exports start."""
    scheduler.refresh(store)
    scheduler.tick(store, datetime.now(UTC))


@pytest.fixture
def following(store: Store) -> Store:
    """“Newsletter” follows the refresh, “Second” doesn't."""
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        exports.reschedule(session, ADA, row, "refresh")
    return store


def test_a_token_follows_the_runs_of_its_refresh(following: Store, ask: Ask, token: Make):
    secret = token("refresh")
    assert ask("GET", "/api/refresh", secret).status_code == 404  # it has started none yet
    requested = ask("POST", "/api/refresh", secret).json()["requested_at"]
    found = ask("GET", "/api/refresh", secret).json()
    assert (found["requested_at"], found["status"]) == (requested, "due")
    assert [(one["export"], one["run_id"]) for one in found["exports"]] == [("Newsletter", None)]
    carried(following)
    found = ask("GET", "/api/refresh", secret).json()
    Refresh.model_validate(found)
    (one,) = found["exports"]
    assert (found["status"], one["status"], one["reason"]) == ("ran", "ran", None)
    run = ask("GET", f"/api/runs/{one['run_id']}", secret)
    assert (run.status_code, run.json()["export"]) == (200, "Newsletter")
    assert ask("GET", f"/api/runs/{one['run_id']}/rejects", secret).status_code == 404
    assert ask("POST", "/api/exports/Newsletter/runs", secret).status_code == 404


def test_what_others_started_stays_unseen(following: Store, ask: Ask, token: Make):
    mine, other = token("refresh"), token("refresh", name="Other")
    ask("POST", "/api/refresh", mine)
    carried(following)
    (one,) = ask("GET", "/api/refresh", mine).json()["exports"]
    with following.begin() as session:
        second = requests.request(session, ADA, exports.find(session, "Second")).id
    assert ask("GET", f"/api/runs/{second}", mine).status_code == 404
    for path in ("/api/refresh", f"/api/runs/{one['run_id']}"):
        assert ask("GET", path, other).status_code == 404
    with following.begin() as session:  # its id may be given again
        tokens.revoke(session, ADA, "Airflow")
    assert ask("GET", f"/api/runs/{one['run_id']}", token("refresh", name="N")).status_code == 404


def test_what_an_export_that_did_not_run_says_of_people_is_masked(
    following: Store, ask: Ask, token: Make
):
    secret = token("refresh")
    ask("POST", "/api/refresh", secret)
    with following.begin() as session:
        exports.detach(session, ADA, exports.find(session, "Newsletter"))
    carried(following)
    (one,) = ask("GET", "/api/refresh", secret).json()["exports"]
    assert (one["status"], one["run_id"]) == ("skipped", None)
    assert "no connection" in one["reason"]
