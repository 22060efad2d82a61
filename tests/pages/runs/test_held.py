"""A held run: its reason wherever the export shows, and the two ways out of it."""

from collections.abc import Callable
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role, operator
from core.configuration.export import Mode
from core.store import Store, exports, progress, requests, runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
WHY = "Klaviyo doesn't accept the private key."
LEAVING = "It would take 20 people off the list."


@pytest.fixture
def held(ran: Callable[..., Run], store: Store) -> Run:
    run = ran(RunStatus.running)
    with store.begin() as session:
        return progress.hold(session, run.id, WHY)


def test_the_reason_stands_with_the_export_and_with_the_run(page: Page, held: Run, words: Words):
    assert f'title="{escape(WHY)}"' in page("exports").get("html")[0].proto.body
    assert WHY in words(page("overview"))
    for app in (page("preview", export=held.export_id), page("history", run=held.id)):
        assert app.warning[0].value == WHY


def test_a_held_run_is_tried_again(page: Page, held: Run, store: Store):
    page("history", run=held.id).button(key="held-again").click().run()
    with store.begin() as session:
        run = runs.find(session, held.id)
    assert (run.status, run.hold) == (RunStatus.queued, None)


def test_a_held_run_is_discarded_once_that_is_confirmed(page: Page, held: Run, store: Store):
    app = page("preview", export=held.export_id)
    app.button(key="discard").click().run()
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert runs.find(session, held.id).status == RunStatus.cancelled


def test_viewers_see_the_reason_and_no_button(
    page: Page, held: Run, export: ExportRow, signed_in: Callable[[Role], None]
):
    signed_in(Role.viewer)
    app = page("history", run=held.id)
    assert app.warning[0].value == WHY
    assert not [b for b in app.button if b.key in ("held-again", "discard")]


@pytest.fixture
def guarded(store: Store, export: ExportRow, ran: Callable[..., Run]) -> Run:
    """A run of a mirrored export that its guard holds: 1 joins, 6 change, 20 would leave."""
    with store.begin() as session:
        row = exports.find(session, export.id)
        spec = exports.spec(session, row).model_copy(update={"mode": Mode.mirror})
        exports.change(session, operator(), row, spec)
        export.spec = dict(row.spec)
    run = ran(RunStatus.running, members=40, added=1, updated=6, leaving=20)
    crossed = {"name": "remove", "limit": 10.0, "number": 20, "text": LEAVING}
    with store.begin() as session:
        return progress.hold(session, run.id, LEAVING, asking=20, guards=[crossed])


def found(store: Store, run: Run) -> Run:
    with store.begin() as session:
        return runs.find(session, run.id)


def test_a_guard_is_confirmed_with_its_number(page: Page, guarded: Run, store: Store, words: Words):
    app = page("history", run=guarded.id)
    app.button(key="confirm").click().run()
    assert LEAVING in words(app)
    app.checkbox(key="held-take").check()
    app.button(key="confirm-yes").click().run()
    run = found(store, guarded)
    assert (run.status, run.confirmed, run.asking) == (RunStatus.queued, 20, None)
    assert not run.order.keeps_leavers


def test_the_dialog_says_what_is_done_and_takes_nobody_off_unless_that_is_ticked(
    page: Page, guarded: Run, store: Store, words: Words
):
    app = page("preview", export=guarded.export_id)
    app.button(key="confirm").click().run()
    assert "Hold the run when more than 10 % of the list would leave." in words(app)
    assert [m.value for m in app.metric[-3:]] == ["1", "6", "20"]
    assert app.checkbox(key="held-take").label == "Also take the 20 off the list"
    assert app.button(key="confirm-no").label == "Leave it held"
    assert app.button(key="confirm-yes").label == "Run anyway: 1 joins, 6 change"
    app.button(key="confirm-yes").click().run()
    assert found(store, guarded).order.keeps_leavers


def test_what_has_changed_since_the_dialog_was_drawn_is_not_run(
    page: Page, guarded: Run, store: Store, words: Words
):
    app = page("history", run=guarded.id)
    app.button(key="confirm").click().run()
    with store.begin() as session:
        progress.record(session, runs.find(session, guarded.id), {"added": 2})
    app.button(key="confirm-yes").click().run()
    assert "The run has changed since this was shown." in words(app)
    assert found(store, guarded).status == RunStatus.held


@pytest.mark.parametrize("discards", [True, False])
def test_the_run_keeps_who_held_it_why_and_who_decided(
    page: Page, guarded: Run, store: Store, words: Words, discards: bool
):
    with store.begin() as session:
        run = runs.find(session, guarded.id)
        if discards:
            requests.ask_stop(session, operator(), run)
        else:
            requests.confirm(session, operator(), run, 20, keep_leavers=True)
    told = words(page("history", run=guarded.id))
    assert "Hold the run when more than 10 % of the list would leave." in told
    assert LEAVING in told
    deed = (
        "discarded it." if discards else "ran it anyway, confirmed at 20 people. Nobody was taken"
    )
    assert f"· **{operator().name}** {deed}" in told
