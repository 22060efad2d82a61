"""Runs against the local Klaviyo: every profile accounted for, whatever goes wrong."""

from pathlib import Path

import httpx
import polars as pl
import pytest

from core.errors import Conflict, Invalid
from core.preview.plan import preview
from core.runs import downloads, rejects
from core.store import Store, connections, exports, jobs, requests, runs
from core.store.tables.runs import Job, JobStatus, Run, RunStatus
from tests.conftest import ADA, PER_BATCH, applied, bulky, people, written
from tests.runs import conftest as by_engine
from tests.runs.carried import carried, ran
from tests.runs.conftest import asked, ended, members, sums_hold

IMPORT = "POST /api/profile-bulk-import-jobs"


@pytest.fixture
def newsletter(store: Store, configuration: Path) -> None:
    applied(store, configuration)


def jobs_of(store: Store, run: Run) -> list[Job]:
    with store.begin() as session:
        return jobs.of_run(session, run.id)


def many(store: Store, tmp_path: Path, url: str, frame: pl.DataFrame, more: str = "") -> None:
    """The export “Newsletter” of these people."""
    frame.write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", url, more))


def fault(url: str, kind: str, **options: object) -> None:
    httpx.post(f"{url}/sandbox/faults", json={"kind": kind, **options}).raise_for_status()


@pytest.mark.usefixtures("newsletter", "engine")
def test_a_run_brings_every_valid_profile_to_the_list(store: Store, klaviyo: str):
    run = by_engine.ran(store)
    assert run.status == RunStatus.partial
    assert (run.members, run.valid, run.sent, run.accepted) == (12, 8, 8, 8)
    assert run.rejected == {"missing_email": 2, "invalid_email": 1, "duplicate_email": 1}
    assert sums_hold(run)
    assert members(klaviyo) == {f"p{n}@example.com" for n in range(1, 9)}


@pytest.mark.usefixtures("newsletter")
def test_each_reject_is_kept_with_its_row_and_reason(store: Store):
    run = ran(store)
    found = downloads.rejected(store, ADA, run)
    assert found.select("row", "email", "reason").rows() == [
        (9, None, "missing_email"),
        (10, "  ", "missing_email"),
        (11, "no at sign", "invalid_email"),
        (12, "P1@Example.com", "duplicate_email"),
    ] or found.select("row", "reason").rows() == [
        (9, "missing_email"),
        (10, "missing_email"),
        (11, "invalid_email"),
        (12, "duplicate_email"),
    ]


@pytest.mark.usefixtures("newsletter")
def test_a_preview_says_what_the_run_then_does(store: Store):
    told = preview(store, ADA, "Newsletter")
    run = ran(store)
    assert (told.members, told.valid, told.add) == (run.members, run.valid, run.accepted)
    assert dict(told.rejected) == run.rejected
    assert dict(told.segments) == run.segments
    assert told.jobs == len(jobs_of(store, run))


@pytest.mark.usefixtures("newsletter")
def test_a_preview_changes_nothing_and_asks_klaviyo_nothing(store: Store, klaviyo: str):
    preview(store, ADA, "Newsletter")
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == 0
    with store.begin() as session:
        assert runs.everything(session) == []


def test_a_run_without_any_reject_succeeded(store: Store, klaviyo: str, tmp_path: Path):
    many(store, tmp_path, klaviyo, people(3))
    assert ran(store).status == RunStatus.succeeded


def test_a_run_with_nobody_to_send_makes_no_request(store: Store, klaviyo: str, tmp_path: Path):
    many(store, tmp_path, klaviyo, people(3).with_columns(email=pl.lit("nobody")))
    run = ran(store)
    assert (run.status, run.members, run.requests) == (RunStatus.partial, 3, 0)
    assert sums_hold(run)


@pytest.mark.usefixtures("newsletter")
def test_a_double_click_is_one_run(store: Store):
    first, second = asked(store), asked(store)
    assert first.id == second.id
    carried(store, first)
    assert asked(store).id != first.id


def test_a_batch_has_at_most_ten_thousand_profiles(store: Store, klaviyo: str, tmp_path: Path):
    many(store, tmp_path, klaviyo, people(10_001))
    run = ran(store, confirmed=10_001)
    assert [job.profiles for job in jobs_of(store, run)] == [10_000, 1]
    assert (run.status, run.accepted) == (RunStatus.succeeded, 10_001)


def test_above_the_limit_a_run_stops_before_its_first_request(
    store: Store, klaviyo: str, tmp_path: Path
):
    many(store, tmp_path, klaviyo, people(11), "    limit: 10")
    run = ran(store)
    assert (run.status, run.members, run.requests) == (RunStatus.failed, 11, 0)
    assert run.error
    assert "11" in run.error
    assert sums_hold(run)
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == 0


