"""Conditions in SQL in the builder: written, counted, explained, and turned into rules and back."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.profiles.segments.rules import Group
from core.store import Store, segments
from core.store.tables.data import SegmentRow, SourceRow
from pages.segments import draft

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
LV = {"field": "country", "op": "equals", "value": "LV"}
SPENDS = {"field": "spent", "op": "more_than", "value": 300}


def test_a_condition_is_written_counted_said_in_words_and_kept_as_written(
    page: Page, source: SourceRow, words: Words, cells: Words, store: Store
):
    app = page("segments", view="new")
    app.text_input(key="segment-name").set_value("Not Latvia")
    _button(app, "Remove").click().run()
    _button(app, "Add SQL").click().run()
    app.text_area[0].set_value("contry <> 'LV'").run()
    assert "Line 1, column 1: There is no field “contry”. Did you mean “country”?" in words(app)
    app.text_area[0].set_value("country\n<> 'LV'").run()
    assert words(app).count("country is not LV") == 2
    assert "**1** person" in words(app)
    _button(app, "Save segment").click().run()
    with store.begin() as s:
        row = segments.find(s, "Not Latvia")
    assert (row.rules, row.members) == ({"all": [{"sql": "country\n<> 'LV'"}]}, 1)
    assert "country is not LV" in cells(page("segments"))


def test_rules_become_sql_and_rules_again(page: Page, segment: SegmentRow, words: Words):
    app = page("segments", view="edit", segment=segment.id)
    _button(app, "Write as SQL").click().run()
    assert app.text_area[0].value == "country = 'LV'"
    assert "**5** people" in words(app)
    _button(app, "Show as rules").click().run()
    assert not app.text_area
    assert "**5** people" in words(app)
    _button(app, "Undo").click().run()
    assert app.text_area[0].value == "country = 'LV'"


def test_an_empty_condition_is_marked_when_it_is_saved(page: Page, source: SourceRow, words: Words):
    app = page("segments", view="new")
    _button(app, "Add SQL").click().run()
    _button(app, "Save segment").click().run()
    assert "Rule 2 isn’t finished" in words(app)
    assert not [one for one in app.button if one.label in ("Write as SQL", "Show as rules")]


@pytest.mark.parametrize(
    ("saved", "at"),
    [({"all": [LV, {"any": [SPENDS, LV]}]}, None), ({"all": [{"any": [SPENDS, LV]}, LV]}, 0)],
)
def test_a_group_becomes_sql_and_the_same_rules_again(saved: dict, at: int | None):
    root = draft.opened(Group.model_validate(saved))
    node = root if at is None else root["items"][at]
    before = draft.bare(root)
    rules = draft.value_of(node)
    draft.become_sql(node, "country = 'LV'")
    assert draft.is_sql(node["items"][0])
    draft.become_rules(node["items"][0], node, rules)
    assert draft.bare(root) == before


def test_what_is_unfinished_a_segment_or_sql_can_not_become_sql():
    full = draft.opened(Group.model_validate({"all": [LV]}))
    assert draft.can_be_sql(full)
    for other in (draft.rule(), draft.segment(), draft.condition("a"), draft.group()):
        assert not draft.can_be_sql(draft.group("any", [*full["items"], other]))


def test_a_group_that_takes_the_first_stays_one_beside_rules_of_a_condition():
    top = {"count": 2, "by": "spent", "order": "largest", "ties": "email"}
    root = draft.opened(Group.model_validate({"all": [{"sql": "country = 'LV'"}], "top": top}))
    assert not draft.can_be_sql(root)
    draft.become_rules(root["items"][0], root, Group.model_validate({"any": [LV]}))
    assert draft.value_of(root).as_data() == {"all": [{"any": [LV]}], "top": top}
    assert not draft.can_be_sql(root)
    root["top"]["by"] = None
    assert draft.unfinished(root)
    assert draft.value_of(root).top is None


def _button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)
