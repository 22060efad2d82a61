"""Forms that lose nothing, on the form of an export: drafts, and two tabs that change one thing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Person, Role, operator
from core.store import Store, accounts, connections, drafts, exports
from core.store.drafts import Form
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportRow

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Tab = Callable[[], AppTest]


@pytest.fixture
def tab(page: Page, export: ExportRow) -> Tab:
    """Opens the form of the export in a tab of its own: also what a reload does."""
    return lambda: page("exports", view="edit", export=export.id)


@pytest.fixture
def shared(store: Store, connection: ConnectionRow) -> None:
    """Contributors may use the connection."""
    with store.begin() as session:
        row = connections.find(session, connection.id)
        row.shared_with = "contributors"
        session.add(row)


def name(app: AppTest) -> str:
    return str(app.text_input(key="export-edit-1-name").value)


def type_name(app: AppTest, text: str) -> None:
    app.text_input(key="export-edit-1-name").set_value(text).run()


def kept(store: Store, role: Role = Role.administrator) -> dict | None:
    with store.begin() as session:
        account = accounts.look_up(session, role.name)
        row = drafts.find(session, Person(role.name, role, account.id), Form("export", 1))
    return row.data if row else None


def saved_name(store: Store) -> str:
    with store.begin() as session:
        return exports.find(session, 1).name


def test_a_form_that_is_only_looked_at_leaves_no_draft(tab: Tab, store: Store, words: Words):
    app = tab()
    app.run()
    assert kept(store) is None
    assert "You began this" not in words(tab())


def test_what_was_typed_is_offered_after_a_reload_and_goes_on_where_it_was(
    tab: Tab, store: Store, words: Words
):
    app = tab()
    app.text_input(key="export-edit-1-name").set_value("Sunday letter")
    app.number_input(key="export-edit-1-limit").set_value(77)
    app.radio(key="export-edit-1-schedule-kind").set_value("own")
    app.selectbox(key="export-edit-1-match-1-country").set_value("country")
    app.button(key="export-edit-1-match-1-add").click().run()
    app.text_input(key="export-edit-1-match-1-property-1").set_value("unfinished").run()
    assert "Kept as a draft" in words(app)
    again = tab()
    assert "You began this just now" in words(again)
    assert "Sunday letter" in words(again)
    assert again.title[0].value == "Edit export"
    assert not again.text_input
    again.button(key="draft-continue").click().run()
    assert not again.exception
    assert name(again) == "Sunday letter"
    assert again.number_input(key="export-edit-1-limit").value == 77
    assert again.radio(key="export-edit-1-schedule-kind").value == "own"
    assert again.selectbox(key="export-edit-1-match-1-country").value == "country"
    assert again.text_input(key="export-edit-1-match-1-property-1").value == "unfinished"
    again.radio(key="export-edit-1-schedule-kind").set_value("off")
    again.button(key="export-edit-1-match-1-x-1").click().run()
    again.button(key="form-save").click().run()
    assert saved_name(store) == "Sunday letter"
    assert kept(store) is None


def test_who_starts_over_begins_with_what_is_saved(tab: Tab, store: Store, words: Words):
    type_name(tab(), "Sunday letter")
    app = tab()
    app.button(key="draft-drop").click().run()
    assert name(app) == "Weekly letter"
    assert kept(store) is None
    app.run()
    assert "You began this" not in words(app)


def test_what_was_typed_and_taken_back_is_no_draft(tab: Tab, store: Store):
    app = tab()
    type_name(app, "Sunday letter")
    assert kept(store)
    type_name(app, "Weekly letter")
    assert kept(store) is None


def test_cancel_discards_the_draft_and_going_back_keeps_it(tab: Tab, store: Store, words: Words):
    app = tab()
    type_name(app, "Sunday letter")
    app.button(key="back").click().run()
    assert app.title[0].value == "Exports"
    app = tab()
    assert "You began this" in words(app)
    app.button(key="draft-continue").click().run()
    app.button(key="form-cancel").click().run()
    assert kept(store) is None


def test_a_draft_says_how_long_ago_it_was_begun(tab: Tab, store: Store, words: Words):
    type_name(tab(), "Sunday letter")
    with store.begin() as session:
        account = accounts.look_up(session, "administrator")
        person = Person("administrator", Role.administrator, account.id)
        row = drafts.find(session, person, Form("export", 1))
        row.began_at -= timedelta(minutes=12)
        session.add(row)
    assert "You began this 12 minutes ago" in words(tab())


def test_others_see_nothing_of_a_draft(
    tab: Tab, store: Store, signed_in, shared: None, words: Words
):
    type_name(tab(), "Sunday letter")
    signed_in(Role.contributor)
    app = tab()
    assert name(app) == "Weekly letter"
    signed_in(Role.administrator)
    assert "You began this" in words(tab())


def test_a_new_export_and_a_copy_have_drafts_of_their_own(
    page: Page, export: ExportRow, segment: SegmentRow, words: Words
):
    app = page("exports", view="new")
    app.multiselect(key="export-new--segments").set_value(["Latvia"]).run()
    app.selectbox(key="export-new--match-1-email").set_value("first_name").run()
    assert "You began this" not in words(page("exports", view="duplicate", export=1))
    app = page("exports", view="new")
    app.button(key="draft-continue").click().run()
    assert app.selectbox(key="export-new--match-1-email").value == "first_name"


def test_the_second_of_two_tabs_does_not_undo_what_the_first_saved(
    tab: Tab, store: Store, signed_in, shared: None, words: Words
):
    mine = tab()
    signed_in(Role.contributor)
    theirs = tab()
    theirs.number_input(key="export-edit-1-limit").set_value(2500)
    theirs.button(key="form-save").click().run()
    signed_in(Role.administrator)
    type_name(mine, "Sunday letter")
    mine.button(key="form-save").click().run()
    (warning,) = mine.warning
    assert "contributor changed this export after you opened it: today" in warning.value
    assert saved_name(store) == "Weekly letter"
    table = mine.table[-1].value
    assert table.to_numpy().tolist() == [
        ["Name", "Weekly letter", "Weekly letter", "Sunday letter"],
        ["Profiles in one run, at most", "100,000", "2,500", "100,000"],
    ]
    assert kept(store)["name"] == "Sunday letter"
    mine.button(key="save-anyway").click().run()
    with store.begin() as session:
        saved = exports.spec(session, exports.find(session, 1))
    assert (saved.name, saved.limit) == ("Sunday letter", 100_000)
    assert kept(store) is None


def test_who_takes_theirs_discards_their_own(tab: Tab, store: Store, words: Words):
    first, second = tab(), tab()
    type_name(first, "Monday letter")
    type_name(second, "Sunday letter")
    first.button(key="form-save").click().run()
    second.button(key="form-save").click().run()
    assert "You changed this export in another window" in second.warning[0].value
    second.button(key="take-theirs").click().run()
    assert second.title[0].value == "Exports"
    assert saved_name(store) == "Monday letter"
    assert kept(store) is None


def test_a_change_while_a_draft_lies_is_noticed_as_well(tab: Tab, store: Store):
    type_name(tab(), "Sunday letter")
    with store.begin() as session:
        row = exports.find(session, 1)
        spec = exports.spec(session, row).model_copy(update={"limit": 5})
        exports.change(session, operator(), row, spec)
    app = tab()
    app.button(key="draft-continue").click().run()
    app.button(key="form-save").click().run()
    assert f"{operator().name} changed this export" in app.warning[0].value


def test_what_others_change_outside_the_form_stays_as_they_left_it(tab: Tab, store: Store):
    app = tab()
    with store.begin() as session:
        exports.pause(session, operator(), exports.find(session, 1), True)
    type_name(app, "Sunday letter")
    app.button(key="form-save").click().run()
    assert saved_name(store) == "Sunday letter"
    with store.begin() as session:
        assert exports.paused(exports.find(session, 1))
