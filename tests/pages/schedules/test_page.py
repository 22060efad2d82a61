"""Schedules: the common refresh, those of exports, and what came of their times."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role, operator
from core.configuration.schedule import Cron, RefreshSchedule, Schedule
from core.runs import scheduler
from core.store import Store, connections, exports, preferences, slots
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from core.store.tables.schedules import Outcome

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Leads = Callable[[AppTest], dict[str, str]]
DAILY = Schedule(times=("06:00",), time_zone="Europe/Riga")


@pytest.fixture
def words(words: Words) -> Words:
    """All that a page says, without the marks that keep it plain."""
    return lambda app: words(app).replace("\\", "")


def button(app: AppTest, key: str):
    return next(one for one in app.button if one.key == key)


def keys(app: AppTest) -> set[str]:
    return {one.key for one in app.button if one.key}


def of(store: Store, export: ExportRow) -> object:
    with store.begin() as session:
        return exports.schedule(exports.find(session, export.id))


def give(store: Store, export: ExportRow, schedule: object) -> None:
    with store.begin() as session:
        exports.reschedule(session, operator(), exports.find(session, export.id), schedule)


def claim(store: Store, export: ExportRow | None, outcome: Outcome, reason: str | None = None):
    at = datetime.now(UTC) - timedelta(hours=len(Outcome) - list(Outcome).index(outcome))
    key = slots.of_export(export.id) if export else slots.REFRESH
    with store.begin() as session:
        slots.claim(session, key, at, outcome, export=export, reason=reason)


def test_a_new_installation_refreshes_nothing_by_itself(page: Page, words: Words):
    app = page("schedules")
    assert not app.exception
    told = words(app)
    assert "Daily at 05:00, Europe/Riga" in told
    assert "Off" in told
    assert "Nothing has been due yet." in told


def test_an_administrator_sets_the_common_refresh_up(page: Page, store: Store, words: Words):
    app = page("schedules")
    button(app, "change-refresh").click().run()
    app.toggle[0].set_value(True)
    app.radio(key="refresh-form-days").set_value("Chosen days").run()
    app.multiselect(key="refresh-form-chosen").set_value(["thu", "mon"])
    app.time_input(key="refresh-form-time-1").set_value(time(18, 30))
    app.selectbox(key="refresh-form-zone").set_value("America/New_York")
    app.radio(key="refresh-form-downtime").set_value("never").run()
    assert "Mon and Thu at 05:00 and 18:30, America/New_York" in words(app)
    button(app, "form-save").click().run()
    with store.begin() as session:
        refresh = preferences.refresh(session)
        begun = slots.beginnings(session)[slots.REFRESH]
    assert (refresh.active, refresh.days, refresh.after_downtime) == (True, ("mon", "thu"), "never")
    assert begun.by == Role.administrator.name
    assert app.title[0].value == "Schedules"


def test_cron_text_is_said_back_with_its_next_times(page: Page, store: Store, words: Words):
    app = page("schedules", view="refresh")
    app.radio(key="refresh-form-way").set_value("Cron text").run()
    app.text_input(key="refresh-form-cron").set_value("0 6 * * 1-5").run()
    told = words(app)
    assert "At 06:00 on Monday through Friday" in told
    assert told.count("06:00 ·") == 4
    app.text_input(key="refresh-form-cron").set_value("0 25 * * *").run()
    assert "is not cron text: bad hour." in words(app)
    button(app, "form-save").click().run()
    assert app.title[0].value == "Refresh schedule"
    with store.begin() as session:
        assert not preferences.refresh(session).active


def test_no_day_and_no_time_are_told_at_their_fields(page: Page, words: Words):
    app = page("schedules", view="refresh")
    app.radio(key="refresh-form-days").set_value("Chosen days").run()
    app.time_input(key="refresh-form-time-0").set_value(None).run()
    button(app, "form-save").click().run()
    assert words(app).count("Must not be empty.") == 2


@pytest.mark.parametrize("role", [Role.viewer, Role.contributor])
def test_only_administrators_change_the_refresh(
    page: Page, signed_in: Callable[[Role], None], export: ExportRow, role: Role
):
    signed_in(role)
    app = page("schedules")
    assert keys(app) & {"change-refresh", "refresh-now", "change-1", "pause-1"} == set()
    app = page("schedules", view="refresh")
    assert app.title[0].value == "Schedules"


def test_contributors_schedule_exports_of_connections_that_are_shared(
    page: Page, store: Store, signed_in: Callable[[Role], None], export: ExportRow
):
    with store.begin() as session:
        row = connections.find(session, "Newsletter account")
        row.shared_with = "contributors"
        session.add(row)
    signed_in(Role.contributor)
    app = page("schedules")
    assert "refresh-now" not in keys(app)
    button(app, "change-1").click().run()
    app.radio(key="schedule-1-kind").set_value("refresh").run()
    button(app, "form-save").click().run()
    assert not app.exception
    assert of(store, export) == "refresh"


def test_an_export_gets_a_schedule_of_its_own_and_is_paused(
    page: Page, store: Store, export: ExportRow, cells: Words
):
    app = page("schedules", view="exports", export=export.id)
    app.radio(key="schedule-1-kind").set_value("own").run()
    app.time_input(key="schedule-1-time-0").set_value(time(6))
    app.selectbox(key="schedule-1-zone").set_value("Europe/Riga").run()
    button(app, "form-save").click().run()
    assert of(store, export) == DAILY
    told = cells(app)
    assert "Daily at 06:00, Europe/Riga" in told
    assert "Active" in told
    button(app, "pause-1").click().run()
    with store.begin() as session:
        assert exports.paused(exports.find(session, export.id))
    assert "Paused" in cells(app)
    button(app, "pause-1").click().run()
    with store.begin() as session:
        assert not exports.paused(exports.find(session, export.id))


def second(store: Store, export: ExportRow) -> ExportRow:
    with store.begin() as session:
        spec = exports.spec(session, export).model_copy(update={"name": "Another", "paused": True})
        return exports.add(session, operator(), spec)


@pytest.mark.parametrize(("kind", "changes"), [("keep", False), ("refresh", True)])
def test_several_exports_keep_their_schedules_or_get_one(
    page: Page, store: Store, export: ExportRow, kind: str, changes: bool
):
    other = second(store, export)
    mine = Cron(cron="0 6 * * *", time_zone="Europe/Riga")
    give(store, export, DAILY)
    give(store, other, mine)
    app = page("schedules")
    button(app, "several").click().run()
    app.multiselect(key="schedule-exports").set_value([export.id, other.id]).run()
    app.radio(key=f"schedule-{export.id}-{other.id}-kind").set_value(kind)
    app.radio(key=f"schedule-{export.id}-{other.id}-pause").set_value(False).run()
    button(app, "form-save").click().run()
    assert not app.exception
    found = [of(store, export), of(store, other)]
    assert found == (["refresh", "refresh"] if changes else [DAILY, mine])
    with store.begin() as session:
        assert not exports.paused(exports.find(session, other.id))


def test_each_outcome_is_a_row_with_its_reason(
    page: Page, store: Store, export: ExportRow, words: Words
):
    claim(store, None, Outcome.failed, "Profiles: no file for anna@example.lv.")
    claim(store, export, Outcome.skipped, "The export is paused.")
    claim(store, export, Outcome.missed, "The server was down.")
    app = page("schedules")
    told = words(app)
    assert "Refresh schedule" in told
    assert "The export is paused." in told
    assert "anna@" not in told
    app.multiselect(key="outcome").set_value(["Missed"]).run()
    told = words(app)
    assert "The server was down." in told
    assert "The export is paused." not in told
    assert "The server was down." in words(page("preview", export=export.id))


def test_a_slot_that_ran_leads_to_its_run(
    page: Page, store: Store, export: ExportRow, ran: Callable[..., Run], leads: Leads
):
    run = ran(RunStatus.succeeded)
    claim(store, export, Outcome.due)
    with store.begin() as session:
        (slot,) = slots.everything(session)
        slots.record(session, slot, Outcome.ran, None, run.id)
    assert leads(page("schedules")) == {
        "Weekly letter": f"export?export={export.id}",
        f"Run {run.id}": f"history?run={run.id}",
    }


def test_history_tells_the_times_that_did_not_run(
    page: Page, store: Store, export: ExportRow, ran: Callable[..., Run], words: Words
):
    ran(RunStatus.succeeded)
    claim(store, None, Outcome.missed, "The server was down.")
    claim(store, export, Outcome.skipped, "The export is paused.")
    app = page("history")
    told = words(app)
    assert "2 times" in told
    assert "The server was down." in told
    app.selectbox(key="export").set_value("Weekly letter").run()
    told = words(app)
    assert "The export is paused." in told
    assert "The server was down." not in told


def test_refresh_now_asks_first_and_names_what_it_runs(
    page: Page, store: Store, export: ExportRow, words: Words
):
    give(store, export, "refresh")
    app = page("schedules")
    button(app, "refresh-now").click().run()
    assert "Then 1 export runs, and sends to Klaviyo: **Weekly letter**." in words(app)
    button(app, "confirm-yes").click().run()
    with store.begin() as session:
        assert [s.schedule for s in slots.due(session)] == ["refresh", "export 1"]
    assert button(page("schedules"), "refresh-now").disabled


def test_setting_up_opens_switched_on_and_off_has_no_next_time(page: Page, words: Words):
    app = page("schedules")
    assert "Next" not in words(app)
    button(app, "change-refresh").click().run()
    assert app.toggle[0].value
    assert words(app).count("05:00 ·") == 4
    app.toggle[0].set_value(False).run()
    assert "Daily at 05:00" in words(app)
    assert "Next" not in words(app)


def test_a_schedule_that_was_typed_is_offered_again(page: Page, export: ExportRow, words: Words):
    app = page("schedules", view="exports", export=export.id)
    app.radio(key="schedule-1-kind").set_value("own").run()
    app.time_input(key="schedule-1-time-0").set_value(time(6, 15)).run()
    assert "Kept as a draft" in words(app)
    app = page("schedules", view="exports", export=export.id)
    assert "You began this just now" in words(app)
    app.button(key="draft-continue").click().run()
    assert app.time_input(key="schedule-1-time-0").value == time(6, 15)
    button(app, "form-cancel").click().run()
    assert "You began this" not in words(page("schedules", view="exports", export=export.id))


@pytest.mark.parametrize("takes", [True, False])
def test_a_schedule_that_somebody_changed_meanwhile_is_not_undone(
    page: Page, store: Store, export: ExportRow, words: Words, takes: bool
):
    app = page("schedules", view="exports", export=export.id)
    app.radio(key="schedule-1-kind").set_value("refresh").run()
    give(store, export, DAILY)
    button(app, "form-save").click().run()
    told = words(app)
    assert "changed this schedule after you opened it" in told
    assert of(store, export) == DAILY
    app.button(key="take-theirs" if takes else "save-anyway").click().run()
    assert not app.exception
    assert of(store, export) == (DAILY if takes else "refresh")


def test_the_refresh_schedule_that_somebody_changed_meanwhile_is_not_undone(
    page: Page, store: Store, words: Words
):
    app = page("schedules", view="refresh")
    app.time_input(key="refresh-form-time-0").set_value(time(7)).run()
    theirs = RefreshSchedule(times=("04:00",), time_zone="Europe/Riga")
    with store.begin() as session:
        preferences.change_refresh(session, operator(), theirs)
    button(app, "form-save").click().run()
    assert "changed this schedule after you opened it" in words(app)
    with store.begin() as session:
        assert preferences.refresh(session) == theirs
    app.button(key="save-anyway").click().run()
    with store.begin() as session:
        assert preferences.refresh(session).times == ("07:00",)


def test_a_run_by_schedule_is_by_the_schedule(
    page: Page, store: Store, export: ExportRow, words: Words, cells: Words
):
    give(store, export, DAILY)
    with store.begin() as session:
        row = exports.find(session, export.id)
        slots.begin(session, slots.of_export(row.id), "Anna", datetime(2026, 1, 1, tzinfo=UTC))
    scheduler.tick(store, datetime.now(UTC))
    by = "schedule “Daily at 06:00, Europe/Riga”"
    assert by in cells(page("history"))
    assert f"by {by}" in words(page("history", run=1))
    assert by in words(page("preview", export=export.id))
    assert by in cells(page("audit"))
