"""The Segments page: the list and its actions, and the builder with its counts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from core.access import Person, Role, operator
from core.audience import members
from core.configuration.segment import Segment
from core.errors import Denied
from core.preview.segment_change import Effect, effects
from core.profiles.segments.rules import Group
from core.store import Store, exports, segments, sources
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from pages.segments import draft
from pages.ui.cells import columns

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Leads = Callable[[AppTest], dict[str, str]]
NESTED = {
    "all": [
        {"field": "country", "op": "is_one_of", "value": ["LV", "EE"]},
        {"any": [{"field": "spent", "op": "more_than", "value": 300}]},
        {"none": [{"field": "email", "op": "is_empty"}]},
    ]
}


def test_without_sources_the_way_leads_to_them_first(page: Page, words: Words):
    app = page("segments")
    assert "Add a source of profiles first" in words(app)
    assert not [button for button in app.button if button.label == "New segment"]


def test_without_segments_the_first_one_is_offered(page: Page, source: SourceRow, words: Words):
    app = page("segments")
    assert "No segment yet" in words(app)
    app.button(key="empty-filter_alt-button").click().run()
    assert app.title[0].value == "New segment"


def test_a_row_tells_the_source_the_exports_the_rules_and_the_members(
    page: Page, export: ExportRow, store: Store, cells: Words, leads: Leads
):
    app = page("segments")
    assert "not counted" in cells(app)
    _button(app, "Count again").click().run()
    _button(app, "Count again").click().run()
    told = cells(app)
    assert "country is LV" in told
    assert '>5<span class="sf-hidden"> people</span>' in told
    assert "data:image/svg+xml" in told  # the line of its sizes
    assert leads(app) == {
        "Latvia": "segment?segment=1",
        "Profiles": "sources?source=1",
        "1 export": f"export?export={export.id}",
    }


def test_a_segment_of_several_exports_leads_to_all_of_them(
    page: Page, export: ExportRow, store: Store, leads: Leads
):
    with store.begin() as s:
        spec = exports.spec(s, export)
        _more_of(s, "Estonia")
        exports.add(
            s,
            operator(),
            spec.model_copy(
                update={"name": "The others", "segments": ("Estonia",), "exclude": ("Latvia",)}
            ),
        )
    assert leads(page("segments"))["2 exports"] == "exports?by-segment=Latvia"
    app = page("exports")
    app.selectbox(key="by-segment").set_value("Latvia").run()
    assert set(leads(app)) == {"The others", "Weekly letter"}


@pytest.mark.parametrize(
    ("state", "query", "shown"),
    [
        ("all", "", ["Latvia", "Old ones, Rīga"]),
        ("active", "", ["Latvia"]),
        ("inactive", "", ["Old ones, Rīga"]),
        ("all", "ONES old", ["Old ones, Rīga"]),
        ("all", "riga", ["Old ones, Rīga"]),
        ("all", "profiles latvia", ["Latvia"]),
        ("active", "old", []),
    ],
)
def test_the_list_is_narrowed_by_state_and_words(
    page: Page, segment: SegmentRow, store: Store, state: str, query: str, shown: list[str]
):
    _more(store, "Old ones, Rīga", active=False)
    app = page("segments")
    app.radio(key="show").set_value(state)
    app.text_input(key="find").set_value(query).run()
    assert _names(app) == shown


def test_the_rows_are_sorted_by_the_heads(page: Page, segment: SegmentRow, store: Store):
    with store.begin() as s:
        for name, n in (("Small", 2), ("Large", 900)):
            segments.note_count(s, _more_of(s, name), n, 1000)
    app = page("segments")
    assert _names(app) == ["Large", "Latvia", "Small"]
    app.button(key="sort-people").click().run()
    assert _names(app) == ["Large", "Small", "Latvia"]
    app.button(key="sort-people").click().run()
    assert _names(app) == ["Latvia", "Small", "Large"]


def test_a_list_of_more_than_twenty_five_has_pages(page: Page, segment: SegmentRow, store: Store):
    for n in range(25):
        _more(store, f"Segment {n:02}")
    app = page("segments")
    assert len(_names(app)) == 25
    app.pagination[0].select(2).run()
    assert _names(app) == ["Segment 24"]


def test_several_are_removed_at_once_but_those_in_use_stay_and_say_by_what(
    page: Page, export: ExportRow, store: Store, words: Words, leads: Leads
):
    ids = []
    with store.begin() as s:
        ids += [_more_of(s, name).id for name in ("First", "Second")]
    app = page("segments")
    for id in (1, *ids):
        app.checkbox(key=f"tick-segment-{id}").check()
    app.run()
    app.button(key="bulk-remove").click().run()
    told = words(app)
    assert "**First**, **Second**: No export uses them." in told
    assert "**Latvia** can’t be removed yet." in told
    assert leads(app)["Weekly letter"] == f"export?export={export.id}"
    app.button(key="confirm-yes").click().run()
    with store.begin() as s:
        assert [row.name for row in segments.everything(s)] == ["Latvia"]


def test_a_segment_is_built_counted_and_saved(
    page: Page, source: SourceRow, words: Words, store: Store
):
    app = page("segments", view="new")
    app.text_input(key="segment-name").set_value("Spenders")
    _choose(app, "f", 0, "spent")
    _choose(app, "o", 0, "more_than")
    app.number_input[0].set_value(50.0).run()
    told = words(app)
    assert "spent is more than 50" in told
    assert "**3** people" in told
    assert "50 % of 6" in told
    _button(app, "Save segment").click().run()
    assert app.title[0].value == "Segments"
    with store.begin() as s:
        row = segments.find(s, "Spenders")
    assert row.rules == {"all": [{"field": "spent", "op": "more_than", "value": 50}]}
    assert (row.members, row.total) == (3, 6)


def test_groups_nest_and_each_tells_its_number(
    page: Page, segment: SegmentRow, words: Words, store: Store
):
    app = page("segments", view="edit", segment=segment.id)
    _button(app, "Add group").click().run()
    _choose(app, "g", 1, "none")
    _choose(app, "f", 1, "spent")
    _choose(app, "o", 1, "at_least")
    app.number_input[0].set_value(90.0).run()
    told = words(app)
    assert "2 excluded" in told
    assert "**3** people" in told
    _button(app, "Save segment").click().run()
    with store.begin() as s:
        saved = segments.find(s, segment.id or 0).rules
    assert saved["all"][1] == {"none": [{"field": "spent", "op": "at_least", "value": 90}]}


def test_a_segment_is_made_from_others_and_counted_through_them(
    page: Page, segment: SegmentRow, words: Words, store: Store
):
    app = page("segments", view="new")
    app.text_input(key="segment-name").set_value("All but Latvia")
    _choose(app, "g", 0, "none")
    _button(app, "Add segment").click().run()
    _button(app, "Remove").click().run()
    _choose(app, "s", 0, "Latvia")
    told = words(app)
    assert "not (in the segment “Latvia”)" in told
    assert "**1** person" in told
    _button(app, "Save segment").click().run()
    with store.begin() as s:
        row = segments.find(s, "All but Latvia")
    assert (row.rules, row.members) == ({"none": [{"segment": "Latvia"}]}, 1)
    app = page("segments", view="edit", segment=row.id)
    assert "not (in the segment “Latvia”)" in words(app)


def test_a_segment_that_is_not_chosen_yet_is_marked_and_none_leads_in_a_circle(
    page: Page, segment: SegmentRow, words: Words, store: Store
):
    _within(store, "Everybody else", "Latvia")
    app = page("segments", view="edit", segment=segment.id)
    assert not [one for one in app.button if one.label == "Add segment"]
    _more(store, "Third")
    app = page("segments", view="edit", segment=segment.id)
    _button(app, "Add segment").click().run()
    box = next(one for one in app.selectbox if one.label == "Segment of rule 2")
    assert box.options == ["Third"]
    _button(app, "Save segment").click().run()
    assert "Rule 2 isn’t finished" in words(app)


def test_a_segment_in_another_is_told_by_it_and_stays(
    page: Page, export: ExportRow, words: Words, store: Store, leads: Leads
):
    _more(store, "Third")
    id = _within(store, "Everybody else", "Third")
    app = page("segments")
    assert leads(app)["1 segment"].startswith("segment?segment=")
    app.checkbox(key=f"tick-segment-{id - 1}").check().run()
    app.button(key="bulk-remove").click().run()
    assert "**Third** can’t be removed yet." in words(app)
    assert leads(app)["Everybody else"] == f"segment?segment={id}"


def test_a_share_takes_percent_and_a_seed(
    page: Page, source: SourceRow, words: Words, store: Store
):
    app = page("segments", view="new")
    app.text_input(key="segment-name").set_value("Half of them")
    _choose(app, "f", 0, "email")
    _choose(app, "o", 0, "in_share")
    app.number_input[0].set_value(100.0).run()
    _button(app, "Save segment").click().run()
    assert "Rule 1 isn’t finished" in words(app)
    seed = next(one for one in app.text_input if one.label == "Seed of rule 1")
    seed.set_value("what's").run()
    assert "which begins with a letter or a digit" in words(app)
    seed.set_value("spring").run()
    assert "email is in a share of 100 % (“spring”)" in words(app)
    _button(app, "Save segment").click().run()
    with store.begin() as s:
        row = segments.find(s, "Half of them")
    value = {"percent": 100, "seed": "spring"}
    assert row.rules == {"all": [{"field": "email", "op": "in_share", "value": value}]}
    app = page("segments", view="edit", segment=row.id)
    assert "email is in a share of 100 % (“spring”)" in words(app)


def test_values_of_a_list_are_typed_in_and_numbers_stay_numbers(
    page: Page, source: SourceRow, store: Store
):
    app = page("segments", view="new")
    app.text_input(key="segment-name").set_value("Some sums")
    _choose(app, "f", 0, "spent")
    _choose(app, "o", 0, "is_one_of")
    app.multiselect[0].set_value(["10", "55,9", "760123456789012345"]).run()
    _button(app, "Save segment").click().run()
    with store.begin() as s:
        assert segments.find(s, "Some sums").rules["all"][0]["value"] == [
            10,
            55.9,
            760123456789012345,
        ]


def test_between_takes_two_values_and_says_when_they_are_swapped(
    page: Page, source: SourceRow, words: Words
):
    app = page("segments", view="new")
    _choose(app, "f", 0, "spent")
    _choose(app, "o", 0, "between")
    app.number_input[0].set_value(100.0)
    app.number_input[1].set_value(20.0).run()
    assert "put the lower one first" in words(app)
    app.number_input[0].set_value(10.0).run()
    assert "spent is between 10 and 20" in words(app)


def test_a_wrong_value_names_the_field_and_what_it_holds(
    page: Page, source: SourceRow, words: Words
):
    app = page("segments", view="new")
    _choose(app, "f", 0, "spent")
    _choose(app, "o", 0, "is_one_of")
    app.multiselect[0].set_value(["many"]).run()
    assert "The field “spent” has numbers" in words(app)


def test_a_field_that_the_source_lost_is_named_and_kept_to_be_seen(
    page: Page, segment: SegmentRow, store: Store, words: Words
):
    with store.begin() as s:
        row = sources.find(s, segment.source_id)
        row.fields = {k: v for k, v in (row.fields or {}).items() if k != "country"}
    app = page("segments", view="edit", segment=segment.id)
    assert "There is no field “country”" in words(app)


def test_what_is_not_finished_is_marked_only_once_saving_was_tried(
    page: Page, source: SourceRow, words: Words, store: Store
):
    app = page("segments", view="new")
    assert "finished" not in words(app)
    _button(app, "Save segment").click().run()
    assert "Give it a name" in words(app)
    assert "Rule 1 isn’t finished" in words(app)
    with store.begin() as s:
        assert not segments.everything(s)


def test_a_taken_name_is_told_at_its_field(page: Page, segment: SegmentRow, words: Words):
    app = page("segments", view="new")
    app.text_input(key="segment-name").set_value("Latvia")
    _choose(app, "f", 0, "email")
    _choose(app, "o", 0, "is_not_empty")
    _button(app, "Save segment").click().run()
    assert "The name “Latvia” is already used by another segment" in words(app)


def test_unsaved_rules_are_offered_again_and_can_be_discarded(
    page: Page, segment: SegmentRow, words: Words
):
    app = page("segments", view="edit", segment=segment.id)
    _choose(app, "o", 0, "not_equals")
    _button(app, "Add rule").click().run()  # one that isn't finished
    _button(app, "Segments").click().run()
    app.menu_button[0].click("Edit").run()
    assert "You began this just now" in words(app)
    app.button(key="draft-continue").click().run()
    assert "country is not LV" in words(app)
    assert "Field of rule 2" in [box.label for box in app.selectbox]
    _button(app, "Discard changes").click().run()
    app.menu_button[0].click("Edit").run()
    assert "country is LV" in words(app)


def test_rules_that_somebody_changed_meanwhile_are_not_undone(
    page: Page, segment: SegmentRow, store: Store, words: Words
):
    app = page("segments", view="edit", segment=segment.id)
    _choose(app, "o", 0, "not_equals")
    rules = Group.model_validate({"all": [{"field": "country", "op": "equals", "value": "EE"}]})
    with store.begin() as s:
        row = segments.find(s, segment.id)
        segments.change(s, operator(), row, Segment(name=row.name, source="Profiles", rules=rules))
    _button(app, "Save segment").click().run()
    assert f"{operator().name} changed this segment" in app.warning[0].value
    rows = next(t.value.to_numpy().tolist() for t in app.table if "Yours" in t.value.columns)
    assert rows == [["Rules", "country is LV", "country is EE", "country is not LV"]]
    app.button(key="save-anyway").click().run()
    with store.begin() as s:
        assert segments.find(s, segment.id).rules["all"][0]["op"] == "not_equals"


def test_members_are_masked_until_asked_for(page: Page, segment: SegmentRow):
    app = page("segments", view="edit", segment=segment.id)
    assert "ilze" not in app.table[0].value.to_string()
    app.toggle(key="reveal-members").set_value(True).run()
    assert "ilze:gray[]@example.lv" in app.table[0].value.to_string()


def test_a_copy_is_opened_to_be_changed(page: Page, segment: SegmentRow, store: Store):
    app = page("segments")
    app.menu_button[0].click("Duplicate").run()
    assert app.title[0].value == "Latvia (copy)"
    with store.begin() as s:
        assert segments.find(s, "Latvia (copy)").rules == segment.rules


def test_a_segment_is_deactivated_and_activated(page: Page, segment: SegmentRow, store: Store):
    app = page("segments")
    for option, active in (("Deactivate", False), ("Activate", True)):
        app.menu_button[0].click(option).run()
        with store.begin() as s:
            assert segments.find(s, segment.id or 0).active is active


def test_before_a_segment_is_deactivated_the_exports_that_it_holds_are_named(
    page: Page, export: ExportRow, words: Words, store: Store, leads: Leads
):
    app = page("segments")
    app.menu_button[0].click("Deactivate").run()
    assert "runs of these exports are held" in words(app)
    assert leads(app)["Weekly letter"] == f"export?export={export.id}"
    with store.begin() as s:
        assert all(row.active for row in segments.everything(s))
    app.button(key="confirm-yes").click().run()
    with store.begin() as s:
        assert [row.active for row in segments.everything(s)] == [False]


def test_what_uses_a_segment_keeps_it_from_being_removed_and_is_a_link(
    page: Page, export: ExportRow, words: Words, store: Store, leads: Leads
):
    app = page("segments")
    app.menu_button[0].click("Remove").run()
    assert "can’t be removed yet" in words(app)
    assert leads(app)["Weekly letter"] == f"export?export={export.id}"
    assert "confirm-yes" not in {button.key for button in app.button}


def test_a_segment_is_removed_after_a_question(page: Page, segment: SegmentRow, store: Store):
    app = page("segments")
    app.menu_button[0].click("Remove").run()
    with store.begin() as s:
        assert segments.everything(s)
    app.button(key="confirm-yes").click().run()
    with store.begin() as s:
        assert not segments.everything(s)


def test_all_members_are_handed_out_as_csv_once_it_said_what_goes_out(
    page: Page, segment: SegmentRow, words: Words
):
    app = page("segments")
    app.menu_button[0].click("Members as CSV").run()
    assert "full email addresses" in words(app)
    assert app.get("download_button")


def test_a_source_that_cant_be_read_is_told_before_a_download_is_offered(
    page: Page, segment: SegmentRow, source: SourceRow, words: Words
):
    Path(source.path).unlink()
    app = page("segments")
    app.menu_button[0].click("Members as CSV").run()
    assert "is missing" in words(app)
    assert not app.get("download_button")


def test_rules_survive_the_way_through_the_builder():
    rules = Group.model_validate(NESTED)
    assert draft.value_of(draft.opened(rules)) == rules


def test_only_what_is_finished_of_a_draft_counts():
    root = draft.opened(Group.model_validate(NESTED))
    draft.add(root, draft.rule())
    draft.add(root, draft.group("any"))
    assert draft.value_of(root) == Group.model_validate(NESTED)
    assert draft.value_of(draft.group()) is None


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ([], ["a", "b", "c", "d", "e", "f", "g"]),
        (["i", "h"], ["a", "b", "c", "d", "e", "h", "i"]),
        (["a", "a", "x"], ["a", "b", "c", "d", "e", "f"]),
    ],
)
def test_the_fields_of_the_rules_are_among_those_shown(named: list[str], shown: list[str]):
    assert columns(list("abcdefghi"), named) == shown


def _within(store: Store, name: str, inner: str) -> int:
    """A segment of everybody who isn't in another one; its id."""
    rules = Group.model_validate({"none": [{"segment": inner}]})
    with store.begin() as s:
        spec = Segment(name=name, source="Profiles", rules=rules)
        return segments.add(s, operator(), spec).id


