"""Runs against the ledger of their list: what is sent again, who leaves, what is held."""

from pathlib import Path

import httpx
import polars as pl
import pytest

from core.configuration.export import Mode
from core.errors import Conflict, Invalid
from core.plan import frozen
from core.plan import ledger as plan_ledger
from core.plan.hashes import FORMER, FORMER_HASH
from core.preview import plan
from core.runs import downloads
from core.runs.steps import ledger as ledgers
from core.store import Store, audit, exports, requests, runs
from core.store.audit import Deed
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, applied, people, second_export
from tests.runs.carried import carried, ran
from tests.runs.conftest import (
    HEADERS,
    WRITING,
    arrived,
    asked,
    bring,
    ended,
    members,
    sums_hold,
    until,
)

SECOND = """
  - name: Second
    connection: Klaviyo
    list_id: Y6nRLr
    segments: [Everybody]
    match: {email: email, first_name: first_name}
    mode: mirror
"""


def told(store: Store) -> tuple[int, int, int, int]:
    found = plan.preview(store, ADA, "Newsletter")
    return found.add, found.update, found.unchanged, found.leave


def numbers(run: Run) -> tuple[int, int, int, int]:
    return run.added, run.updated, run.unchanged, run.removed


def mirrored(store: Store, **values: object) -> None:
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        spec = exports.spec(session, row).model_copy(update={"mode": Mode.mirror, **values})
        exports.change(session, ADA, row, spec)


def twenty_leave(store: Store, klaviyo: str, folder) -> None:
    """Of fifty people on a mirrored list twenty leave the segments: more than may by themselves."""
    bring(store, klaviyo, folder, people(50))
    mirrored(store)
    ran(store)
    bring(store, klaviyo, folder, people(30))
    mirrored(store)


def test_a_second_run_sends_only_what_has_changed(store: Store, klaviyo: str, tmp_path):
    everybody = people(500)
    bring(store, klaviyo, tmp_path, everybody)
    assert told(store) == (500, 0, 0, 0)
    first = ran(store)
    assert (numbers(first), first.sent) == ((500, 0, 0, 0), 500)
    assert told(store) == (0, 0, 500, 0)
    name = pl.when(pl.int_range(pl.len()) < 5).then(pl.lit("Changed")).otherwise("first_name")
    bring(store, klaviyo, tmp_path, everybody.with_columns(first_name=name))
    assert told(store) == (0, 5, 495, 0)
    second = ran(store)
    assert (numbers(second), second.sent, second.batches) == ((0, 5, 495, 0), 5, 1)
    assert sums_hold(second)
    third = ran(store)
    assert (third.status, third.sent, third.unchanged) == (RunStatus.succeeded, 0, 500)
    assert sums_hold(third)


def test_after_an_update_a_ledger_of_a_former_version_sends_nobody_again(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(50))
    run = ran(store)
    path = ledgers.path(store.settings, run)
    as_before(store, run, path)
    assert told(store) == (0, 0, 50, 0)
    assert plan_ledger.has_former(plan_ledger.made_by(path))  # a preview changes nothing
    again = ran(store)
    assert (again.sent, again.unchanged) == (0, 50)
    assert not plan_ledger.has_former(plan_ledger.made_by(path))
    assert told(store) == (0, 0, 50, 0)


def as_before(store: Store, run: Run, path: Path) -> None:
    """The ledger as a former version would have written it after the run."""
    sent = pl.read_parquet(frozen.sent_path(store.settings.runs / str(run.id), 1))
    hashes = sent.select("email", former=FORMER_HASH)
    ledger = plan_ledger.read(path).drop("by_polars").join(hashes, on="email")
    rows = ledger.with_columns(hash="former").drop("former")
    rows.write_parquet(path, metadata={"hashed_by": FORMER})


def test_newcomers_are_those_that_the_preview_adds(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(5))
    assert plan.newcomers(store, ADA, "Newsletter").len() == told(store)[0] == 5
    ran(store)
    assert plan.newcomers(store, ADA, "Newsletter").is_empty()
    more = pl.concat([people(7), people(7).tail(1)])  # one of them twice
    bring(store, klaviyo, tmp_path, more)
    assert sorted(plan.newcomers(store, ADA, "Newsletter")) == [
        "p6@example.com",
        "p7@example.com",
    ]
    assert told(store)[0] == 2