def test_above_the_limit_what_else_is_wrong_is_listed_all_the_same(
    store: Store, klaviyo: str, tmp_path: Path
):
    frame = people(14).with_columns(
        email=pl.when(pl.col("spent") > 1200).then(pl.lit("nobody")).otherwise("email")
    )
    many(store, tmp_path, klaviyo, frame, "    limit: 10")
    run = ran(store)
    assert (run.valid, run.rejected) == (12, {"invalid_email": 2})
    assert rejects.of_run(store.settings, run)["row"].to_list() == [13, 14]
    assert sums_hold(run)


@pytest.mark.usefixtures("engine")
def test_a_split_makes_several_runs_one_after_the_other(store: Store, klaviyo: str, tmp_path: Path):
    frame = people(25).with_columns(
        email=pl.when(pl.col("spent") == 1200).then(None).otherwise("email")
    )
    many(store, tmp_path, klaviyo, frame, "    limit: 10\n    over_limit: split")
    first = by_engine.ran(store)
    with store.begin() as session:
        parts = runs.siblings(session, first)
    parts = [ended(store, part) for part in parts]
    assert [part.accepted for part in parts] == [10, 10, 4]
    assert all(sums_hold(part) for part in parts)
    assert sum(part.members for part in parts) == 25
    assert len(members(klaviyo)) == 24
    starts = [(part.started_at, part.finished_at) for part in parts]
    assert all(starts[n][1] <= starts[n + 1][0] for n in range(2))


def test_rows_that_klaviyo_finds_malformed_are_taken_out_with_its_words(
    store: Store, klaviyo: str, tmp_path: Path
):
    frame = people(20).with_columns(
        email=pl.when(pl.col("spent").is_in([300, 700]))
        .then(pl.format("malformed{}@example.com", "customer_id"))
        .otherwise("email")
    )
    many(store, tmp_path, klaviyo, frame)
    run = ran(store)
    assert (run.status, run.accepted, run.refused) == (RunStatus.partial, 18, 2)
    refused = downloads.rejected(store, ADA, run)
    assert refused["row"].to_list() == [3, 7]
    assert set(refused["reason"]) == {"refused"}
    assert refused["detail"].str.len_chars().min() > 10
    assert sums_hold(run)


def test_every_page_of_import_errors_is_read(store: Store, klaviyo: str, tmp_path: Path):
    frame = people(300).with_columns(
        email=pl.when(pl.col("spent") > 5_000)
        .then(pl.format("refused{}@example.com", "customer_id"))
        .otherwise("email")
    )
    many(store, tmp_path, klaviyo, frame)
    run = ran(store)
    assert (run.accepted, run.refused) == (50, 250)
    assert downloads.rejected(store, ADA, run)["row"].to_list() == list(range(51, 301))
    assert sums_hold(run)


def test_an_answer_that_got_lost_is_looked_for_and_its_job_adopted(
    store: Store, klaviyo: str, tmp_path: Path
):
    many(store, tmp_path, klaviyo, people(50))
    fault(klaviyo, "closed_after", endpoint=IMPORT)
    run = ran(store)
    assert (run.status, run.accepted) == (RunStatus.succeeded, 50)
    assert sum(httpx.get(f"{klaviyo}/sandbox/state").json()["jobs"].values()) == 1


def test_a_job_that_is_cancelled_is_undelivered_and_retry_sends_it(
    store: Store, klaviyo: str, tmp_path: Path
):
    many(store, tmp_path, klaviyo, people(50))
    fault(klaviyo, "job_cancelled")
    run = ran(store)
    assert (run.status, run.accepted, run.undelivered) == (RunStatus.failed, 0, 50)
    assert run.error
    with store.begin() as session:
        again = requests.retry(session, ADA, run)
    again = carried(store, again)
    assert (again.status, again.retry_of, again.accepted) == (RunStatus.succeeded, run.id, 50)
    assert sums_hold(run)
    assert sums_hold(again)


@pytest.mark.usefixtures("engine")
def test_retry_sends_only_the_batches_that_did_not_arrive(
    store: Store, klaviyo: str, tmp_path: Path
):
    many(store, tmp_path, klaviyo, bulky(3))
    fault(klaviyo, "job_cancelled")
    run = by_engine.ran(store)
    sent = 3 * PER_BATCH
    assert run.status == RunStatus.partial
    assert (run.accepted, run.undelivered) == (sent - PER_BATCH, PER_BATCH)
    with store.begin() as session:
        again = requests.retry(session, ADA, run)
    again = ended(store, again)
    assert (again.members, again.accepted) == (PER_BATCH, PER_BATCH)
    assert len(members(klaviyo)) == sent