def test_counting_every_segment_needs_no_builder(store: Store, segment: SegmentRow):
    with store.begin() as s:
        row = sources.find(s, segment.source_id)
    members.recount(store, operator(), row)
    with store.begin() as s:
        assert segments.find(s, segment.id or 0).members == 5


def test_the_values_of_a_field_are_offered_with_their_people(page: Page, segment: SegmentRow):
    app = page("segments", view="edit", segment=segment.id)
    box = next(box for box in app.selectbox if (box.key or "").startswith("v-"))
    assert box.options == ["LV (5)", "EE (1)"]


def test_a_value_that_nobody_has_names_the_near_one_which_one_click_takes(
    page: Page, segment: SegmentRow, store: Store, words: Words
):
    with store.begin() as s:
        rules = {"all": [{"field": "country", "op": "equals", "value": "lv"}]}
        segments.find(s, segment.id or 0).rules = rules
    app = page("segments", view="edit", segment=segment.id)
    assert "0 people have “lv”. Did you mean" in words(app)
    _button(app, "LV (5)").click().run()
    assert "country is LV" in words(app)
    assert "Did you mean" not in words(app)


def test_numbers_say_how_they_are_spread(page: Page, source: SourceRow, words: Words):
    app = page("segments", view="new")
    _choose(app, "f", 0, "spent")
    assert "10 to 412.5 · half of them 20 to 96 · median 30" in words(app)


