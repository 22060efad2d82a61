"""Exports: the list, what its rows can do, and the form."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access import operator
from core.models import ConnectionRow, ExportRow, Run, RunStatus, SegmentRow
from core.store import Store, connections, exports, runs, sources

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
FORM = "export-new-"


def names(app: AppTest) -> list[str]:
    """The names of the rows, in order."""
    found = [m.value for m in app.markdown if "arrow_forward" in m.value]
    return [text.split("**")[1] for text in found]


def test_without_an_export_the_page_says_what_one_is_and_offers_the_first(page: Page) -> None:
    app = page("exports")
    assert not app.exception
    assert [b.label for b in app.button] == ["New export"]
    app.button[0].click().run()
    assert app.title[0].value == "New export"


def test_a_row_tells_segments_list_and_state(page: Page, export: ExportRow, words: Words) -> None:
    app = page("exports")
    told = words(app)
    assert "Latvia :material/arrow_forward: Newsletter EU" in told
    assert not app.button(key="run-1").disabled


def test_run_asks_for_one_run_however_often_it_is_pressed(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("exports")
    app.button(key="run-1").click().run()
    assert app.button(key="run-1").disabled
    assert app.get("progress")[0].proto.text == "Waits for its turn"
    with store.begin() as session:
        assert [r.status for r in runs.everything(session)] == [RunStatus.queued]


def test_a_failed_export_says_why_and_leads_to_the_run(
    page: Page, ran: Callable[..., Run], words: Words
) -> None:
    ran(RunStatus.failed, error="Klaviyo answered 403: the key lacks the scope lists:write.")
    app = page("exports")
    assert "Klaviyo answered 403" in words(app)
    app.button(key="act-1").click().run()
    assert app.title[0].value == "Weekly letter, run 1"


def test_search_and_filter_let_through_what_they_say(
    page: Page, store: Store, export: ExportRow
) -> None:
    with store.begin() as session:
        spec = exports.spec(session, export).model_copy(update={"name": "Detached one"})
        row = exports.add(session, operator(), spec)
        exports.detach(session, operator(), row)
    app = page("exports")
    assert names(app) == ["Detached one", "Weekly letter"]
    app.radio(key="show").set_value("No connection").run()
    assert names(app) == ["Detached one"]
    app.radio(key="show").set_value("All").run()
    app.text_input(key="find").set_value("WEEK").run()
    assert names(app) == ["Weekly letter"]
    app.text_input(key="find").set_value("nothing like it").run()
    assert names(app) == []
    assert any("No export matches" in m.value for m in app.markdown)


def test_more_than_twenty_exports_are_paged(page: Page, store: Store, export: ExportRow) -> None:
    with store.begin() as session:
        spec = exports.spec(session, export)
        for n in range(24):
            copy = spec.model_copy(update={"name": f"Copy {n:02}"})
            exports.add(session, operator(), copy)
    app = page("exports")
    assert len(names(app)) == 20
    app.get("pagination")[0].set_value(2).run()
    assert names(app)[-1] == "Weekly letter"
    assert len(names(app)) == 5


def test_removing_asks_first_and_says_what_goes(
    page: Page, store: Store, ran: Callable[..., Run], words: Words
) -> None:
    ran(RunStatus.succeeded, sent=4, accepted=4)
    app = page("exports")
    app.get("menu_button")[0].click("Remove").run()
    assert "**Weekly letter** and its data matching go for good. Its 1 run stays" in words(app)
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert exports.everything(session) == []
        assert runs.how_many(session) == 1


def test_detaching_keeps_the_export(page: Page, store: Store, export: ExportRow) -> None:
    app = page("exports")
    app.get("menu_button")[0].click("Detach").run()
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert exports.find(session, "Weekly letter").connection_id is None
    assert page("exports").button(key="run-1").disabled


def test_an_export_under_way_is_not_removed_and_the_page_says_why(
    page: Page, store: Store, ran: Callable[..., Run]
) -> None:
    ran(RunStatus.running)
    app = page("exports")
    app.get("menu_button")[0].click("Remove").run()
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert len(exports.everything(session)) == 1
    assert any("has not ended. Cancel it first" in e.value for e in app.error)


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
    assert "There is a export “Weekly letter” already" in words(app)
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
