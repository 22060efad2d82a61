"""The page of a segment, to be read: figures, pictures with their words, and what leads on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Person, Role, operator
from core.audience import members, segment_page
from core.configuration.segment import Segment
from core.profiles.segments.rules import Group
from core.store import Store, segments
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
CONDITION = "country = 'LV'\nor spent between 10 and 20"
SPENDERS = {"all": [{"field": "spent", "op": "more_than", "value": 50}]}


@pytest.fixture
def counted(store: Store, segment: SegmentRow, source: SourceRow) -> SegmentRow:
    """Latvia, counted, beside the spenders."""
    with store.begin() as session:
        rules = Group.model_validate(SPENDERS)
        spec = Segment(name="Spenders", source=source.name, rules=rules)
        segments.add(session, operator(), spec)
    members.recount(store, operator(), source)
    return segment


def _charts(app: AppTest) -> str:
    return "\n".join(chart.proto.alt for chart in app.main.get("vega_lite_chart"))


def test_the_page_says_size_values_overlap_and_exports(
    page: Page,
    counted: SegmentRow,
    export: ExportRow,
    words: Words,
    leads: Callable[[AppTest], dict[str, str]],
):
    app = page("segment", segment=counted.id)
    assert app.title[0].value == "Latvia"
    said = words(app)
    assert "5 people, 83 % of Profiles" in said
    assert "country is LV" in said
    assert "5 to 5, now 5" in said
    assert "Used by 1 export" in said
    assert "spent: 10 1, 20 1, 30 1, 55.9 0, 96 1, 412.5 1" in _charts(app)
    assert "3 only in Latvia; 2 only in Latvia and Spenders; 1 only in Spenders" in _charts(app)
    assert leads(app) == {
        "Profiles": f"sources?source={counted.source_id}",
        "Weekly letter": f"export?export={export.id}",
    }
    assert app.table


def test_buttons_lead_to_its_rules_and_to_a_new_export_of_it(page: Page, counted: SegmentRow):
    app = page("segment", segment=counted.id)
    app.button(key="export").click().run()
    assert app.title[0].value == "New export"
    assert app.multiselect(key="export-new--segments").value == ["Latvia"]
    app = page("segment", segment=counted.id)
    app.button(key="edit").click().run()
    assert app.text_input(key="segment-name").value == "Latvia"


def test_a_viewer_reads_it_without_buttons_and_members(
    page: Page, counted: SegmentRow, signed_in: Callable[[Role | None], None]
):
    signed_in(Role.viewer)
    app = page("segment", segment=counted.id)
    assert _charts(app)
    assert [button.key for button in app.main.button] == ["back", "lineage"]
    assert not app.table


def test_a_condition_stands_there_as_it_is_written_for_those_who_may_see_values(
    page: Page, source: SourceRow, store: Store, words: Words, signed_in: Callable[[Role], None]
):
    with store.begin() as session:
        rules = Group.model_validate({"all": [SPENDERS["all"][0], {"sql": CONDITION}]})
        spec = Segment(name="By hand", source=source.name, rules=rules)
        row = segments.add(session, operator(), spec)
    app = page("segment", segment=row.id)
    assert [one.value for one in app.code] == [CONDITION]
    signed_in(Role.viewer)
    app = page("segment", segment=row.id)
    assert not app.code
    assert CONDITION not in words(app)


def test_addresses_are_masked_for_those_who_may_not_see_them(
    store: Store, counted: SegmentRow, source: SourceRow
):
    rules = Group.model_validate(counted.rules)
    viewer = Person("Vita", Role.viewer)
    found = segment_page.describe(store, viewer, source, rules, ["email"])
    assert "i•••@example.lv" in [part.words for part in found.columns["email"]]


def test_a_segment_that_was_never_counted_and_stands_alone_says_so(
    page: Page, segment: SegmentRow, words: Words
):
    said = words(page("segment", segment=segment.id))
    assert "not counted" in said
    assert "counted with the next refresh" in said
    assert "There is no other segment of this source." in said
    assert "No export uses it yet." in said


def test_a_source_that_cant_be_read_is_named_and_the_rest_stands(
    page: Page, counted: SegmentRow, source: SourceRow, words: Words
):
    Path(source.path).unlink()
    said = words(page("segment", segment=counted.id))
    assert "is missing" in said
    assert "Used by 0 exports" in said


def test_what_is_not_there_is_not_found(page: Page, segment: SegmentRow):
    assert page("segment", segment=77).title[0].value == "Not found"
    assert page("segment").title[0].value == "Segments"


def test_what_it_is_made_from_and_what_is_made_from_it_are_links(
    page: Page,
    counted: SegmentRow,
    source: SourceRow,
    store: Store,
    words: Words,
    leads: Callable[[AppTest], dict[str, str]],
):
    with store.begin() as session:
        rules = Group.model_validate({"all": [{"segment": "Latvia"}, {"segment": "Spenders"}]})
        spec = Segment(name="Both", source=source.name, rules=rules)
        both = segments.add(session, operator(), spec).id
    app = page("segment", segment=both)
    assert "in the segment “Latvia” and in the segment “Spenders”" in words(app)
    assert "Made from" in words(app)
    assert leads(app)["Latvia"] == f"segment?segment={counted.id}"
    assert "spent: " in _charts(app)  # a field of the rules within
    app = page("segment", segment=counted.id)
    assert leads(app)["Both"] == f"segment?segment={both}"
