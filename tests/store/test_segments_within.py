"""Saved segments that are made from others: names, circles, what is in use, files, orders."""

from pathlib import Path

import pytest

from core.configuration.file import read
from core.configuration.order import Order
from core.configuration.segment import Segment
from core.errors import Conflict, Invalid, Unknown
from core.store import Store, apply, dump, exports, orders, segments, segments_within
from tests.conftest import ADA, ENVIRONMENT, applied, with_segments

MADE = """
  - name: All but spenders
    source: Profiles
    rules: {all: [{segment: Everybody}, {none: [{segment: Spenders}]}]}
  - name: Spenders
    source: Profiles
    rules: {all: [{field: spent, op: more_than, value: 300}]}
"""


@pytest.fixture
def file(store: Store, configuration: Path) -> Path:
    """The configuration with a segment that is made from two, one of which comes after it."""
    applied(store, with_segments(configuration, MADE))
    return configuration


def changed(store: Store, segment: str, **values: object) -> bool:
    with store.begin() as session:
        row = segments.find(session, segment)
        spec = segments.spec(session, row)
        data = {**spec.model_dump(), "rules": spec.rules.as_data(), **values}
        return segments.change(session, ADA, row, Segment.model_validate(data))


def test_a_file_may_name_a_segment_before_it_says_what_it_is(store: Store, file: Path):
    assert {change.what for change in applied(store, file)} == {"unchanged"}
    assert "segment: Spenders" in dump.text(store, ADA)


def test_a_circle_in_a_file_is_refused_with_its_names(store: Store, file: Path):
    circle = "{any: [{segment: All but spenders}]}"
    text = file.read_text().replace("{all: [{field: spent, op: more_than, value: 300}]}", circle)
    file.write_text(text)
    with pytest.raises(Invalid, match=r"in a circle.*Spenders.*All but spenders"):
        applied(store, file)


def test_a_circle_is_refused_when_a_segment_is_saved(store: Store, file: Path):
    rules = {"any": [{"segment": "All but spenders"}]}
    with pytest.raises(Invalid, match="“Spenders” → “All but spenders” → “Spenders”"):
        changed(store, "Spenders", rules=rules)
    with pytest.raises(Invalid, match="circle"):
        changed(store, "Spenders", rules=rules, name="Rich")


def test_only_the_name_of_a_segment_may_be_written(configuration: Path):
    both = "{any: [{segment: Everybody, all: [{field: spent, op: is_empty}]}]}"
    more = f"\n  - {{name: Both, source: Profiles, rules: {both}}}\n"
    with pytest.raises(Invalid, match="“segment” stands alone"):
        read(with_segments(configuration, more), ENVIRONMENT)


def test_a_segment_of_another_source_is_not_there(store: Store, file: Path):
    with store.begin() as session:
        spec = segments.spec(session, segments.find(session, "All but spenders"))
        with pytest.raises(Unknown, match="no segment “Everybody”"):
            segments_within.resolved(session, spec.rules, source_id=99)


def test_a_new_name_is_followed_by_those_made_from_it(store: Store, file: Path):
    assert changed(store, "Spenders", name="Rich")
    with store.begin() as session:
        row = segments.find(session, "All but spenders")
        assert row.rules == {"all": [{"segment": "Everybody"}, {"none": [{"segment": "Rich"}]}]}
        assert segments_within.whole(session, row).segments() == {"Everybody", "Rich"}


def test_what_others_are_made_from_is_neither_removed_nor_moved(store: Store, file: Path):
    with store.begin() as session, pytest.raises(Conflict, match="part of: All but spenders"):
        segments.remove(session, ADA, segments.find(session, "Spenders"))
    other = file.with_name("other.csv")
    other.write_text("spent,country\n1,LV\n")
    text = file.read_text().replace(
        "segments:", f"  - {{name: Other, path: {other}}}\nsegments:", 1
    )
    file.write_text(text)
    applied(store, file)
    with pytest.raises(Conflict, match="can't move to another source"):
        changed(store, "Spenders", source="Other")


def test_a_file_without_them_removes_both(store: Store, file: Path):
    file.write_text(file.read_text().replace(MADE.strip("\n"), ""))
    gone = [change.name for change in applied(store, file, prune=True) if change.what == "removed"]
    assert gone == ["All but spenders", "Spenders"]


def test_numbers_of_those_made_from_a_changed_segment_are_unknown(store: Store, file: Path):
    with store.begin() as session:
        segments.note_count(session, segments.find(session, "All but spenders"), 3, 12)
    changed(store, "Spenders", rules={"all": [{"field": "spent", "op": "is_empty"}]})
    with store.begin() as session:
        assert segments.find(session, "All but spenders").members is None


def test_an_order_keeps_the_rules_as_they_were(store: Store, file: Path):
    text = file.read_text().replace("segments: [Everybody]", "segments: [All but spenders]")
    file.write_text(text)
    applied(store, file)
    with store.begin() as session:
        order = orders.order_of(session, exports.find(session, "Newsletter"))
    changed(store, "Spenders", rules={"all": [{"field": "spent", "op": "is_empty"}]})
    kept = Order.read(order.as_data())
    assert kept.segments == order.segments
    (rules,) = kept.segments.values()
    assert [(rule.field, rule.value) for rule in rules.rules()] == [
        ("country", "LV"),
        ("spent", 300),
    ]


def test_what_a_segment_can_be_made_from_leaves_out_those_made_from_it(store: Store, file: Path):
    with store.begin() as session:
        row = segments.find(session, "Spenders")
        assert set(segments_within.offered(session, row.source_id, row.id)) == {"Everybody"}
        assert len(segments_within.offered(session, row.source_id, None)) == 3


def test_a_dry_run_says_what_a_file_with_them_would_do(store: Store, configuration: Path):
    found, keys = read(with_segments(configuration, MADE), ENVIRONMENT)
    plan = apply.prepare(store, found, keys)
    names = [one.name for one in apply.apply(store, ADA, plan, dry_run=True)]
    assert names.index("Spenders") < names.index("All but spenders")
