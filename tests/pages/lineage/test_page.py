"""Lineage on its page: boxes that link, sentences about what is out, what the address asks for."""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role, operator
from core.configuration.address_list import AddressListFile
from core.configuration.segment import Segment
from core.profiles.segments.rules import Group
from core.runs.lineage import Link
from core.store import Store, address_lists, addresses, connections, exports, segments, sources
from core.store.tables.connections import ConnectionRow, ConnectionState
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from pages.lineage.picture import _path

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
ODD = "<b>Spare</b>"


@pytest.fixture
def spare(store: Store, source: SourceRow, segment: SegmentRow) -> SegmentRow:
    """A segment that no export uses, with markup in its name."""
    spec = Segment(name=ODD, source=source.name, rules=Group.model_validate(segment.rules))
    with store.begin() as session:
        return segments.add(session, operator(), spec)


def picture(app: AppTest) -> str:
    (found,) = [one.proto.body for one in app.get("html") if "sf-lineage" in one.proto.body]
    return str(found)


def boxes(app: AppTest) -> list[tuple[str, str]]:
    """Of the columns: where each box leads, and its colour."""
    columns = picture(app).partition("sf-lineage-narrow")[0]
    return re.findall(r'<a class="sf-box (\w*)" href="([^"]*)"', columns)


def test_each_box_links_to_its_page_in_the_order_of_the_columns(
    page: Page, export: ExportRow, spare: SegmentRow, source: SourceRow, segment: SegmentRow
):
    app = page("lineage")
    assert not app.exception
    assert boxes(app) == [
        ("", f"sources?source={source.id}"),
        ("", f"segment?segment={spare.id}"),
        ("", f"segment?segment={segment.id}"),
        ("", f"export?export={export.id}"),
        ("", f"export?export={export.id}"),
    ]
    assert "Newsletter EU" in picture(app)
    assert "from Latvia" in picture(app)
    assert "&lt;b&gt;Spare&lt;/b&gt;" in picture(app)
    assert ODD not in picture(app)
    assert not app.error


def test_an_unreadable_source_is_said_with_all_that_depends_on_it(
    page: Page, store: Store, export: ExportRow, spare: SegmentRow, source: SourceRow
):
    with store.begin() as session:
        sources.note_reading(session, sources.find(session, source.id), problem="It is not there.")
    app = page("lineage")
    said = "1 source can’t be read: 2 segments and 1 export depend on it. **Profiles**"
    assert [one.value for one in app.error] == [said]
    assert [color for color, _href in boxes(app)] == ["red", "orange", "orange", "orange", "orange"]
    assert "waits for Profiles" in picture(app)
    assert "can’t be read" in picture(app)


def test_a_refused_key_is_said_with_its_exports_and_lists(
    page: Page, store: Store, export: ExportRow, spare: SegmentRow, connection: ConnectionRow
):
    with store.begin() as session:
        connections.find(session, connection.id).state = ConnectionState.broken
    app = page("lineage")
    said = "1 connection doesn’t work: 1 export and 1 list depend on it. **Newsletter account**"
    assert [one.value for one in app.error] == [said]
    app = page("lineage", affected="true")
    assert [color for color, _href in boxes(app)] == ["red", "orange"]


def test_exports_that_are_out_on_their_own_are_counted_with_their_lists(
    page: Page, store: Store, export: ExportRow, words: Words
):
    with store.begin() as session:
        exports.pause(session, operator(), exports.find(session, export.id), True)
    app = page("lineage")
    assert "Exports: 1 paused. 1 list waits for it." in words(app)
    assert boxes(app)[-1][0] == "orange"
    assert "waits for Weekly letter" in picture(app)


@pytest.mark.parametrize(
    ("kind", "shown"), [("source", 5), ("segment", 4), ("export", 4), ("connection", 4)]
)
def test_the_address_narrows_it_to_what_hangs_together_with_one_thing(
    page: Page, export: ExportRow, spare: SegmentRow, kind: str, shown: int
):
    app = page("lineage", **{kind: 1})
    assert len(boxes(app)) == shown
    assert app.selectbox[0].value.kind == kind


def test_a_choice_of_one_thing_stands_in_the_address(
    page: Page, export: ExportRow, spare: SegmentRow
):
    app = page("lineage", source=1)
    app.selectbox[0].select(f"Segment: {ODD}").run()
    assert app.query_params == {"segment": str(spare.id)}
    assert len(boxes(app)) == 2
    app.selectbox[0].select("Everything").run()
    assert not app.query_params
    assert len(boxes(app)) == 5


def test_nothing_affected_is_good_news_and_unknown_things_show_everything(
    page: Page, export: ExportRow, words: Words
):
    assert "Nothing here is affected." in words(page("lineage", affected="true"))
    assert len(boxes(page("lineage", source="77", export="x"))) == 4


@pytest.mark.parametrize("name", ["segment", "preview", "sources", "connections"])
def test_pages_of_things_lead_to_their_lineage(
    page: Page, export: ExportRow, segment: SegmentRow, source: SourceRow, name: str
):
    ids = {"segment": segment.id, "source": source.id, "export": export.id, "connection": 1}
    app = page(name, **ids)
    app.button(key="lineage").click().run()
    assert app.title[0].value == "Lineage"
    assert app.selectbox[0].value


def test_an_installation_without_anything_leads_to_its_sources(
    page: Page, signed_in: Callable[[Role | None], None]
):
    signed_in(Role.viewer)
    app = page("lineage")
    app.button(key="empty-account_tree-button").click().run()
    assert app.title[0].value == "Sources"


def test_a_segment_of_a_segment_has_a_line_and_an_address_list_a_box(
    page: Page, store: Store, export: ExportRow, source: SourceRow, segment: SegmentRow
):
    before = picture(page("lineage")).count("mask-image")
    content = addresses.content(store, ["a@example.lv"])
    with store.begin() as session:
        row = address_lists.add(
            session, operator(), AddressListFile(name="VIP"), store.vault, content
        )
        parts = [{"segment": segment.name}, {"field": "email", "op": "in_list", "value": "VIP"}]
        rules = Group.model_validate({"all": parts})
        outer = segments.add(
            session, operator(), Segment(name="Outer", source=source.name, rules=rules)
        )
    app = page("lineage")
    assert not app.exception
    assert ("", "segments?view=lists") in boxes(app)
    assert "from Profiles, Latvia, VIP" in picture(app)
    assert "1 address" in picture(app)
    assert picture(app).count("mask-image") == before  # one mask of lines between two columns
    narrow = picture(app).partition("sf-lineage-narrow")[2]
    assert narrow.count(f"segment?segment={outer.id}") == 3  # below its source, segment and list
    assert len(boxes(page("lineage", addresses=row.id))) == 2


def test_a_line_within_a_column_leaves_and_comes_back_on_one_side():
    found = {"segment-1": 0.0, "segment-2": 2.0, "source-1": 0.0, "source-2": 1.0}
    assert 'd="M100 22C40 22 40 130 100 130"' in _path(Link("segment-1", "segment-2"), found)
    assert 'd="M0 22C60 22 60 76 0 76"' in _path(Link("source-1", "source-2"), found)