def test_changes_of_rules_are_undone_and_redone(page: Page, segment: SegmentRow, words: Words):
    app = page("segments", view="edit", segment=segment.id)
    assert app.button(key="segment-undo").disabled
    _choose(app, "o", 0, "not_equals")
    _button(app, "Add rule").click().run()
    app.button(key="segment-undo").click().run()
    app.button(key="segment-undo").click().run()
    assert "country is LV" in words(app)
    assert app.button(key="segment-undo").disabled
    app.button(key="segment-redo").click().run()
    assert "country is not LV" in words(app)
    _choose(app, "o", 0, "equals")
    assert app.button(key="segment-redo").disabled


def test_saving_says_first_which_exports_are_held_by_it(
    page: Page, export: ExportRow, ran: Callable[..., Run], store: Store, words: Words
):
    ran(RunStatus.succeeded, members=5, valid=3)
    with store.begin() as s:
        row = segments.find(s, "Latvia")
        segments.note_count(s, row, 5, 6)
    app = page("segments", view="edit", segment=row.id)
    box = next(box for box in app.selectbox if (box.key or "").startswith("v-"))
    box.set_value("EE").run()
    _button(app, "Save segment").click().run()
    assert "5 → 1" in words(app)
    assert "**Weekly letter** uses it; :violet[" in words(app)
    assert "The segments have 1 person now; the last run found 5" in words(app)
    with store.begin() as s:
        assert segments.find(s, "Latvia").rules == row.rules
    app.button(key="confirm-yes").click().run()
    with store.begin() as s:
        assert segments.find(s, "Latvia").rules["all"][0]["value"] == "EE"