def test_nothing_is_left_to_retry_after_a_run_that_arrived(
    store: Store, klaviyo: str, tmp_path: Path
):
    many(store, tmp_path, klaviyo, people(3))
    run = ran(store)
    with store.begin() as session, pytest.raises(Conflict, match="nothing to retry"):
        requests.retry(session, ADA, run)


FAILURES = [
    ({"kind": "status", "status": 401}, "key"),
    ({"kind": "status", "status": 403}, "lists:write"),
    ({"kind": "status", "status": 400}, "Klaviyo"),
]


@pytest.mark.parametrize(("what", "told"), FAILURES)
def test_a_refusal_of_the_whole_request_fails_the_run_with_its_reason(
    store: Store, klaviyo: str, tmp_path: Path, what: dict, told: str
):
    many(store, tmp_path, klaviyo, people(5))
    fault(klaviyo, endpoint=IMPORT, **what)
    run = ran(store)
    assert (run.status, run.undelivered) == (RunStatus.failed, 5)
    assert told in (run.error or "")
    assert sums_hold(run)


def test_a_list_that_is_not_there_is_named_before_anything_is_sent(
    store: Store, klaviyo: str, tmp_path: Path
):
    many(store, tmp_path, klaviyo, people(5), "    mode: add")
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        row.list_id = "NoSuch"
        session.add(row)
    run = ran(store)
    assert run.status == RunStatus.failed
    assert "NoSuch" in (run.error or "")


def test_mode_update_puts_nobody_on_a_list(store: Store, klaviyo: str, tmp_path: Path):
    many(store, tmp_path, klaviyo, people(5), "    mode: update")
    before = httpx.get(f"{klaviyo}/sandbox/state").json()["profiles"]
    assert ran(store).accepted == 5
    assert members(klaviyo) == set()
    assert httpx.get(f"{klaviyo}/sandbox/state").json()["profiles"] == before + 5


def test_one_person_can_be_sent_as_a_sample(store: Store, klaviyo: str, tmp_path: Path):
    many(store, tmp_path, klaviyo, people(5))
    run = ran(store, only_email="P2@Example.com")
    assert (run.members, run.accepted) == (1, 1)
    assert members(klaviyo) == {"p2@example.com"}


def test_a_source_that_has_gone_fails_the_run_with_its_path(
    store: Store, klaviyo: str, tmp_path: Path
):
    many(store, tmp_path, klaviyo, people(5))
    (tmp_path / "many.parquet").unlink()
    run = ran(store)
    assert (run.status, run.members) == (RunStatus.failed, 0)
    assert "many.parquet" in (run.error or "")


def test_no_call_ever_goes_to_an_endpoint_that_changes_consent(
    store: Store, klaviyo: str, tmp_path: Path
):
    many(store, tmp_path, klaviyo, people(5))
    ran(store)
    told = httpx.get(f"{klaviyo}/sandbox/requests").text
    assert "profile-bulk-import-jobs" in told
    assert "subscri" not in told
    assert "suppress" not in told


@pytest.mark.usefixtures("newsletter")
def test_the_account_is_learnt_by_the_first_run(store: Store):
    run = ran(store)
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
    assert row.account_id
    assert run.account == f"klaviyo:{row.account_id}"


@pytest.mark.usefixtures("newsletter")
def test_a_run_that_has_ended_can_not_be_cancelled(store: Store):
    run = ran(store)
    with store.begin() as session, pytest.raises(Invalid, match="already ended"):
        requests.ask_stop(session, ADA, run)


@pytest.mark.usefixtures("newsletter")
def test_an_export_can_not_be_removed_while_it_runs(store: Store):
    asked(store)
    with store.begin() as session, pytest.raises(Conflict, match="has not ended"):
        exports.remove(session, ADA, exports.find(session, "Newsletter"))


@pytest.mark.usefixtures("newsletter")
def test_a_detached_export_does_not_run_and_says_so(store: Store):
    with store.begin() as session:
        connections.remove(session, ADA, connections.find(session, "Klaviyo"))
    with store.begin() as session, pytest.raises(Conflict, match="has no connection"):
        requests.request(session, ADA, exports.find(session, "Newsletter"))


def test_jobs_tell_their_numbers(store: Store, klaviyo: str, tmp_path: Path):
    many(store, tmp_path, klaviyo, people(5))
    (job,) = jobs_of(store, ran(store))
    assert job.status == JobStatus.complete
    assert (job.profiles, job.accepted, job.refused) == (5, 5, 0)
    assert job.bytes > 5 * 50


@pytest.mark.usefixtures("newsletter")
def test_each_request_is_counted_once(store: Store, klaviyo: str):
    run = ran(store)
    lines = httpx.get(f"{klaviyo}/sandbox/requests").json()["requests"]
    made = sum(line["count"] for line in lines if line["path"].startswith("/api/"))
    assert run.requests == made
