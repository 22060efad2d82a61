"""Settings of the installation: what is shown, changed and used by new exports."""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core import __version__
from core.access import Person, Role
from core.configuration.export import Guards
from core.configuration.retention import Retention
from core.store import Store, preferences
from core.store.tables.data import SegmentRow

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def saved(store: Store) -> tuple[Guards, Retention]:
    with store.begin() as session:
        return preferences.guards(session), preferences.retention(session)


def changed(store: Store, guards: Guards, name: str = "Anna") -> None:
    """As another administrator does it meanwhile."""
    with store.begin() as session:
        preferences.change_defaults(session, Person(name, Role.administrator), guards)


def test_everything_is_shown_with_where_it_is_set(
    page: Page, words: Words, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SEGFERRY_AUDIT_DAYS", "90")
    app = page("settings")
    assert not app.exception
    said = words(app) + "".join(one.proto.body for one in app.get("html"))
    assert "Europe/Riga" in said
    assert "Hold the run when more than 10 % of the list would leave." in said
    row = '<th>Audit<br><span class="sf-gray">set by SEGFERRY_AUDIT_DAYS in the environment</span>'
    assert f"{row}</th><td>90 days</td><td>—</td>" in said
    assert "<td>730 days</td>" in said
    for fact in (__version__, "SQLite 3.", str(store.settings.home), "MIT"):
        assert fact in said
    (unset,) = [e.proto.body for e in app.expander[0].get("html")]
    assert "<dt>SEGFERRY_AUDIT_DAYS</dt><dd>90 " in said.replace(unset, "")
    assert "<dt>SEGFERRY_MAX_ROWS</dt><dd>100000000 " in unset


def test_how_much_is_kept_is_counted_on_request(page: Page, words: Words, store: Store):
    with store.begin() as session:
        preferences.change_defaults(session, Person("Anna", Role.administrator), Guards(add=9))
    app = page("settings")
    assert "Not counted" in words(app)
    app.button(key="count-kept").click().run()
    assert "Counted today" in words(app)
    said = "".join(one.proto.body for one in app.get("html"))
    assert re.search(r"<th>Audit</th><td>400 days</td><td>[1-9]\d*</td><td>[^—]", said)


def test_guards_and_retention_are_changed_in_one_form(page: Page, store: Store, words: Words):
    app = page("settings")
    app.button(key="change-guards").click().run()
    app.number_input(key="settings-guard-remove").set_value(4.0)
    app.checkbox(key="settings-guard-flows").uncheck()
    app.number_input(key="settings-drafts").set_value(7).run()
    assert "Kept as a draft" in words(app)
    app.button(key="form-save").click().run()
    assert app.title[0].value == "Settings"
    assert saved(store) == (Guards(remove=4, flows=False), Retention(drafts=7))
    assert "Switched off" in words(app)


def test_what_the_environment_sets_cannot_be_typed(page: Page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SEGFERRY_AUDIT_DAYS", "90")
    app = page("settings", view="defaults")
    disabled = {one.key: one.disabled for one in app.number_input if "guard" not in one.key}
    assert disabled == {f"settings-{name}": name == "audit" for name in Retention.model_fields}


def test_what_somebody_else_saved_meanwhile_is_not_undone(page: Page, store: Store, words: Words):
    app = page("settings", view="defaults")
    app.number_input(key="settings-guard-remove").set_value(4.0).run()
    changed(store, Guards(add=80))
    app.button(key="form-save").click().run()
    assert "Anna changed this page after you opened it" in app.warning[0].value
    assert saved(store)[0] == Guards(add=80)
    app.button(key="save-anyway").click().run()
    assert saved(store)[0] == Guards(remove=4)


def test_what_was_typed_and_not_saved_is_offered_again(page: Page, words: Words):
    app = page("settings", view="defaults")
    app.number_input(key="settings-sizes").set_value(123).run()
    app = page("settings", view="defaults")
    assert "didn’t save it" in words(app)
    app.button(key="draft-continue").click().run()
    assert app.number_input(key="settings-sizes").value == 123


def test_a_new_export_begins_with_them_and_one_that_exists_keeps_its_own(
    page: Page, store: Store, segment: SegmentRow
):
    changed(store, Guards(add=33))
    app = page("exports", view="new")
    assert app.number_input(key="export-new--guard-add").value == 33


def test_the_form_of_the_refresh_leads_back_to_the_settings(page: Page):
    app = page("settings")
    app.button(key="change-refresh").click().run()
    assert app.title[0].value == "Refresh schedule"
    app.button(key="form-cancel").click().run()
    assert app.title[0].value == "Settings"


def test_nobody_else_changes_them(page: Page, signed_in: Callable[[Role | None], None]):
    signed_in(Role.contributor)
    app = page("settings", view="defaults")
    assert "This page is for administrators" in app.error[0].value
    assert not app.number_input
