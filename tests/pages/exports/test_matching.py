"""Data matching in the form of an export: what the columns hold, and what is cleared when empty."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.access import operator
from core.configuration.export import Export
from core.destinations.klaviyo import capabilities as klaviyo
from core.profiles.matching.fields import Match
from core.store import Store, exports, sources
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportRow
from tests.pages.conftest import profiles

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
EDIT = "export-edit-1"
MATCH = f"{EDIT}-match-1"


def saved(store: Store) -> Export:
    with store.begin() as session:
        return exports.spec(session, exports.find(session, 1))


def test_beside_each_column_stand_examples_and_its_share_of_empty_ones(
    page: Page, export: ExportRow, words: Words
) -> None:
    told = words(page("exports", view="edit", export=1))
    assert ":small[Ilze · Anna · Kārlis]  \n:small[:gray[0 % empty]]" in told
    assert "96 · 10" in told
    assert ":small[:gray[17 % empty]]" in told  # one of six emails
    assert "Empty is null, blank, or not a number" in told


def test_addresses_are_masked_until_they_are_asked_for(
    page: Page, export: ExportRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    assert "i•••@example.lv" in words(app)
    assert "ilze:gray[]@example.lv" not in words(app)
    app.toggle(key=f"{EDIT}-reveal").set_value(True).run()
    assert "ilze:gray[]@example.lv" in words(app)


def test_a_column_is_read_once_and_another_one_when_it_is_chosen(
    page: Page, export: ExportRow, words: Words, tmp_path: Path
) -> None:
    app = page("exports", view="edit", export=1)
    (tmp_path / "profiles.parquet").unlink()
    app.text_input(key=f"{EDIT}-name").set_value("Other").run()
    assert "Ilze · Anna · Kārlis" in words(app)
    assert not app.warning
    profiles().write_parquet(tmp_path / "profiles.parquet")
    app.selectbox(key=f"{MATCH}-phone_number").set_value("phone").run()
    assert "+37120000101 · 20000102 · 20000103" in words(app)


def test_a_source_that_was_read_again_is_looked_at_anew(
    page: Page, store: Store, export: ExportRow, words: Words, tmp_path: Path
) -> None:
    app = page("exports", view="edit", export=1)
    profiles().reverse().write_parquet(tmp_path / "profiles.parquet")
    with store.begin() as session:
        sources.note_reading(session, sources.find(session, "Profiles"), rows=6)
    app.run()
    assert "Mart · Jānis · Anna" in words(app)


def test_a_source_that_can_not_be_read_says_so_and_the_form_stays(
    page: Page, store: Store, export: ExportRow, tmp_path: Path
) -> None:
    (tmp_path / "profiles.parquet").unlink()
    app = page("exports", view="edit", export=1)
    assert not app.exception
    assert "profiles.parquet" in app.warning[0].value
    app.text_input(key=f"{EDIT}-name").set_value("Friday letter").run()
    app.button(key="form-save").click().run()
    assert saved(store).name == "Friday letter"


def test_a_column_that_is_gone_is_said_beside_its_field(
    page: Page, export: ExportRow, words: Words, tmp_path: Path
) -> None:
    profiles().drop("first_name").write_parquet(tmp_path / "profiles.parquet")
    app = page("exports", view="edit", export=1)
    assert "The source no longer has this column." in words(app)
    assert "96 · 10" in words(app)


def test_a_matched_field_may_be_cleared_in_klaviyo_when_it_is_empty(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("exports", view="edit", export=1)
    box = app.checkbox(key=f"{MATCH}-clear-first_name")
    assert (box.label, box.value) == ("Clear in Klaviyo when empty", False)
    assert "so Klaviyo keeps its value. With this" in box.help
    box.check()
    app.selectbox(key=f"{MATCH}-country").set_value("country").run()
    app.checkbox(key=f"{MATCH}-clear-country").check()
    app.checkbox(key=f"{MATCH}-clear-property-0").check().run()
    app.text_input(key=f"{MATCH}-property-0").set_value("worth").run()
    app.button(key="form-save").click().run()
    assert saved(store).clear == ("first_name", "location.country", "properties.worth")
    app = page("exports", view="edit", export=1)
    assert app.checkbox(key=f"{MATCH}-clear-property-0").value
    assert "email" not in [box.key.rpartition("-")[2] for box in app.checkbox]


def test_a_field_that_is_not_matched_any_more_is_not_cleared_either(
    page: Page, store: Store, export: ExportRow, words: Words
) -> None:
    with store.begin() as session:
        row = exports.find(session, 1)
        spec = exports.spec(session, row)
        clear = {"clear": ("first_name", "properties.spent")}
        exports.change(session, operator(), row, spec.model_copy(update=clear))
    app = page("exports", view="edit", export=1)
    app.selectbox(key=f"{MATCH}-first_name").set_value(None).run()
    assert ":small[:gray[Klaviyo property]]" in words(app)
    assert app.button(key=f"{MATCH}-x-0").label.startswith("![Remove property 1](data:image")
    app.button(key=f"{MATCH}-x-0").click().run()
    assert ":small[:gray[Klaviyo property]]" not in words(app)
    app.button(key="form-save").click().run()
    assert saved(store).clear == ()
    assert saved(store).match.first_name is None


def offered(app: AppTest) -> set[str]:
    """The fields that a column can be chosen for, by the end of their keys."""
    return {box.key.rpartition("-")[2] for box in app.selectbox if f"{MATCH}-" in box.key}


def test_the_form_offers_the_fields_that_the_destination_of_the_connection_has(
    page: Page, export: ExportRow, letters: ConnectionRow
) -> None:
    app = page("exports", view="edit", export=1)
    fields = {name.rpartition(".")[2] for name in klaviyo.LAYOUT.fields}
    assert offered(app) == fields | {"0"}  # the one property
    assert "Location" in [box.label for box in app.expander]
    app.selectbox(key=f"{EDIT}-connection").set_value("Letters").run()
    assert offered(app) == {"email", "first_name", "last_name", "0"}
    assert "Location" not in [box.label for box in app.expander]


def test_columns_of_fields_that_another_destination_lacks_are_named_and_not_saved(
    page: Page, store: Store, export: ExportRow, letters: ConnectionRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    assert "has no such field" not in words(app)
    app.selectbox(key=f"{MATCH}-phone_number").set_value("phone").run()
    app.selectbox(key=f"{EDIT}-connection").set_value("Letters").run()
    assert "listmonk has no such field: Phone number (phone). It is neither" in words(app)
    app.selectbox(key=f"{EDIT}-connection").set_value("Newsletter account").run()
    app.selectbox(key=f"{MATCH}-country").set_value("country").run()
    app.selectbox(key=f"{EDIT}-connection").set_value("Letters").run()
    assert "no such fields: Phone number (phone), Country (country). They are" in words(app)
    app.button(key="form-save").click().run()
    assert not app.error
    match = Match(email="email", first_name="first_name", properties={"spent": "spent"})
    assert (saved(store).connection, saved(store).match) == ("Letters", match)
    assert saved(store).phone_region is None


def test_what_is_filled_in_comes_back_with_the_destination(
    page: Page, store: Store, export: ExportRow, letters: ConnectionRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    app.selectbox(key=f"{MATCH}-phone_number").set_value("phone").run()
    app.radio(key=f"{EDIT}-region").set_value("One country").run()
    app.selectbox(key=f"{EDIT}-country").set_value("LV").run()
    app.selectbox(key=f"{MATCH}-country").set_value("country").run()
    app.checkbox(key=f"{MATCH}-clear-country").check()
    app.checkbox(key=f"{MATCH}-clear-first_name").check().run()
    app.selectbox(key=f"{EDIT}-connection").set_value("Letters").run()
    assert "listmonk can't clear this field." in words(app)
    app.text_input(key=f"{EDIT}-name").set_value("Another name").run()
    app.selectbox(key=f"{EDIT}-connection").set_value("Newsletter account").run()
    assert not app.warning
    app.button(key="form-save").click().run()
    match = saved(store).match
    assert (match.phone_number, match.location.country) == ("phone", "country")
    assert set(saved(store).clear) == {"first_name", "location.country"}
    assert saved(store).phone_region == "LV"


def test_only_fields_that_the_destination_has_are_guessed(
    page: Page, letters: ConnectionRow, segment: SegmentRow, words: Words
) -> None:
    app = page("exports", view="new")
    app.multiselect(key="export-new--segments").set_value(["Latvia"]).run()
    chosen = {s.key.rpartition("-")[2]: s.value for s in app.selectbox if "-match-1-" in s.key}
    assert chosen == {"email": "email", "first_name": "first_name", "last_name": None}
    assert "has no such field" not in words(app)


def test_a_form_that_was_left_begins_anew(
    page: Page, store: Store, export: ExportRow, letters: ConnectionRow, words: Words
) -> None:
    app = page("exports", view="edit", export=1)
    app.selectbox(key=f"{MATCH}-phone_number").set_value("phone").run()
    app.selectbox(key=f"{EDIT}-connection").set_value("Letters").run()
    app.button(key="form-cancel").click().run()
    app.query_params["view"], app.query_params["export"] = "edit", "1"
    app.run()
    assert app.selectbox(key=f"{MATCH}-phone_number").value is None
