"""Data matching in the form of an export: what the columns hold, and what is cleared when empty."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.access import operator
from core.store import Store, exports, sources
from core.store.tables.exports import ExportRow
from tests.pages.conftest import profiles

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
EDIT = "export-edit-1"
MATCH = f"{EDIT}-match-1"


def saved(store: Store) -> object:
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
    assert "i•••:gray[@]example.lv" in words(app)
    assert "ilze:gray[@]example.lv" not in words(app)
    app.toggle(key=f"{EDIT}-reveal").set_value(True).run()
    assert "ilze:gray[@]example.lv" in words(app)


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
    assert "The source has no such column any more." in words(app)
    assert "96 · 10" in words(app)


def test_a_matched_field_may_be_cleared_in_klaviyo_when_it_is_empty(
    page: Page, store: Store, export: ExportRow
) -> None:
    app = page("exports", view="edit", export=1)
    box = app.checkbox(key=f"{MATCH}-clear-first_name")
    assert (box.label, box.value) == ("Clear in Klaviyo when empty", False)
    assert "so Klaviyo keeps what it has. With this" in box.help
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
    page: Page, store: Store, export: ExportRow
) -> None:
    with store.begin() as session:
        row = exports.find(session, 1)
        spec = exports.spec(session, row)
        clear = {"clear": ("first_name", "properties.spent")}
        exports.change(session, operator(), row, spec.model_copy(update=clear))
    app = page("exports", view="edit", export=1)
    app.selectbox(key=f"{MATCH}-first_name").set_value(None).run()
    app.button(key=f"{MATCH}-x-0").click().run()
    app.button(key="form-save").click().run()
    assert saved(store).clear == ()
    assert saved(store).match.first_name is None
