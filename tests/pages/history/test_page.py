"""History: runs, filters, the chart's numbers, and one run in detail."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role, operator
from core.runs import rejects
from core.store import Store, jobs, progress, requests, runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Job, JobStatus, Run, RunStatus
from pages.ui.words import plain

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Leads = Callable[[AppTest], dict[str, str]]
Ran = Callable[..., Run]


def details(app: AppTest) -> list[str]:
    """The ids of the runs that are listed, in order."""
    links = [one.proto.label for one in app.get("page_link")]
    return [label.removeprefix("Run ") for label in links if label.startswith("Run ")]


def test_before_the_first_run_the_page_says_what_it_is_for(page: Page, words: Words) -> None:
    app = page("history")
    assert not app.exception
    assert "No export has run yet" in words(app)


def test_runs_are_listed_newest_first_with_their_numbers(
    page: Page, ran: Ran, cells: Words, leads: Leads
) -> None:
    ran(RunStatus.succeeded, sent=1349, accepted=1349)
    ran(RunStatus.failed, error="Klaviyo answered 403.")
    app = page("history")
    assert details(app) == ["2", "1"]
    assert "1,349" in cells(app)
    assert 'title="Klaviyo answered 403."' in cells(app)
    assert "<span>→ Newsletter EU</span>" in cells(app)
    assert leads(app)["Weekly letter"] == "export?export=1"
    assert leads(app)["Run 2"] == "history?run=2"


def test_runs_are_found_as_one_types(page: Page, ran: Ran) -> None:
    ran(RunStatus.succeeded)
    app = page("history")
    app.text_input(key="find").set_value("letter LATVIA").run()
    assert details(app) == ["1"]
    app.text_input(key="find").set_value("nothing like it").run()
    assert details(app) == []


def test_runs_are_sorted_by_the_heads(page: Page, ran: Ran) -> None:
    ran(RunStatus.succeeded, accepted=90)
    ran(RunStatus.succeeded, accepted=4)
    app = page("history")
    assert details(app) == ["2", "1"]
    app.button(key="sort-accepted").click().run()
    assert details(app) == ["1", "2"]
    app.button(key="sort-accepted").click().run()
    assert details(app) == ["2", "1"]


def test_runs_come_by_pages_in_their_order(page: Page, store: Store, ran: Ran) -> None:
    ran(RunStatus.succeeded, accepted=1)
    with store.begin() as session:
        first = runs.find(session, 1)
        keys = [one.key for one in Run.__mapper__.column_attrs if one.key != "id"]
        values = {key: getattr(first, key) for key in keys}
        session.add_all(Run(**values) for _n in range(24))
    app = page("history", sort="-name")
    assert details(app) == [str(n) for n in range(25, 5, -1)]
    app.get("pagination")[0].set_value(2).run()
    assert details(app) == [str(n) for n in range(5, 0, -1)]


def test_the_filters_let_through_what_they_say(page: Page, ran: Ran, words: Words) -> None:
    ran(RunStatus.succeeded, created_at=datetime.now(UTC) - timedelta(days=10))
    ran(RunStatus.failed)
    app = page("history")
    assert details(app) == ["2", "1"]
    app.multiselect(key="outcome").set_value(["Succeeded"]).run()
    assert details(app) == ["1"]
    app.selectbox(key="period").set_value("Last 7 days").run()
    assert details(app) == []
    assert "No run matches" in words(app)


def test_the_chart_says_its_numbers_as_a_table(page: Page, ran: Ran) -> None:
    numbers = {"members": 13, "valid": 10, "sent": 10, "accepted": 8, "refused": 2}
    ran(RunStatus.partial, rejected={"missing_email": 3}, **numbers)
    app = page("history")
    table = app.get("table")[0].value
    assert list(table.columns) == [
        "Day",
        "Accepted",
        "Refused",
        "Rejected",
    ]
    assert list(table.iloc[0])[1:] == [8, 2, 3]


def test_runs_are_filtered_by_connection_trigger_and_person(page: Page, ran: Ran) -> None:
    ran(RunStatus.succeeded, by="Vita", trigger="schedule")
    ran(RunStatus.succeeded, by="Kai", trigger="cli", connection_id=None)
    assert details(page("history", **{"by-person": "Vita"})) == ["1"]
    assert details(page("history", **{"by-trigger": "The command line"})) == ["2"]
    app = page("history")
    app.selectbox(key="by-connection").set_value(app.selectbox(key="by-connection").options[0])
    assert details(app.run()) == ["1"]


def test_days_are_drawn_by_what_the_reader_chooses(page: Page, ran: Ran, words: Words) -> None:
    ran(RunStatus.succeeded, seconds=12.0, members=4, valid=3, rejected={"missing_email": 1})
    app = page("history", **{"chart-of": "Duration"})
    assert not app.exception
    assert "No list has been counted" in words(page("history", **{"chart-of": "List size"}))
    assert not page("history", **{"chart-of": "Share rejected"}).exception


def test_all_lists_are_drawn_together_where_no_export_is_chosen(
    page: Page, ran: Ran, words: Words
) -> None:
    for n in range(8):
        ran(RunStatus.succeeded, list_id=f"L{n}", list_size=1_000 - n)
    app = page("history", **{"chart-of": "List size"})
    assert "The 6 largest of 8 lists" in words(app)
    (table,) = [one.value for one in app.table if "Profiles then" in one.value.columns]
    assert list(table["List"]) == [f"L{n}" for n in range(6)]
    assert list(table["Profiles"]) == [1_000 - n for n in range(6)]


def test_all_runs_can_be_downloaded(page: Page, ran: Ran) -> None:
    ran(RunStatus.succeeded, sent=10, accepted=10)
    assert page("history").download_button(key="download").label == "Download runs"


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_a_run_that_reads_still_shows_no_number_of_members(page: Page, ran: Ran) -> None:
    run = ran(RunStatus.running)
    found = figures(page("history", run=run.id))
    assert (found["Members"], found["Rejected"], found["Sent"]) == ("Reading…", "—", "0")


def test_a_run_of_nobody_has_read_its_source(page: Page, ran: Ran, words: Words) -> None:
    run = ran(RunStatus.succeeded, segments={"Latvia": 0})
    app = page("history", run=run.id)
    assert figures(app)["Members"] == "0"
    assert "Latvia 0 · 0 in all, 0 to send, 0 unchanged, 0 rejected" in words(app)


@pytest.fixture
def partial_run(store: Store, ran: Ran) -> Run:
    """A run of two batches, of which one was cancelled by Klaviyo."""
    run = ran(
        RunStatus.partial,
        members=12,
        valid=10,
        sent=10,
        accepted=6,
        refused=1,
        undelivered=3,
        rejected={"missing_email": 2},
        warnings={"invalid_phone": 4},
        batches=2,
        batches_sent=2,
    )
    with store.begin() as session:
        for n, status, accepted in ((1, JobStatus.complete, 6), (2, JobStatus.cancelled, 0)):
            error = "Klaviyo cancelled this import job." if n == 2 else None
            job = Job(run_id=run.id, batch=n, job_id=f"job{n}", profiles=5, bytes=99, status=status)
            job.accepted, job.error = accepted, error
            session.add(job)
    return run


def test_a_run_tells_its_numbers_its_jobs_and_its_rejects(
    page: Page, partial_run: Run, words: Words
) -> None:
    app = page("history", run=1)
    assert not app.exception
    assert figures(app) == {
        **{"Members": "12", "Unchanged": "0", "Rejected": "2", "Sent": "10"},
        **{"Accepted": "6", "Refused": "1", "Undelivered": "3"},
    }
    _plan, batches, rejects = (t.value for t in app.get("table"))
    assert list(batches["Import job"]) == ["job1", "job2"]
    assert list(rejects["Reason"]) == ["No email", "Refused by Klaviyo"]
    assert list(rejects["Profiles"]) == [2, 1]
    told = words(app)
    assert "Batch 2: Klaviyo cancelled this import job." in told
    assert "**4** phone numbers" in told
    assert app.download_button(key="download").label == "Download profiles not exported (CSV)"


def test_batches_of_a_destination_without_jobs_show_none(
    page: Page, partial_run: Run, store: Store
):
    with store.begin() as session:
        for job in jobs.of_run(session, partial_run.id):
            job.job_id = None
            session.add(job)
    tables = (one.value for one in page("history", run=1).get("table"))
    batches = next(one for one in tables if "Batch" in one.columns)
    assert list(batches["Batch"]) == [1, 2]
    assert "Import job" not in batches


def test_retry_sends_what_did_not_arrive_and_shows_the_new_run(
    page: Page, store: Store, partial_run: Run
) -> None:
    app = page("history", run=1)
    assert app.button(key="retry").label == "Retry 3 undelivered"
    app.button(key="retry").click().run()
    assert app.title[0].value == "Weekly letter, run 2"
    with store.begin() as session:
        assert runs.find(session, 2).retry_of == 1


def test_a_run_that_delivered_everything_offers_no_retry(page: Page, ran: Ran) -> None:
    ran(RunStatus.succeeded, sent=4, accepted=4, batches=1)
    app = page("history", run=1)
    assert "retry" not in {b.key for b in app.button}


def test_a_run_under_way_can_be_cancelled(page: Page, store: Store, ran: Ran) -> None:
    ran(RunStatus.running, batches=3, batches_sent=1, stage="sending", valid=9, sent=3)
    app = page("history", run=1)
    app.button(key="cancel-1").click().run()
    with store.begin() as session:
        assert runs.find(session, 1).stop_asked_by


def test_a_queued_run_that_is_cancelled_ends_at_once(
    page: Page, store: Store, ran: Ran, words: Words
) -> None:
    ran(RunStatus.queued)
    app = page("history", run=1)
    app.button(key="cancel-1").click().run()
    assert "Cancelled by" in words(app)
    with store.begin() as session:
        assert runs.find(session, 1).status == RunStatus.cancelled


def test_a_cancelled_run_says_that_its_ledger_is_still_written(page: Page, ran: Ran) -> None:
    ran(RunStatus.cancelled, members=5, valid=5, undelivered=5, not_sent=5, stage="recording")
    app = page("history", run=1)
    assert not app.exception
    assert "is being recorded" in app.info[0].value


def test_the_cards_of_a_cancelled_run_add_up_and_say_what_is_still_counted(
    page: Page, store: Store, ran: Ran, words: Words, cells: Words
) -> None:
    ran(
        RunStatus.cancelled,
        **{"members": 110, "valid": 105, "unchanged": 5, "rejected": {"missing_email": 5}},
        **{"batches": 3, "sent": 100, "undelivered": 100, "not_sent": 60, "counting": 40},
    )
    with store.begin() as session:
        jobs.sent(session, jobs.intend(session, 1, 1, 40, 400), "J1", "processing", 0)
    app = page("history", run=1)
    assert not app.exception
    assert figures(app) == {
        **{"Members": "110", "Unchanged": "5", "Rejected": "5", "Sent": "40", "Not sent": "60"},
        **{"Accepted": "0", "Refused": "0", "Undelivered": "0", "Being counted": "40"},
    }
    assert app.button(key="retry").label == "Retry 100 without waiting"
    assert "is processing the batches" in words(app)
    assert "Cancelled, 40 already with Klaviyo, being counted." in app.info[0].value
    assert "40 being counted" in cells(page("history"))


def test_a_run_that_was_retried_says_so_with_a_link_and_offers_no_second_retry(
    page: Page, store: Store, partial_run: Run, words: Words, cells: Words
) -> None:
    with store.begin() as session:
        again = requests.retry(session, operator(), runs.find(session, 1))
        progress.step(session, again.id, RunStatus.running)
        numbers = {"batches": 1, "members": 3, "valid": 3, "sent": 3, "accepted": 3}
        progress.record(session, again, numbers)
        progress.step(session, again.id, RunStatus.succeeded)
    app = page("history", run=1)
    assert not app.exception
    route, link, *people = app.get("page_link")
    assert (route.proto.label, route.proto.page) == ("Weekly letter", "export")
    assert link.proto.label == "3 delivered by run 2"
    assert all("people=" in one.proto.query_string for one in people)
    assert link.proto.query_string == "run=2"
    assert "retry" not in {b.key for b in app.button}
    told = cells(page("history"))
    assert "3 delivered by run 2" in told
    assert "retry of run 1" in told
    assert "didn't arrive" not in told
    assert "a retry of run 1" in words(page("history", run=2))


def test_parts_of_a_split_stand_as_one(
    page: Page, store: Store, ran: Ran, words: Words, cells: Words
) -> None:
    first = ran(RunStatus.succeeded, members=5, valid=5, sent=5, accepted=5, batches=1, parts=2)
    with store.begin() as session:
        numbers = {"members": 4, "valid": 4, "sent": 4, "accepted": 1, "undelivered": 3}
        progress.add_part(session, runs.find(session, first.id), 2, numbers | {"batches": 1})
        for status in (RunStatus.running, RunStatus.partial):
            progress.step(session, 2, status)
    app = page("history")
    assert details(app) == ["1"]
    assert "in 2 parts" in cells(app)
    assert "3 undelivered" in cells(app)
    found = figures(page("history", run=1))
    assert (found["Members"], found["Accepted"], found["Undelivered"]) == ("9", "6", "3")
    assert "part 1 of 2 · " in words(page("history", run=1))
    rows = "".join(one.proto.body for one in page("exports").get("html"))
    assert ">9<" in rows
    assert "Partial · 3 undelivered" in rows


def test_a_hold_stays_in_the_story(page: Page, store: Store, ran: Ran, words: Words) -> None:
    run = ran(RunStatus.running)
    with store.begin() as session:
        progress.hold(session, run.id, "Seven people would leave.", 7)
        requests.confirm(session, operator(), runs.find(session, run.id), 7)
    told = words(page("history", run=1))
    assert "Seven people would leave." in told
    assert "ran it anyway, confirming 7." in told


def test_a_run_that_was_refused_for_its_limit_shows_no_jobs(
    page: Page, ran: Ran, words: Words
) -> None:
    numbers = {"members": 9, "valid": 9, "sent": 9, "undelivered": 9, "not_sent": 9}
    ran(RunStatus.failed, error="9 profiles are more than the limit of 5.", **numbers)
    app = page("history", run=1)
    assert "has processed the batches" not in words(app)
    assert "Undelivered" not in figures(app)
    assert app.button(key="retry").label == "Retry"
    assert not page("history").get("table")


def test_a_failed_run_says_why_and_that_nothing_was_sent(page: Page, ran: Ran) -> None:
    ran(RunStatus.failed, error="The list Y6nRLr is gone. Choose another list.")
    app = page("history", run=1)
    assert app.error[0].value == "The list Y6nRLr is gone. Choose another list."


@pytest.mark.parametrize("run_id", ["9", "abc", "99999999999999999999"])
def test_a_run_that_does_not_exist_is_one_sentence(
    page: Page, export: ExportRow, run_id: str
) -> None:
    app = page("history", run=run_id)
    assert not app.exception
    assert f"There is no run “{run_id}”." in app.error[0].value


def test_a_run_tells_what_it_was_for_and_who_is_unchanged(
    page: Page, store: Store, ran: Ran, words: Words
) -> None:
    run = ran(RunStatus.succeeded, members=1_052, valid=1_052, unchanged=1_000, batches=1)
    assert "1,052 in all, 52 to send, 1,000 unchanged, 0 rejected" in words(
        page("history", run=run.id)
    )
    with store.begin() as session:
        found = runs.find(session, run.id)
        found.order_data = found.order_data | {"send_all": True}
    assert "sending everyone again" in words(page("history", run=run.id))


ARRIVED = {
    **{"accepted": 1, "asked": 1, "on_list": 1, "missing": {}, "people": []},
    **{"before": 1_031, "after": 1_031, "double_opt_in": False},
}
DRIFT = {
    **{"since": 12, "grown": 31, "other_runs": False, "late": False, "double_opt_in": False},
    **{"asked": 200, "gone": 3, "people": ["ilze@example.lv", "j@x.lv", "m@x.ee"]},
}
GROWN = "Since run 12 the list has grown by **31** profiles in other ways."
CHANGES = [
    ({}, GROWN),
    ({"grown": -1}, "the list has lost **1** profile in other ways."),
    ({"grown": 0}, "the size of the list hasn't changed."),
    ({"other_runs": True}, "**31** profiles by other runs or in other ways."),
    ({"late": True}, "**31** profiles by people sent earlier who joined late, or in other ways."),
    ({"late": True, "grown": -4}, "has lost **4** profiles in other ways."),
    ({"grown": None}, "Spot check of 200 people sent earlier: **3** are no longer on the list"),
    ({"gone": 0, "people": []}, "sent earlier: all are still on the list."),
    ({"double_opt_in": True}, "so they may never have confirmed."),
]


@pytest.mark.parametrize(("change", "told"), CHANGES)
def test_how_the_list_changed_since_the_run_before_is_told_as_far_as_it_is_known(
    page: Page, ran: Ran, words: Words, change: dict, told: str
) -> None:
    run = ran(RunStatus.succeeded, read_back_data=ARRIVED | {"drift": DRIFT | change})
    app = page("history", run=run.id)
    assert not app.exception
    assert told in words(app)


def test_those_who_are_off_the_list_are_masked_for_viewers(
    page: Page, ran: Ran, words: Words, signed_in: Callable[[Role], None]
) -> None:
    nobody = ARRIVED | {"asked": 0, "on_list": 0, "accepted": 0}
    run = ran(RunStatus.succeeded, read_back_data=nobody | {"drift": DRIFT})
    assert "ilze:gray[]@example" in words(page("history", run=run.id))
    signed_in(Role.viewer)
    told = words(page("history", run=run.id)).replace("\\", "")
    assert "i•••@example.lv" in told
    assert "ilze" not in told
    assert "sampled" not in told
    assert "accepted people" not in told


def test_a_reason_that_is_new_to_the_export_makes_a_run_partial_and_is_said(
    page: Page, ran: Callable[..., Run], words: Words
):
    numbers = {"members": 1000, "valid": 1000, "sent": 1000, "accepted": 988, "refused": 12}
    known = {"why": "Bounced.", "n": 2, "new": False}
    new = {"why": "invalid phone number", "n": 10, "new": True}
    run = ran(RunStatus.partial, **numbers, batches=1, refusals=[new, known])
    said = "New: 10 refused for “invalid phone number”, not seen in the last runs."
    for app in (page("preview", export=run.export_id), page("history", run=run.id)):
        assert said in words(app)
        assert "Partial · 10 refused for a new reason" in words(app)


def test_the_people_of_an_outcome_are_a_click_away_from_the_run(
    page: Page, store: Store, ran: Ran, words: Words
):
    run = ran(RunStatus.partial, members=2, rejected={"invalid_email": 1}, sent=1, refused=1)
    rows = {"row": [1], "email": ["j@x.lv"], "reason": ["refused"], "detail": ["It bounced."]}
    rejects.keep_refused(store.settings, run, 1, "job", pl.DataFrame(rows))
    labels = [one.proto.label for one in page("history", run=run.id).get("page_link")]
    assert {"1 rejected", "1 refused"} <= set(labels)
    app = page("history", run=run.id, people="refused")
    assert app.title[0].value == "Refused, run 1 of Weekly letter"
    cells = app.get("table")[0].value.iloc[0].tolist()
    assert cells == [plain("j@x.lv"), "Refused by Klaviyo", "It bounced."]
    assert "Nobody, or a later run has sent them again." in words(
        page("history", run=run.id, people="new")
    )


def test_the_plan_of_a_run_stands_beside_what_came_of_it(
    page: Page, ran: Ran, words: Words
) -> None:
    numbers = {"members": 13, "valid": 10, "sent": 8, "unchanged": 2, "accepted": 7, "refused": 1}
    numbers |= {"added": 5, "updated": 3, "leaving": 2, "batches": 1}
    run = ran(RunStatus.partial, rejected={"missing_email": 3}, **numbers)
    app = page("history", run=str(run.id))
    (table,) = [one.value for one in app.table if "Planned" in one.value.columns]
    each = {row[0]: tuple(row[1:]) for row in table.to_numpy().tolist()}
    assert each["To be sent"] == (8, 7, "1 refused")
    assert each["Leave the list"] == (2, 0, "2 · this export takes nobody off")
    assert each["Unchanged"] == (2, 2, "")
    assert "People added 5" in words(app)
    assert "Members lost, 13 members now" in words(app)
    (planned,) = [one for one in app.get("table") if "Planned" in one.value.columns]
    shown = pa.ipc.open_stream(planned.proto.arrow_data.styler.display_values).read_pandas()
    assert shown.iloc[:, 2].tolist() == ["13", "7", "—", "—", "2", "3", "0"]
