"""A held run: its reason wherever the export shows, and the two ways out of it."""

from collections.abc import Callable
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role
from core.store import Store, progress, runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
WHY = "Klaviyo doesn't accept the private key."


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


def test_a_guard_is_confirmed_with_its_number(
    page: Page, ran: Callable[..., Run], store: Store, words: Words
):
    run = ran(RunStatus.running)
    with store.begin() as session:
        progress.hold(session, run.id, "It would take 20 people off the list.", asking=20)
    app = page("history", run=run.id)
    app.button(key="confirm").click().run()
    assert "It would take 20 people off the list." in words(app)
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        found = runs.find(session, run.id)
    assert (found.status, found.confirmed, found.asking) == (RunStatus.queued, 20, None)
