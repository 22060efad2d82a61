"""Undoing a run in the browser: the plan first, one more click, and what pages say after it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role
from core.configuration.order import PlanSeen
from core.plan import journal, ledger
from core.plan.record import Delivered, recorded
from core.runs import taking_back
from core.store import Store, exports, runs
from core.store.preferences import REFRESH
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunKind, RunStatus

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


@pytest.fixture
def run(store: Store, ran: Callable[..., Run]) -> Run:
    """One that added three people yesterday, of whom run 7 has sent one again since."""
    found = ran(RunStatus.succeeded, members=3, valid=3, sent=3, accepted=3, added=3, batches=1)
    place, at = taking_back.ledger_of(store, found), datetime.now(UTC) - timedelta(days=1)
    before, off = ledger.read(place), pl.Series(dtype=pl.String)
    after = recorded(before, delivered(found, found.id, at, "ilze@x.lv", "j@x.lv", "m@x.lv"))
    journal.keep(place, journal.Entry(found.id, found.created_at, at, at), before, after, off)
    ledger.write(place, recorded(after, delivered(found, 7, at, "j@x.lv")))
    return found


def delivered(run: Run, number: int, at: datetime, *emails: str) -> Delivered:
    people = pl.DataFrame(
        {"email": emails, "hash": [number] * len(emails), "person": [None] * len(emails)},
        {"email": pl.String, "hash": pl.UInt64, "person": pl.UInt64},
    )
    return Delivered(run.export_id or 0, number, at, people, people.head(0), people, whole=False)


def pressed(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_the_plan_comes_first_and_one_more_click_asks_for_the_undo(
    store: Store, page: Page, words: Words, run: Run, export: ExportRow
) -> None:
    with store.begin() as session:
        row = exports.find(session, export.id)
        row.spec = row.spec | {"schedule": {"cron": "0 6 * * *", "time_zone": "Europe/Riga"}}
    app = pressed(page("history", run=run.id), "undo")
    assert not app.exception
    said = words(app)
    assert "Emails that were sent meanwhile stay sent" in said
    assert {one.label.split("] ")[-1]: one.value for one in app.metric}.items() >= {
        ("Taken off", "2"),
        ("Put back", "0"),
        ("Restored", "0"),
    }
    assert "1 person is left alone" in said
    assert app.checkbox(key="undo-pauses").value
    assert app.button(key="undo-yes").label == f"Undo run {run.id}: take 2 off"
    assert not pressed(app, "undo-yes").exception
    with store.begin() as session:
        asked = runs.undone_by(session, run)
        assert exports.paused(exports.find(session, export.id))
    assert asked is not None
    assert (asked.kind, asked.undo_of, asked.order.undo.seen) == ("undo", run.id, PlanSeen(2, 0, 0))
    assert f"Run {asked.id} is undoing it" in [
        one.proto.label for one in page("history", run=run.id).get("page_link")
    ]


def test_only_who_may_run_the_export_can_undo_its_runs(
    page: Page, run: Run, signed_in: Callable[[Role], None]
) -> None:
    signed_in(Role.viewer)
    buttons = [one.key for one in page("history", run=run.id).button]
    assert "undo" not in buttons
    signed_in(Role.administrator)
    assert "undo" in [one.key for one in page("history", run=run.id).button]


def test_the_export_says_that_a_run_was_undone_and_what_the_next_one_would_do(
    store: Store, page: Page, words: Words, run: Run, ran: Callable[..., Run]
) -> None:
    left = {"alone": {"changed_since": 1, "joined_elsewhere": 3}, "complete": True}
    numbers = {"kind": RunKind.undo, "undo_of": run.id, "removed": 1204, "undo": left}
    undo = ran(RunStatus.succeeded, **numbers)
    app = page("preview", export=run.export_id)
    assert not app.exception
    assert f"Run {run.id} was undone" in [one.proto.title for one in app.info]
    assert "The next run would add 1,204 again" in words(app)
    of_undo = page("history", run=undo.id)
    assert not of_undo.exception
    assert ("Taken off", "1,204") in [(one.label, one.value) for one in of_undo.metric]
    assert "**3** were on the list before" in words(of_undo)
    assert "undo" not in [one.key for one in of_undo.button]


def test_a_list_goes_back_to_a_day_that_is_known(page: Page, words: Words, run: Run) -> None:
    app = pressed(page("preview", export=run.export_id), "restore")
    assert not app.exception
    zone = ZoneInfo(REFRESH.time_zone)  # of days, unless another is chosen
    yesterday = datetime.now(zone).date() - timedelta(days=1)
    chosen = app.date_input(key="undo-day")
    assert (chosen.value, chosen.min, chosen.max) == (yesterday, yesterday, yesterday)
    assert "Nothing is left to be done" in words(app)
