"""Changes that wait for a second person: proposed in the form, decided on the export's page."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Person, Role, operator
from core.store import Store, accounts, approvals, exports, progress, requests, second_person
from core.store.tables.exports import ExportRow
from core.store.tables.runs import RunStatus

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


@pytest.fixture
def anna(store: Store, export: ExportRow) -> Person:
    """Another administrator; the export wants a second person."""
    with store.begin() as session:
        id = accounts.add(session, operator(), "Anna", Role.administrator).id
        row = exports.find(session, export.id)
        spec = exports.spec(session, row).model_copy(update={"approval": True})
        exports.change(session, operator(), row, spec)
    return Person("Anna", Role.administrator, id, "192.0.2.1")


def now(store: Store, export: ExportRow) -> tuple[int, bool]:
    """The limit of the export, and whether a change of it waits."""
    with store.begin() as session:
        row = exports.find(session, export.id)
        return exports.spec(session, row).limit, approvals.of(session, row) is not None


def propose(store: Store, person: Person, export: ExportRow, limit: int) -> None:
    with store.begin() as session:
        row = exports.find(session, export.id)
        spec = exports.spec(session, row).model_copy(update={"limit": limit})
        approvals.propose(session, person, row, spec)


def test_the_form_proposes_a_change_and_its_author_can_only_withdraw_it(
    page: Page, words: Words, store: Store, export: ExportRow, anna: Person
):
    app = page("exports", view="edit", export=export.id)
    form = f"export-edit-{export.id}"
    assert "Who can approve: Anna, administrator." in words(app)
    app.number_input(key=f"{form}-limit").set_value(7).run()
    assert app.button(key="form-save").label == "Propose change"
    app.button(key="form-save").click().run()
    assert not app.exception
    assert now(store, export) == (100_000, True)
    app = page("preview", export=export.id)
    assert "A change waits for approval" in words(app)
    assert "These can approve it: Anna." in words(app)
    assert [b for b in app.button if b.key == "approve"] == []
    app.button(key="reject").click().run()
    assert now(store, export) == (100_000, False)


def test_somebody_else_sees_what_it_changes_and_approves_it(
    page: Page, words: Words, store: Store, export: ExportRow, anna: Person
):
    propose(store, anna, export, 7)
    overview = page("overview")
    assert "Changes to approve" in words(overview)
    assert "proposed by Anna" in words(overview)
    app = page("preview", export=export.id)
    table = next(one.value for one in app.table if "Proposed" in one.value.columns)
    assert table.to_numpy().tolist() == [["Profiles in one run, at most", "100,000", "7"]]
    app.button(key="approve").click().run()
    assert not app.exception
    assert now(store, export) == (7, False)
    assert "Changes to approve" not in words(page("overview"))


def test_who_started_a_held_run_is_not_offered_to_confirm_it(
    page: Page, words: Words, store: Store, export: ExportRow, anna: Person
):
    with store.begin() as session:
        me = accounts.find(session, Role.administrator.name)
        person = Person(me.name, Role.administrator, me.id)
        run = requests.request(session, person, exports.find(session, export.id))
        progress.step(session, run.id, RunStatus.running)
        progress.hold(session, run.id, "10 people would leave.", 10)
    app = page("history", run=run.id)
    assert "You started it: somebody else has to confirm it." in words(app)
    app.button(key="confirm").click().run()
    assert app.button(key="confirm-yes").disabled


def test_a_single_person_is_told_before_locking_themselves_out(
    page: Page, words: Words, store: Store, export: ExportRow
):
    app = page("exports", view="edit", export=export.id)
    form = f"export-edit-{export.id}"
    app.toggle(key=f"{form}-approval").set_value(True).run()
    assert "there are fewer now" in words(app)
    app.button(key="form-save").click().run()
    assert "Approval needs at least 2 people" in words(app)
    with store.begin() as session:
        assert not second_person.is_needed(exports.find(session, export.id))
