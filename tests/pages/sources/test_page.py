"""The Sources page: a file looked at, read differently, saved, read again, removed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.access import operator
from core.store import Store, refreshes, segments, sources
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from pages.ui import cells, frame, uploads

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Leads = Callable[[AppTest], dict[str, str]]
BALTIC = "numurs;e-pasts;vārds;summa\r\n007;ilze@example.lv;Jānis Bērziņš;1,5\r\n008;;Ilze;2,5\r\n"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """A file as people have it: semicolons, Baltic letters, decimal commas, leading zeros."""
    path = tmp_path / "klienti.csv"
    path.write_bytes(BALTIC.encode("cp1257"))
    return path


def test_without_sources_the_page_says_what_one_is_and_offers_the_first_step(
    page: Page, words: Words
):
    app = page("sources")
    assert "No source yet" in words(app)
    app.button(key="empty-database-button").click().run()
    assert app.title[0].value == "Add source"


def test_a_path_is_looked_at_and_saved_with_what_was_found(
    page: Page, words: Words, store: Store, text: Path
):
    app = _looked_at(page, text)
    told = words(app)
    assert "Encoding **Baltic (cp1257)**, separator **semicolon**, decimal **comma**" in told
    assert "2 rows, 4 fields" in told
    app.selectbox(key="source-key").select("numurs")
    app.button(key="save").click().run()
    assert app.title[0].value == "Sources"
    with store.begin() as s:
        row = sources.find(s, "Klienti")
    assert (row.rows, row.spec["key"]) == (2, "numurs")
    assert row.fields == {"numurs": "text", "e-pasts": "text", "vārds": "text", "summa": "number"}


def test_an_uploaded_file_is_kept_under_a_name_that_leads_nowhere_else(page: Page, store: Store):
    app = page("sources", view="add")
    app.file_uploader[0].upload("../../etc/Mani klienti.csv", BALTIC.encode(), "text/csv").run()
    app.button(key="source-look-button").click().run()
    assert app.text_input(key="source-name").value == "Mani klienti"
    app.button(key="save").click().run()
    with store.begin() as s:
        path = Path(sources.find(s, "Mani klienti").path)
    assert path.parent == store.settings.uploads
    assert path.read_bytes() == BALTIC.encode()


def test_an_upload_that_is_not_saved_is_not_kept(page: Page, store: Store):
    app = page("sources", view="add")
    app.file_uploader[0].upload("klienti.csv", BALTIC.encode(), "text/csv").run()
    app.button(key="source-look-button").click().run()
    assert len(list(store.settings.uploads.iterdir())) == 1
    app.button(key="cancel").click().run()
    assert not list(store.settings.uploads.iterdir())


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("", "Give the path of the file"),
        ("profiles.csv", "Give the full path"),
        ("{here}/nowhere.csv", "nowhere.csv is missing"),
        ("/etc/nowhere.csv", "/etc/nowhere.csv is outside the folders"),
        ("/etc/passwd", "/etc/passwd is outside the folders"),
    ],
)
def test_a_place_that_is_none_is_told(
    page: Page, words: Words, tmp_path: Path, path: str, sentence: str
):
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("path").run()
    app.text_input(key="source-path").set_value(path.format(here=tmp_path))
    app.button(key="source-look-button").click().run()
    assert sentence in words(app).replace("\\", "")
    assert not [button for button in app.button if button.key == "save" and not button.disabled]


def test_what_was_found_can_be_read_differently(page: Page, words: Words, store: Store, text: Path):
    app = _looked_at(page, text)
    app.selectbox(key="source-decimal").select(".").run()
    assert "decimal **point**" in words(app)
    app.button(key="save").click().run()
    with store.begin() as s:
        row = sources.find(s, "Klienti")
    assert row.spec["decimal"] == "."
    assert (row.fields or {})["summa"] == "text"


def test_a_file_without_a_header_is_asked_about_and_then_read(
    page: Page, words: Words, store: Store, tmp_path: Path
):
    path = tmp_path / "unload.csv"
    path.write_text("c-1|anna@x.lv|Anna\nc-2|ben@x.lv|NULL\n")
    app = _looked_at(page, path)
    assert "looks like a person" in words(app)
    app.selectbox(key="source-header").select("names").run()
    app.text_input(key="source-names").input("id, email, name").run()
    told = words(app)
    assert "2 rows, 3 fields" in told
    assert "row 2, “name”: “NULL”" in told
    app.button(key="save").click().run()
    with store.begin() as s:
        row = sources.find(s, "Unload")
    assert (row.rows, row.spec["header"]) == (2, ["id", "email", "name"])


def test_a_file_that_cant_be_read_offers_what_would_help(page: Page, words: Words, tmp_path: Path):
    path = tmp_path / "p.csv"
    path.write_text("email;name\na@x.lv;Anna\nb@x.lv;'Ben; jr'\nc@x.lv;Cy\n")
    app = _looked_at(page, path)
    assert "line 3: 3 fields, but the header has 2" in words(app)
    app.selectbox(key="source-quote").select("'").run()
    assert "3 rows, 2 fields" in words(app)


def test_words_for_nothing_can_be_kept(page: Page, store: Store, tmp_path: Path):
    path = tmp_path / "p.csv"
    path.write_text("email;name;spent\na@x.lv;NULL;01/02/2026\n")
    app = _looked_at(page, path)
    app.multiselect(key="source-null_words").set_value([]).run()
    app.selectbox(key="source-dates").select("mdy").run()
    app.button(key="save").click().run()
    with store.begin() as s:
        row = sources.find(s, "P")
    assert (row.spec["null_words"], row.spec["dates"]) == ([], "mdy")
    assert row.fields == {"email": "text", "name": "text", "spent": "date"}


def test_a_way_of_reading_that_fails_is_told_and_cant_be_saved(
    page: Page, words: Words, store: Store, text: Path
):
    app = _looked_at(page, text)
    app.selectbox(key="source-encoding").select("utf-8").run()
    assert "line 1" in words(app)
    app.button(key="save").click().run()
    assert "It can’t be read like this" in words(app)
    with store.begin() as s:
        assert not sources.everything(s)


def test_another_path_has_to_be_looked_at_again(page: Page, text: Path):
    app = _looked_at(page, text)
    app.text_input(key="source-path").set_value("/elsewhere.csv").run()
    assert not [button for button in app.button if button.key == "save" and not button.disabled]


def test_a_taken_name_is_told_at_its_field(page: Page, words: Words, source: SourceRow, text: Path):
    app = _looked_at(page, text)
    app.text_input(key="source-name").set_value(source.name)
    app.button(key="save").click().run()
    assert "The name “Profiles” is already used by another source" in words(app)


def test_a_path_that_was_looked_at_is_offered_again_with_its_name_and_options(
    page: Page, words: Words, text: Path, store: Store
):
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("path").run()
    app.text_input(key="source-path").set_value(str(text)).run()
    app.button(key="source-look-button").click().run()
    app.selectbox(key="source-dates").set_value("dmy").run()
    app.text_input(key="source-name").set_value("Mine").run()
    app = page("sources", view="add")
    assert "You began this just now" in words(app)
    app.button(key="draft-continue").click().run()
    assert app.text_input(key="source-path").value == str(text)
    assert app.text_input(key="source-name").value == "Mine"
    assert app.selectbox(key="source-dates").value == "dmy"
    app.button(key="save").click().run()
    with store.begin() as s:
        assert sources.find(s, "Mine").spec["dates"] == "dmy"
    assert "You began this" not in words(page("sources", view="add"))


def test_a_source_that_somebody_changed_meanwhile_is_not_undone(
    page: Page, source: SourceRow, store: Store
):
    first, second = (page("sources", view="edit", source=source.id) for _n in range(2))
    first.text_input(key="source-name").set_value("People").run()
    first.button(key="save").click().run()
    second.selectbox(key="source-key").select("customer_id").run()
    second.button(key="save").click().run()
    assert "You changed this source in another window" in second.warning[0].value
    rows = next(t.value.to_numpy().tolist() for t in second.table if "Yours" in t.value.columns)
    assert rows == [
        ["Name", "Profiles", "People", "Profiles"],
        ["Key field", "—", "—", "customer\\_id"],
    ]
    second.button(key="take-theirs").click().run()
    with store.begin() as s:
        assert sources.spec(sources.find(s, "People")).key is None


def test_a_source_is_edited_and_its_segments_are_counted_anew(
    page: Page, source: SourceRow, segment: SegmentRow, store: Store
):
    app = page("sources", view="edit", source=source.id)
    app.text_input(key="source-name").set_value("People")
    app.button(key="save").click().run()
    with store.begin() as s:
        assert sources.find(s, "People").rows == 6
        assert segments.find(s, segment.id or 0).members == 5


def test_a_row_tells_what_the_source_is_and_leads_to_it_and_to_its_segments(
    page: Page, source: SourceRow, segment: SegmentRow, cells: Words, leads: Leads
):
    app = page("sources")
    assert "<span>Parquet</span>" in cells(app)
    assert "Not read yet" in cells(app)
    assert leads(app) == {
        "Profiles": f"sources?source={source.id}",
        "1 segment": f"segment?segment={segment.id}",
    }
    assert leads(page("sources", source=source.id))["1 segment"] == f"segment?segment={segment.id}"


def test_a_source_of_many_segments_leads_to_those_of_its_own(
    page: Page, source: SourceRow, segment: SegmentRow, store: Store, leads: Leads, words: Words
):
    with store.begin() as s:
        spec = segments.spec(s, segments.find(s, "Latvia"))
        for n in range(11):
            segments.add(s, operator(), spec.model_copy(update={"name": f"Part {n:02}"}))
    app = page("sources")
    assert leads(app)["12 segments"] == "segments?by-source=Profiles"
    app.menu_button[0].click("Remove").run()
    assert "12 segments need it" in words(app)
    assert leads(app)["Part 08"] == "segment?segment=10"
    assert leads(app)["All 12 segments"] == "segments?by-source=Profiles"


def test_sources_are_found_by_name_and_file(page: Page, source: SourceRow, leads: Leads):
    app = page("sources")
    app.text_input(key="find").set_value("PARQUET prof").run()
    assert list(leads(app)) == ["Profiles"]
    app.text_input(key="find").set_value("nothing like it").run()
    assert not leads(app)


def test_reading_again_records_the_rows_and_counts_the_segments(
    page: Page, source: SourceRow, segment: SegmentRow, store: Store
):
    app = page("sources")
    app.menu_button[0].click("Reload").run()
    with store.begin() as s:
        assert sources.find(s, source.id or 0).rows == 6
        assert segments.find(s, segment.id or 0).members == 5


def test_a_file_that_is_gone_is_told_in_its_row_and_on_its_page(
    page: Page, source: SourceRow, words: Words, cells: Words
):
    Path(source.path).unlink()
    app = page("sources")
    app.menu_button[0].click("Reload").run()
    assert "Failed" in cells(app)
    assert "is missing. Put the file back" in cells(app)
    assert "is missing. Put the file back" in words(page("sources", source=source.id))


def test_a_source_shows_its_fields_and_masked_addresses_until_asked(page: Page, source: SourceRow):
    app = page("sources", source=source.id)
    table = app.table[0].value
    assert list(table["Type"]) == ["Text"] * 5 + ["Number"]
    assert "i•••@example.lv" in table.to_string()
    app.toggle(key=f"reveal-{source.id}").set_value(True).run()
    assert "ilze:gray[]@example.lv" in app.table[0].value.to_string()


def test_a_source_that_segments_need_cant_be_removed(
    page: Page,
    source: SourceRow,
    segment: SegmentRow,
    words: Words,
    store: Store,
    leads: Leads,
):
    app = page("sources")
    app.menu_button[0].click("Remove").run()
    assert "1 segment needs it" in words(app)
    assert leads(app)["Latvia"] == f"segment?segment={segment.id}"
    with store.begin() as s:
        assert sources.everything(s)


def test_removing_a_source_leaves_its_file(
    page: Page, source: SourceRow, words: Words, store: Store
):
    app = page("sources")
    app.menu_button[0].click("Remove").run()
    assert "Its files stay where they are" in words(app)
    app.button(key="confirm-yes").click().run()
    with store.begin() as s:
        assert not sources.everything(s)
    assert Path(source.path).exists()


def test_removing_a_source_of_an_upload_says_that_it_goes_and_removes_it(
    page: Page, store: Store, words: Words
):
    app = page("sources", view="add")
    app.file_uploader[0].upload("klienti.csv", BALTIC.encode(), "text/csv").run()
    app.button(key="source-look-button").click().run()
    app.button(key="save").click().run()
    assert len(list(store.settings.uploads.iterdir())) == 1
    assert not list(store.settings.cache.glob("*.parquet"))  # none of the look before saving
    app.menu_button[0].click("Reload").run()
    assert len(list(store.settings.cache.glob("*.parquet"))) == 1
    app.menu_button[0].click("Remove").run()
    assert "The uploaded file **klienti.csv** and its converted copy are deleted with it" in words(
        app
    )
    assert len(list(store.settings.uploads.iterdir())) == 1
    app.button(key="confirm-yes").click().run()
    assert not list(store.settings.uploads.iterdir())
    assert not list(store.settings.cache.glob("*.parquet"))


def test_an_upload_of_a_form_that_was_left_stays_for_its_draft_and_goes_with_it(
    page: Page, store: Store
):
    app = page("sources", view="add")
    app.file_uploader[0].upload("klienti.csv", BALTIC.encode(), "text/csv").run()
    app.button(key="source-look-button").click().run()
    assert list(store.settings.uploads.iterdir())
    app.switch_page(frame.file_of("exports")).run()
    assert len(list(store.settings.uploads.iterdir())) == 1
    page("sources", view="add").button(key="draft-drop").click().run()
    assert not list(store.settings.uploads.iterdir())
    assert not list(store.settings.cache.glob("*.parquet"))


def test_an_upload_goes_when_another_file_is_chosen(page: Page, store: Store):
    app = page("sources", view="add")
    app.file_uploader[0].upload("klienti.csv", BALTIC.encode(), "text/csv").run()
    app.button(key="source-look-button").click().run()
    assert list(store.settings.uploads.iterdir())
    app.file_uploader[0].upload("other.csv", BALTIC.encode(), "text/csv").run()
    kept = store.settings.uploads.iterdir()  # the other one is looked at already
    assert [path.name.partition("-")[2] for path in kept] == ["other.csv"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Klienti (2).csv", "Klienti_2_.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\list.csv", "list.csv"),
        (".hidden", "hidden"),
        ("-rf.csv", "rf.csv"),
        ("..", "profiles"),
        ("x" * 300 + ".parquet", "x" * 72 + ".parquet"),
    ],
)
def test_an_uploaded_name_keeps_no_folders_and_no_odd_letters(given: str, kept: str):
    assert uploads.safe(given) == kept


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (None, ":gray[—]"),
        ([], ":gray[—]"),
        (True, "yes"),
        (1234.5, "1,234.5"),
        (["vip", "new"], "vip, new"),
        ("*bold*", "\\*bold\\*"),
        ("ilze@example.lv", "i•••@example.lv"),
        ("Ilze <ilze@example.lv>", "Ilze \\<•••@example.lv\\>"),
        ("x" * 80, "x" * 59 + "…"),
    ],
)
def test_a_value_is_shown_short_plain_and_masked(content: object, shown: str):
    assert cells.value(content) == shown


def _looked_at(page: Page, path: Path) -> AppTest:
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("path").run()
    app.text_input(key="source-path").set_value(str(path))
    return app.button(key="source-look-button").click().run()


def test_a_field_of_dates_says_how_old_the_data_is_and_is_chosen_and_saved(
    page: Page, store: Store, tmp_path: Path, words: Words
):
    path = tmp_path / "people.parquet"
    seen = [datetime.now(UTC) - timedelta(days=days) for days in (9, 5)]
    pl.DataFrame({"email": ["a@x.lv", "b@x.lv"], "seen": seen}).write_parquet(path)
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("path").run()
    app.text_input(key="source-path").set_value(str(path)).run()
    app.button(key="source-look-button").click().run()
    choice = app.selectbox(key="source-fresh_by")
    assert choice.options == ["The time of its files", "The newest “seen”"]
    choice.set_value("seen").run()
    app.button(key="save").click().run()
    with store.begin() as session:
        row = sources.find(session, "People")
        found = sources.freshness(row)
    assert (sources.spec(row).fresh_by, found and found.at) == ("seen", seen[1])
    assert "5 days old" in words(page("sources", source=row.id))


def test_a_reload_is_in_the_history_with_a_profile_and_what_changed(
    page: Page, store: Store, source: SourceRow, segment: SegmentRow, words: Words, cells: Words
):
    app = page("sources", source=source.id)
    assert "Profile" not in [one.value for one in app.subheader]
    reload = next(one for one in app.button if one.label == "Reload")
    reload.click().run()
    path = Path(source.path)
    gone, vip = pl.lit(None, pl.String), pl.int_range(pl.len()) % 2 == 0
    more = pl.concat([pl.read_parquet(path)] * 9)
    more.with_columns(country=gone, vip=vip).write_parquet(path)
    app = page("sources", source=source.id)
    next(one for one in app.button if one.label == "Reload").click().run()
    app = page("sources", source=source.id)
    text = words(app)
    assert "is empty for 100 %" in text
    assert "yes 50 %" in cells(app)
    assert "1 segment counted" in text
    assert "Not counted" not in text


def test_a_failed_reload_names_what_depends_on_it(
    page: Page,
    store: Store,
    source: SourceRow,
    export: ExportRow,
    words: Words,
    leads: Leads,
    cells: Words,
):
    Path(source.path).unlink()
    app = page("sources", source=source.id)
    next(one for one in app.button if one.label == "Reload").click().run()
    app = page("sources", source=source.id)
    assert "Not counted:" in words(app)
    assert f"Exports that depend on it: {export.name}" in words(app)
    assert (len(app.error), len(app.toggle)) == (1, 0)  # said once, and there is no row to mask
    assert "Not counted:" in words(page("schedules"))
    assert "Not counted" in cells(page("segments"))
    assert "Not counted" in words(page("segment", segment=1))


def test_a_refresh_under_way_says_how_far_it_is(
    page: Page, store: Store, source: SourceRow, words: Words
):
    with store.begin() as session:
        refreshes.begin(session, operator(), [source])
    assert "waits for its turn" in words(page("sources", source=source.id))
    assert "0 of 1 source read" in words(page("schedules"))