def test_all_is_sent_again_when_that_is_asked_for(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    ran(store)
    bring(store, klaviyo, tmp_path, people(52))
    again = ran(store, send_all=True)
    assert (numbers(again), again.sent, again.accepted) == ((2, 50, 0, 0), 52, 52)
    assert sums_hold(again)
    assert numbers(ran(store)) == (0, 0, 52, 0)


def test_somebody_sent_as_a_sample_is_updated(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(3))
    ran(store)
    assert numbers(ran(store, only_email="p2@example.com")) == (0, 1, 0, 0)


def test_all_are_not_sent_by_a_run_that_was_asked_for_the_changed_ones(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(3))
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        run = requests.request(session, ADA, row)
        with pytest.raises(Conflict, match="has not ended"):
            requests.request(session, ADA, row, send_all=True)
    carried(store, run)
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        everybody = requests.request(session, ADA, row, send_all=True)
        assert requests.request(session, ADA, row).id == everybody.id
    carried(store, everybody)


def test_a_retry_that_starts_over_sends_all_again_too(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    ran(store)
    (tmp_path / "many.parquet").rename(tmp_path / "gone.parquet")
    failed = ran(store, send_all=True)
    (tmp_path / "gone.parquet").rename(tmp_path / "many.parquet")
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, failed.id))
    assert numbers(carried(store, again)) == (0, 50, 0, 0)


def test_what_did_not_arrive_is_sent_by_the_next_run(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    httpx.post(f"{klaviyo}/sandbox/faults", json={"kind": "job_cancelled"})
    first = ran(store)
    assert first.undelivered == 50
    second = ran(store)
    assert (second.sent, second.unchanged, second.accepted) == (50, 0, 50)


def test_a_retry_is_in_the_ledger_too(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    httpx.post(f"{klaviyo}/sandbox/faults", json={"kind": "job_cancelled"})
    first = ran(store)
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, first.id))
    assert carried(store, again).accepted == 50
    assert ran(store).unchanged == 50