def test_an_export_that_never_ran_is_not_held_by_other_rules(store: Store, export: ExportRow):
    rules = Group.model_validate({"all": [{"field": "spent", "op": "at_most", "value": 96}]})
    found = effects(store, operator(), 1, rules)
    assert found == [Effect("Weekly letter", add=3, unknown=("add",))]


def test_saving_says_of_which_guards_only_the_run_can_know(
    page: Page, export: ExportRow, words: Words
):
    app = page("segments", view="edit", segment=1)
    box = next(box for box in app.selectbox if (box.key or "").startswith("v-"))
    box.set_value("EE").run()
    _button(app, "Save segment").click().run()
    assert "Whether these guards hold it can only be known at the run: People added." in words(app)


def test_a_viewer_may_not_ask_what_other_rules_do(store: Store, segment: SegmentRow):
    rules = Group.model_validate(segment.rules)
    with pytest.raises(Denied):
        effects(store, Person("Vita", Role.viewer), segment.id, rules)


def test_rules_that_no_longer_fit_an_export_say_why_nothing_is_known(
    store: Store, export: ExportRow, source: SourceRow
):
    Path(source.path).unlink()
    (found,) = effects(store, operator(), 1, Group.model_validate(NESTED))
    assert "is missing" in str(found.problem)


