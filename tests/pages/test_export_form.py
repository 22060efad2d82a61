"""The form of an export: new, edited, duplicated."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.models import ConnectionRow, ExportRow, SegmentRow
from core.store import Store, connections, exports, runs, sources

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
FORM = "export-new-"


def test_without_a_connection_the_form_says_where_to_get_one(page: Page, words: Words) -> None:
    app = page("exports", view="new")
    assert not app.exception
    assert "There is no connection yet." in words(app)
    assert "There is no segment yet." in words(app)


def test_the_form_proposes_a_matching_by_the_names_of_columns(
    page: Page, connection: ConnectionRow, segment: SegmentRow
) -> None:
    app = page("exports", view="new")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    chosen = {s.key.split("-")[-1]: s.value for s in app.selectbox if "-match-1-" in s.key}
    assert {name: column for name, column in chosen.items() if column} == {
        "email": "email",
        "phone_number": "phone",
        "external_id": "customer_id",
        "first_name": "first_name",
        "country": "country",
    }


def test_a_new_export_goes_to_a_list_chosen_by_its_name(
    page: Page, store: Store, connection: ConnectionRow, segment: SegmentRow
) -> None:
    app = page("exports", view="new")
    assert "VIP (VpX3qT)" in app.selectbox(key=f"{FORM}-list").options
    app.text_input(key=f"{FORM}-name").set_value("Sunday letter")
    app.selectbox(key=f"{FORM}-list").set_value("VpX3qT")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    app.button(key="form-save").click().run()
    assert app.title[0].value == "Sunday letter"
    with store.begin() as session:
        row = exports.find(session, "Sunday letter")
        assert (row.list_id, row.list_name) == ("VpX3qT", "VIP")
        assert runs.how_many(session) == 0


def test_when_the_lists_can_not_be_read_their_ids_can_be_typed(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    with store.begin() as session:
        row = connections.find(session, "Newsletter account")
        row.secret = store.vault.lock("nonsense")
        session.add(row)
    app = page("exports", view="edit", export=1)
    assert "The lists can’t be read, so type the ID." in words(app)
    assert app.selectbox(key="export-edit-1-list").value == "Y6nRLr"


def test_what_is_missing_is_said_at_its_field_and_nothing_is_saved(
    page: Page, store: Store, connection: ConnectionRow, segment: SegmentRow, words: Words
) -> None:
    app = page("exports", view="new")
    app.button(key="form-save").click().run()
    told = words(app)
    assert "Give the export a name." in told
    assert "Choose a list, or type its ID." in told
    assert "Choose at least one segment." in told
    app.selectbox(key=f"{FORM}-list").set_value("VpX3qT")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    assert "Choose at least one segment." not in words(app)
    with store.begin() as session:
        assert exports.everything(session) == []


def test_a_source_whose_email_can_not_be_guessed_asks_for_its_column(
    page: Page, store: Store, connection: ConnectionRow, segment: SegmentRow, words: Words
) -> None:
    with store.begin() as session:
        source = sources.find(session, "Profiles")
        source.fields = {"contact": "text", "country": "text"}
        session.add(source)
    app = page("exports", view="new")
    app.multiselect(key=f"{FORM}-segments").set_value(["Latvia"]).run()
    app.button(key="form-save").click().run()
    assert "Choose the column that holds the email address." in words(app)


def test_saving_an_edit_shows_the_preview_and_runs_nothing(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("exports", view="edit", export=1)
    app.text_input(key="export-edit-1-name").set_value("Friday letter")
    app.number_input(key="export-edit-1-limit").set_value(2)
    app.radio(key="export-edit-1-over").set_value("split")
    app.button(key="form-save").click().run()
    assert app.title[0].value == "Friday letter"
    with store.begin() as session:
        saved = exports.spec(session, exports.find(session, 1))
        assert (saved.limit, saved.over_limit) == (2, "split")
        assert saved.match.properties == {"spent": "spent"}
        assert runs.how_many(session) == 0


def test_a_name_that_is_taken_is_said_at_the_name(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="duplicate", export=1)
    assert app.text_input(key="export-duplicate-1-name").value == "Weekly letter, copy"
    app.text_input(key="export-duplicate-1-name").set_value("Weekly letter")
    app.button(key="form-save").click().run()
    assert "The name “Weekly letter” is taken by another export" in words(app)
    app.text_input(key="export-duplicate-1-name").set_value("Another")
    app.button(key="form-save").click().run()
    with store.begin() as session:
        assert [row.name for row in exports.everything(session)] == ["Another", "Weekly letter"]


def test_properties_are_added_and_taken_away(page: Page, store: Store, export: ExportRow) -> None:
    app = page("exports", view="edit", export=1)
    key = "export-edit-1-match-1"
    app.button(key=f"{key}-add").click().run()
    app.selectbox(key=f"{key}-column-1").set_value("country")
    app.text_input(key=f"{key}-property-1").set_value("home").run()
    app.button(key=f"{key}-x-0").click().run()
    app.button(key="form-save").click().run()
    with store.begin() as session:
        saved = exports.spec(session, exports.find(session, 1))
        assert saved.match.properties == {"home": "country"}


def test_a_wrong_country_code_is_said_at_its_field(
    page: Page, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    app.selectbox(key="export-edit-1-match-1-phone_number").set_value("phone").run()
    app.radio(key="export-edit-1-region").set_value("One country").run()
    app.text_input(key="export-edit-1-country").set_value("QQ")
    app.button(key="form-save").click().run()
    assert "There is no country code “QQ”." in words(app)


@pytest.mark.parametrize("export_id", ["77", "nothing"])
def test_an_export_that_does_not_exist_is_one_sentence(
    page: Page, export: ExportRow, export_id: str
) -> None:
    app = page("exports", view="edit", export=export_id)
    assert not app.exception
    assert f"There is no export “{export_id}”." in app.error[0].value