def test_leavers_of_a_mirror_are_taken_off_the_list(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    mirrored(store)
    ran(store)
    before = members(klaviyo)
    bring(store, klaviyo, tmp_path, people(42))
    mirrored(store)
    assert told(store) == (0, 0, 42, 8)
    run = ran(store)
    assert (run.status, numbers(run)) == (RunStatus.succeeded, (0, 0, 42, 8))
    gone = {f"p{n}@example.com" for n in range(43, 51)}
    assert before - members(klaviyo) == gone
    assert ran(store).removed == 0


def test_leavers_stay_where_the_mode_is_add(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    ran(store)
    bring(store, klaviyo, tmp_path, people(42))
    assert told(store) == (0, 0, 42, 0)
    assert ran(store).removed == 0
    assert len(members(klaviyo) & {f"p{n}@example.com" for n in range(1, 51)}) == 50


def test_who_was_on_the_list_before_stays(store: Store, klaviyo: str, tmp_path):
    body = {"data": {"type": "profile", "attributes": {"email": "p50@example.com"}}}
    job = {
        "data": {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": [body["data"]]}},
            "relationships": {"lists": {"data": [{"type": "list", "id": "Y6nRLr"}]}},
        }
    }
    headers = {
        "Authorization": "Klaviyo-API-Key pk_0123456789abcdef",
        "revision": "2026-10-15",
        "content-type": "application/vnd.api+json",
    }
    address = f"{klaviyo}/api/profile-bulk-import-jobs"
    httpx.post(address, headers=headers, json=job).raise_for_status()
    before = ledgers_skew(store)
    bring(store, klaviyo, tmp_path, people(50))
    mirrored(store)
    ran(store)
    before(store)
    bring(store, klaviyo, tmp_path, people(45))
    mirrored(store)
    run = ran(store)
    assert run.removed == 4
    assert "p50@example.com" in members(klaviyo)


def ledgers_skew(store: Store):
    """Makes our first sending an hour later than it was, so that the other came long before."""

    def later(store: Store) -> None:
        with store.begin() as session:
            run = runs.everything(session)[0]
        path = ledgers.path(store.settings, run)
        ledger = pl.read_parquet(path).with_columns(
            first_at=pl.when(pl.col("email") == "p50@example.com")
            .then(pl.col("first_at") + pl.duration(hours=1))
            .otherwise("first_at")
        )
        from core.plan.ledger import write

        write(path, ledger)

    return later


def test_who_another_export_wants_stays(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50), SECOND)
    mirrored(store)
    ran(store)
    second = ran(store, "Second")
    assert (second.sent, second.added, second.updated) == (50, 0, 50)  # with fewer fields
    assert ran(store).unchanged == 50
    people(42).write_parquet(tmp_path / "many.parquet")
    assert ran(store).removed == 0
    assert ran(store, "Second").removed == 8


def test_many_removals_are_held_until_exactly_that_number_is_confirmed(
    store: Store, klaviyo: str, tmp_path
):
    twenty_leave(store, klaviyo, tmp_path)
    httpx.delete(f"{klaviyo}/sandbox/requests")
    held = ran(store)
    assert (held.status, held.asking, held.removed) == (RunStatus.held, 20, 0)
    assert "would take 20 people off the list" in (held.hold or "")
    assert ran(store).id == held.id  # asking again confirms nothing
    with store.begin() as session:
        found = runs.find(session, held.id)
        with pytest.raises(Invalid, match="needs 20 to be confirmed, not 19"):
            requests.confirm(session, ADA, found, 19)
        requests.confirm(session, ADA, found, 20)
    done = carried(store, held)
    assert (done.status, done.removed) == (RunStatus.succeeded, 20)
    with store.begin() as session, pytest.raises(Conflict, match="isn't waiting"):
        requests.confirm(session, ADA, runs.find(session, held.id), 20)


def test_a_number_that_was_foreseen_needs_no_hold(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    mirrored(store)
    ran(store)
    bring(store, klaviyo, tmp_path, people(30))
    mirrored(store)
    assert ran(store, confirmed=20).removed == 20


def test_an_emptied_segment_is_held_and_the_ledger_is_untouched(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(50))
    mirrored(store)
    first = ran(store)
    path = ledgers.path(store.settings, first)
    before = path.read_bytes()
    bring(store, klaviyo, tmp_path, people(50).with_columns(country=pl.lit("XX")))
    mirrored(store)
    held = ran(store)
    assert held.status == RunStatus.held
    assert path.read_bytes() == before


def test_a_run_that_fails_before_it_sends_leaves_the_ledger_alone(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(50))
    first = ran(store)
    path = ledgers.path(store.settings, first)
    before = path.read_bytes()
    (tmp_path / "many.parquet").unlink()
    assert ran(store).status == RunStatus.failed
    assert path.read_bytes() == before


@pytest.mark.usefixtures("engine")  # to be stopped while it sends
def test_a_stopped_run_counts_as_what_it_really_sent(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(25_000))
    fault = {"kind": "slow", "endpoint": "POST /api/profile-bulk-import-jobs", "seconds": 0.6}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault | {"times": None})
    run = asked(store, confirmed=25_000)  # the list has a live flow
    until(store, run, lambda found: found.batches_sent >= 1)
    with store.begin() as session:
        requests.ask_stop(session, ADA, runs.find(session, run.id))
    stopped = ended(store, run)
    httpx.delete(f"{klaviyo}/sandbox/faults")
    assert stopped.undelivered
    again = ended(store, asked(store, confirmed=25_000 - stopped.accepted))
    assert again.unchanged == stopped.accepted
    assert again.sent == 25_000 - stopped.accepted


def test_what_was_accepted_is_read_back_from_the_list(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    found = arrived(ran(store))
    assert (found.asked, found.on_list, found.missing) == (50, 50, {})
    assert found.after
    assert found.after - (found.before or 0) == 50
    assert found.after == len(members(klaviyo))


def test_a_double_opt_in_list_tells_why_nobody_is_on_it_yet(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(5))
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        spec = exports.spec(session, row).model_copy(update={"list_id": "DbL0pt"})
        exports.change(session, ADA, row, spec)
    found = arrived(ran(store))
    assert (found.on_list, found.missing) == (0, {"double_opt_in": 5})


def test_a_retry_that_starts_over_is_guarded_as_a_first_run_is(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(1_000))
    (tmp_path / "many.parquet").rename(tmp_path / "gone.parquet")
    failed = ran(store)
    (tmp_path / "gone.parquet").rename(tmp_path / "many.parquet")
    with store.begin() as session:
        again = requests.retry(session, ADA, runs.find(session, failed.id))
    held = carried(store, again)
    assert (failed.status, held.status) == (RunStatus.failed, RunStatus.held)
    assert "live flows, which would email 1,000 people: “Welcome series”" in (held.hold or "")


def test_the_plan_can_be_taken_along_person_by_person(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(50))
    mirrored(store)
    ran(store)
    bring(store, klaviyo, tmp_path, people(42))
    mirrored(store)
    lines = plan.plan_csv(store, ADA, "Newsletter").decode("utf-8-sig").splitlines()
    assert lines[0] == "email,change,shared,before,why"
    assert [line.split(",")[1] for line in lines[1:]].count("leave") == 8
    assert len(lines) == 51
    with store.begin() as session:
        assert audit.entries(session, ADA, deed=Deed.downloaded)[0].kind == "plan"


@pytest.mark.parametrize("how", ["removed", "another list", "update"])
def test_an_export_that_goes_elsewhere_keeps_nobody_on_the_list(
    store: Store, klaviyo: str, tmp_path, how
):
    bring(store, klaviyo, tmp_path, people(20), more="    mode: mirror\n" + second_export())
    ran(store)
    ran(store, "Second")
    with store.begin() as session:
        row = exports.find(session, "Second")
        if how == "removed":
            exports.remove(session, ADA, row)
        else:
            change = {"mode": Mode.update} if how == "update" else {"list_id": "DbL0pt"}
            spec = exports.spec(session, row).model_copy(update=change)
            exports.change(session, ADA, row, spec)
    bring(store, klaviyo, tmp_path, people(15), more="    mode: mirror")
    assert told(store)[3] == 5
    assert ran(store).removed == 5


def test_a_held_run_that_was_discarded_and_is_retried_is_held_again(
    store: Store, klaviyo: str, tmp_path
):
    twenty_leave(store, klaviyo, tmp_path)
    held = ran(store)
    assert held.status == RunStatus.held
    with store.begin() as session:
        requests.ask_stop(session, ADA, runs.find(session, held.id))
    with store.begin() as session:
        discarded = runs.find(session, held.id)
        assert (discarded.status, discarded.asking) == (RunStatus.cancelled, 20)
        again = requests.retry(session, ADA, runs.find(session, held.id))
    again = carried(store, again)
    assert (again.status, again.asking, again.sent) == (RunStatus.held, 20, 0)
    assert len(members(klaviyo)) == 50


def test_who_was_refused_stands_so_in_the_plan_and_is_sent_again_only_once_it_changes(
    store: Store, klaviyo: str, tmp_path
):
    bad = pl.when(pl.col("spent") == 300).then(pl.lit("refused3@example.com")).otherwise("email")
    bring(store, klaviyo, tmp_path, people(5).with_columns(email=bad))
    assert ran(store).refused == 1
    shown = plan.preview(store, ADA, "Newsletter")
    assert (shown.add, shown.unchanged, shown.valid) == (0, 4, 4)
    assert shown.rejected == {"refused_before": 1}
    csv = plan.plan_csv(store, ADA, "Newsletter").decode("utf-8-sig")
    assert "refused3@example.com,refused,,,The address refused3@example.com can't be added" in csv
    second = ran(store)
    assert (second.status, second.sent, second.refused) == ("partial", 0, 0)
    assert second.rejected == {"refused_before": 1}
    (row,) = downloads.rejected(store, ADA, second).to_dicts()
    assert (row["row"], row["reason"]) == (3, "refused_before")
    assert "bounced before" in row["detail"]
    on_request = ran(store, refused_again=True)
    assert (on_request.sent, on_request.unchanged, on_request.refused) == (1, 4, 1)
    changed_row = people(5).with_columns(email=bad, first_name=pl.col("first_name") + bad)
    bring(store, klaviyo, tmp_path, changed_row)
    assert (ran(store).sent, ran(store).sent) == (5, 0)


def with_key(tmp_path, store: Store) -> None:
    """The source says by `customer_id` who somebody is, and the export doesn't send it."""
    file = tmp_path / "segferry.yaml"
    text = file.read_text().replace("many.parquet}", "many.parquet, key: customer_id}")
    text = text.replace(", external_id: customer_id", "")
    file.write_text(text)
    applied(store, file)


@pytest.mark.parametrize("keyed", [True, False])
def test_a_mirror_follows_a_person_whose_address_changed(
    store: Store, klaviyo: str, tmp_path, keyed: bool
):
    """By the source's key; without it by the external ID, by which Klaviyo keeps the profile."""

    def sends(frame: pl.DataFrame) -> None:
        bring(store, klaviyo, tmp_path, frame, "    mode: mirror\n    guards: {shrink: 100}")
        if keyed:
            with_key(tmp_path, store)

    sends(people(5))
    ran(store)
    new = pl.when(pl.col("spent") == 300).then(pl.lit("new@example.com")).otherwise("email")
    sends(people(5).with_columns(email=new))
    shown = plan.preview(store, ADA, "Newsletter")
    assert (shown.add, shown.update, shown.unchanged, shown.leave) == (0, 1, 4, 0)
    assert shown.changed_address == 1
    csv = plan.plan_csv(store, ADA, "Newsletter").decode("utf-8-sig")
    assert "new@example.com,changed address,,p3@example.com," in csv
    second = ran(store)
    assert (second.added, second.updated, second.leaving) == (0, 1, 0)
    assert members(klaviyo) == {f"p{n}@example.com" for n in (1, 2, 4, 5)} | {"new@example.com"}
    assert plan.preview(store, ADA, "Newsletter").changed_address == 0
    sends(people(5).filter(pl.col("spent") != 300))
    assert ran(store).removed == 1
    assert members(klaviyo) == {f"p{n}@example.com" for n in (1, 2, 4, 5)}


def test_a_mirror_without_a_key_knows_people_by_their_profile_at_klaviyo(
    store: Store, klaviyo: str, tmp_path
):
    def sends(frame: pl.DataFrame) -> None:
        bring(store, klaviyo, tmp_path, frame, "    mode: mirror\n    guards: {shrink: 100}")
        file = tmp_path / "segferry.yaml"
        file.write_text(file.read_text().replace(", external_id: customer_id", ""))
        applied(store, file)

    sends(people(3))
    ran(store)
    readdressed(klaviyo, "p3@example.com", "new@example.com")  # there as well as in the source
    new = pl.when(pl.col("spent") == 300).then(pl.lit("new@example.com")).otherwise("email")
    sends(people(3).with_columns(email=new))
    ran(store)
    assert members(klaviyo) == {"p1@example.com", "p2@example.com", "new@example.com"}
    sends(people(2))
    assert ran(store).removed == 1
    assert members(klaviyo) == {"p1@example.com", "p2@example.com"}


def readdressed(url: str, email: str, other: str) -> None:
    """Somebody gives a profile another address at Klaviyo."""
    wanted = {"filter": f'any(email,["{email}"])'}
    (found,) = httpx.get(f"{url}/api/profiles", params=wanted, headers=HEADERS).json()["data"]
    body = {"data": {"type": "profile", "id": found["id"], "attributes": {"email": other}}}
    address = f"{url}/api/profiles/{found['id']}"
    httpx.patch(address, json=body, headers=WRITING).raise_for_status()