def _more(store: Store, name: str, active: bool = True) -> None:
    with store.begin() as s:
        _more_of(s, name, active)


def _more_of(session: Session, name: str, active: bool = True) -> SegmentRow:
    """Another one with the rules of Latvia."""
    spec = segments.spec(session, segments.find(session, "Latvia"))
    more = {"name": name, "active": active}
    return segments.add(session, operator(), Segment(**{**dict(spec), **more}))


def _names(app: AppTest) -> list[str]:
    links = app.main.get("page_link")
    return [link.proto.label for link in links if link.proto.page == "segment"]


def _button(app: AppTest, label: str):
    return next(button for button in app.main.button if button.label == label)


def _choose(app: AppTest, what: str, n: int, value: str) -> None:
    """The nth of the fields (f), operators (o) or joints (g) of the builder."""
    boxes = [box for box in app.selectbox if (box.key or "").startswith(f"{what}-")]
    boxes[n].set_value(value).run()


def test_segments_that_nobody_used_for_long_are_deactivated_and_activated_again(
    page: Page, store: Store, segment: SegmentRow, words: Words
):
    assert "Not used for long" not in words(page("segments"))
    with store.begin() as session:
        row = segments.find(session, segment.id)
        row.touched_at = datetime.now(UTC) - timedelta(days=46)
        session.add(row)
    app = page("segments")
    assert "1 segment was neither changed nor used by a run for 45 days." in words(app)
    app.button(key="deactivate-idle").click().run()
    with store.begin() as session:
        assert not segments.find(session, segment.id).active
    assert "1 segment is inactive now." in words(app)
    app.button(key="activate-again").click().run()
    with store.begin() as session:
        assert segments.find(session, segment.id).active
    assert "Not used for long" not in words(app)  # it was touched


def test_a_segment_that_could_not_be_counted_says_so_in_its_row(
    page: Page, store: Store, segment: SegmentRow, words: Words
):
    with store.begin() as session:
        segments.note_problem(session, segments.find(session, segment.id), "It has no “spent”.")
    html = "".join(one.proto.body for one in page("segments").get("html"))
    assert "Not counted" in html
    assert "It has no “spent”." in html
