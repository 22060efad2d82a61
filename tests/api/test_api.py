"""The API: what a token may start and read, what it may not, and how it is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import polars as pl
import pytest

from core.access import Person, Role
from core.api import app
from core.api.app import Limits
from core.api.limits import Turns
from core.api.models import Preview
from core.api.models import Run as RunModel
from core.api.problems import MEDIA, Problem
from core.errors import Invalid
from core.runs import rejects
from core.runs.details import details
from core.server.callers import MOST_KEYS, Rate
from core.store import Store, audit, exports, idempotency, progress, requests, runs, slots
from core.store.audit import Deed
from core.store.tables.runs import Run, RunStatus
from core.store.tables.tokens import ApiRequest
from tests.api.conftest import Ask, asking, in_place
from tests.conftest import ADA
from tests.in_process import InProcess

Make = Callable[..., str]
REFUSED = {"row": [2], "email": ["juris@example.lv"], "reason": ["refused"]}
NEWSLETTER = "/api/exports/Newsletter/runs"


def run_of(store: Store, id: int) -> Run:
    with store.begin() as session:
        return runs.find(session, id)


def ended(store: Store, error: str = "") -> int:
    """A run of the newsletter that failed."""
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        session.flush()
        progress.step(session, run.id, RunStatus.running)
        progress.step(session, run.id, RunStatus.failed, error=error)
        return run.id


def test_a_token_starts_a_run_of_its_export(store: Store, ask: Ask, token: Make):
    answer = ask("POST", NEWSLETTER, token("Newsletter"))
    assert answer.status_code == 202
    run = answer.json()
    assert (run["export"], run["status"]) == ("Newsletter", "queued")
    assert (run["trigger"], run["by"]) == ("api", "Airflow")
    assert answer.headers["location"] == f"/api/runs/{run['run_id']}"
    with store.begin() as session:
        row = audit.entries(session, ADA, deed=Deed.asked)[0]
    assert (row.by, row.role, row.origin, row.what) == (
        "Airflow",
        "token",
        "127.0.0.1",
        "Newsletter",
    )


def test_a_run_is_shown_as_the_command_line_shows_it(store: Store, ask: Ask, token: Make):
    secret = token("Newsletter", sees_people=True)
    id = ask("POST", NEWSLETTER, secret).json()["run_id"]
    answer = ask("GET", f"/api/runs/{id}", secret)
    assert answer.json() == details(store, ADA, run_of(store, id))
    RunModel.model_validate(answer.json())
    assert set(RunModel.model_fields) <= set(answer.json())


def test_what_an_error_quotes_of_people_is_masked(store: Store, ask: Ask, token: Make):
    id = ended(store, "Klaviyo answered: ilze@example.lv is suppressed")
    masked = ask("GET", f"/api/runs/{id}", token("Newsletter")).text
    whole = ask("GET", f"/api/runs/{id}", token("Newsletter", name="W", sees_people=True)).text
    assert "ilze@example.lv" not in masked
    assert "i•••@example.lv" in masked
    assert "ilze@example.lv" in whole


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/exports/Second/runs"),
        ("POST", "/api/exports/Nowhere/runs"),
        ("POST", "/api/refresh"),
        ("GET", "/api/exports/Second/preview"),
        ("GET", "/api/exports/Nowhere/preview"),
        ("GET", "/api/runs/1"),
        ("GET", "/api/runs/1/rejects"),
        ("GET", "/api/runs/99"),
        ("GET", "/api/runs/x"),
    ],
)
def test_what_is_not_the_tokens_is_as_if_it_were_not_there(
    store: Store, ask: Ask, token: Make, method: str, path: str
):
    with store.begin() as session:  # run 1
        requests.request(session, ADA, exports.find(session, "Second"))
    answer = ask(method, path, token("Newsletter"))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == MEDIA
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here for this token.",
    }
    with store.begin() as session:
        assert [run.export for run in runs.everything(session)] == ["Second"]
        assert slots.due(session) == []
        row = audit.entries(session, ADA, deed=Deed.refused)[0]
    assert (row.by, row.role, row.what) == ("Airflow", "token", f"{method} {path}")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer segferry_" + "x" * 43},
        {"Authorization": "Basic QTpC"},
        {"Cookie": "segferry_session=x"},
    ],
)
def test_without_a_token_nothing_is_told(store: Store, ask: Ask, headers: dict[str, str]):
    for path in ("/api/exports/Newsletter/preview", "/api/exports/Nowhere/preview", "/api/runs/1"):
        answer = ask("GET", path, **headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "Authorization: Bearer" in answer.json()["detail"]


def test_a_token_in_an_address_is_refused(ask: Ask, token: Make):
    secret = token("Newsletter")
    assert ask("POST", f"{NEWSLETTER}?token={secret}").status_code == 401
    answer = ask("POST", f"{NEWSLETTER}?access_token={secret}", secret)
    assert answer.status_code == 422
    assert "never in an address" in answer.json()["detail"]
    assert secret not in answer.text


def test_a_revoked_token_is_out_at_its_next_request(store: Store, ask: Ask, token: Make):
    from core.store import tokens

    secret = token("Newsletter")
    assert ask("POST", NEWSLETTER, secret).status_code == 202
    with store.begin() as session:
        tokens.revoke(session, ADA, "Airflow")
    assert ask("POST", NEWSLETTER, secret).status_code == 401


def test_the_same_key_gives_the_same_run_for_a_day(store: Store, ask: Ask, token: Make):
    secret = token("Newsletter", "Second")
    keyed = partial(ask, token=secret, Idempotency_Key="job-1")
    first = keyed("POST", NEWSLETTER).json()["run_id"]
    with store.begin() as session:  # it is over, so that a new request would make a new run
        requests.ask_stop(session, ADA, runs.find(session, first))
    assert keyed("POST", NEWSLETTER).json()["run_id"] == first
    other = keyed("POST", "/api/exports/Second/runs")
    assert other.status_code == 422
    assert "another request" in other.json()["detail"]
    with store.begin() as session:
        row = session.get_one(ApiRequest, (1, "job-1"))
        row.at -= idempotency.REMEMBERED
        session.add(row)
    assert keyed("POST", NEWSLETTER).json()["run_id"] != first


def test_two_keys_are_no_key(served, token: Make):
    secret = token("Newsletter")
    headers = [("Authorization", f"Bearer {secret}"), *(("Idempotency-Key", n) for n in "ab")]
    refused = InProcess(served).request("POST", NEWSLETTER, headers=headers)
    assert refused.status_code == 422
    assert "Idempotency-Key" in refused.json()["detail"]


def test_of_requests_at_once_with_one_key_only_one_makes_a_run(store: Store, ask: Ask, token: Make):
    """Each time the run before is over, so that a second one would be made."""
    keyed = partial(ask, "POST", token=token("Newsletter"), Idempotency_Key="job-1")

    def start(_n: int) -> tuple[int, int]:
        answer = keyed(NEWSLETTER)
        with store.begin() as session, suppress(Invalid):
            requests.ask_stop(session, ADA, runs.find(session, answer.json()["run_id"]))
        return answer.status_code, answer.json()["run_id"]

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(start, range(8))) == {(202, 1)}


def test_a_key_is_free_again_when_nothing_came_of_it(store: Store, ask: Ask, token: Make):
    keyed = partial(ask, token=token("Newsletter"), Idempotency_Key="job-1")
    with store.begin() as session:
        exports.detach(session, ADA, exports.find(session, "Newsletter"))
    refused = keyed("POST", NEWSLETTER)
    assert refused.status_code == 409
    assert "no connection" in refused.json()["detail"]
    with store.begin() as session:
        assert session.get(ApiRequest, (1, "job-1")) is None


def test_a_held_run_stays_held_whatever_a_token_sends(store: Store, ask: Ask, token: Make):
    secret = token("Newsletter")
    id = ask("POST", NEWSLETTER, secret).json()["run_id"]
    with store.begin() as session:
        progress.step(session, id, RunStatus.running)
        progress.hold(session, id, "It would take 50 people off the list.", 50)
    again = ask("POST", NEWSLETTER, secret)
    assert again.status_code == 202
    assert (again.json()["run_id"], again.json()["status"]) == (id, "held")
    assert "50 people" in again.json()["hold"]


def test_the_refresh_is_requested_once(store: Store, ask: Ask, token: Make):
    secret = token("refresh")
    assert ask("POST", NEWSLETTER, secret).status_code == 404
    first = ask("POST", "/api/refresh", secret, Idempotency_Key="a")
    assert (first.status_code, first.json()["status"]) == (202, "requested")
    assert ask("POST", "/api/refresh", secret, Idempotency_Key="a").json() == first.json()
    again = ask("POST", "/api/refresh", secret)
    assert again.status_code == 409
    assert "already running" in again.json()["detail"]


def test_a_preview_has_values_of_people_only_for_a_token_that_sees_them(ask: Ask, token: Make):
    path = "/api/exports/Newsletter/preview"
    masked = ask("GET", path, token("Newsletter")).json()
    whole = ask("GET", path, token("Newsletter", name="W", sees_people=True)).json()
    assert (masked["members"], masked["valid"], masked["rejected"]) == (3, 2, {"invalid_email": 1})
    assert masked["sample"] != whole["sample"]
    assert "ilze@example.lv" not in str(masked)
    assert "ilze@example.lv" in str(whole)
    Preview.model_validate(masked)


def test_rejects_come_in_pages(store: Store, ask: Ask, token: Make):
    id = ended(store)
    frame = pl.DataFrame(
        {**REFUSED, "detail": ["juris@example.lv is taken"]}, schema=rejects.SCHEMA
    )
    rejects.keep_refused(store.settings, run_of(store, id), 1, "later", frame)
    path = f"/api/runs/{id}/rejects"
    secret = token("Newsletter")
    page = ask("GET", path, secret).json()
    assert (page["total"], page["offset"]) == (1, 0)
    assert page["rejects"] == [
        {
            "row": 2,
            "email": "j•••@example.lv",
            "reason": "refused",
            "detail": "j•••@example.lv is taken",
        }
    ]
    assert ask("GET", f"{path}?offset=1&limit=5", secret).json()["rejects"] == []
    whole = ask("GET", path, token("Newsletter", name="W", sees_people=True)).json()
    assert whole["rejects"][0]["email"] == "juris@example.lv"
    with store.begin() as session:
        row = audit.entries(session, ADA, deed=Deed.downloaded)[0]
    assert (row.by, row.kind, row.what) == ("W", "rejects", f"Newsletter, run {id}")


def test_whoever_takes_home_too_many_rejects_waits(store: Store, ask: Ask, token: Make):
    path = f"/api/runs/{ended(store)}/rejects"
    secret = token("Newsletter", sees_people=True)
    assert ask("GET", path, secret).status_code == 200
    with store.begin() as session:
        token = Person("Airflow", Role.contributor, None, "127.0.0.1")
        for _n in range(audit.MOST - 1):
            audit.record(session, token, Deed.downloaded, "rejects", "")
    refused = ask("GET", path, secret)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")


@pytest.mark.parametrize("query", ["limit=0", "limit=ten", "limit=10001", "offset=-1", "page=2"])
def test_a_wrong_parameter_is_told_in_a_sentence(store: Store, ask: Ask, token: Make, query: str):
    id = ended(store)
    answer = ask("GET", f"/api/runs/{id}/rejects?{query}", token("Newsletter"))
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")


def test_bodies_are_empty_and_bounded(served, token: Make):
    headers = {"Authorization": f"Bearer {token('Newsletter')}"}
    send = partial(InProcess(served).request, "POST", NEWSLETTER, headers=headers)
    assert send(content=b"{}").status_code == 202
    assert send(content=b'{"confirm": 5}').status_code == 422
    assert send(content=b"x" * 2_000).status_code == 413


def test_a_token_that_asks_too_often_waits(store: Store, token: Make, clock: list[float]):
    ask = asking(in_place(store, clock, Limits(a_minute=3)))
    secret, other = token("Newsletter"), token("Newsletter", name="Other")
    statuses = [ask("GET", "/api/runs/1", secret).status_code for _n in range(4)]
    assert statuses == [404, 404, 404, 429]
    refused = ask("GET", "/api/runs/1", secret)
    assert "3 a minute are allowed" in refused.json()["detail"]
    assert ask("GET", "/api/runs/1", other).status_code == 404
    clock[0] += int(refused.headers["retry-after"])
    assert ask("GET", "/api/runs/1", secret).status_code == 404


def test_an_address_that_guesses_waits_and_a_right_token_from_there_does_not(
    store: Store, token: Make, clock: list[float]
):
    ask = asking(in_place(store, clock, Limits(failures=3)))
    secret = token("Newsletter")
    statuses = [ask("GET", "/api/runs/1", "wrong").status_code for _n in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert ask("POST", NEWSLETTER, secret).status_code == 202
    with store.begin() as session:
        refused = audit.entries(session, ADA, deed=Deed.refused)
    assert [(row.by, row.origin) for row in refused] == [(app.UNKNOWN, "127.0.0.1")] * 3
    clock[0] += 60
    assert ask("GET", "/api/runs/1", "wrong").status_code == 401


def test_no_answer_is_kept_or_shared_with_other_sites(ask: Ask, token: Make):
    for answer in (
        ask("GET", "/api/openapi.json", Origin="https://evil.example"),
        ask("POST", NEWSLETTER, token("Newsletter"), Origin="https://evil.example"),
        ask("GET", "/api/nothing"),
        ask("OPTIONS", NEWSLETTER, Origin="https://evil.example"),
        ask("GET", "/api/runs/1"),
    ):
        assert answer.headers["cache-control"] == "no-store"
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "set-cookie" not in answer.headers


def test_what_is_not_there_is_a_problem_too(ask: Ask):
    for answer, status in (
        (ask("GET", "/api/nothing"), 404),
        (ask("PUT", "/api/refresh"), 405),
        (ask("GET", "/api/exports/Newsletter/runs"), 405),
        (ask("POST", "/api/refresh/"), 404),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA)
        assert answer.json()["status"] == status


def test_long_work_beyond_the_bound_is_sent_away(store: Store, token: Make, clock: list[float]):
    ask = asking(in_place(store, clock, Limits(at_once=0)))
    id, secret = ended(store), token("Newsletter")
    for path in ("/api/exports/Newsletter/preview", f"/api/runs/{id}/rejects"):
        answer = ask("GET", path, secret)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= app.COME_AGAIN
        assert "Try again" in answer.json()["detail"]
    assert ask("GET", f"/api/runs/{id}", secret).status_code == 200


def test_a_turn_is_free_again_whatever_came_of_it():
    turns = Turns(1, 5)
    with suppress(ValueError), turns.one():
        with pytest.raises(Problem), turns.one():
            raise AssertionError("two at once")
        raise ValueError("broken")
    with turns.one():
        pass


def test_the_keys_of_a_rate_are_bounded():
    rate = Rate(1, lambda: 0.0)
    for n in range(MOST_KEYS + 5):
        assert rate.seconds_to_wait(n) == 0
    assert rate.seconds_to_wait(MOST_KEYS + 4) > 0
    assert rate.seconds_to_wait(0) == 0


def test_a_name_with_slashes_is_a_name(store: Store, ask: Ask, token: Make):
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        row.name = "News/letter 100 %"
        session.add(row)
    secret = token("News/letter 100 %")
    for name in ("News/letter%20100%20%25", "News%2Fletter%20100%20%25"):
        assert ask("POST", f"/api/exports/{name}/runs", secret).status_code == 202
