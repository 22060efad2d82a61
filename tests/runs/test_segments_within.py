"""Exports of segments that are made from others: who is sent, who is held, what is told."""

from pathlib import Path

import pytest

from core.configuration.segment import Segment
from core.person.rules import judge
from core.preview.segment_change import effects
from core.profiles.segments.rules import Group
from core.profiles.sources import silent
from core.runs import why
from core.store import Store, segments
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people, with_segments, written
from tests.runs.carried import ran
from tests.runs.conftest import members

MADE = """
  - name: Spenders
    source: Profiles
    rules: {all: [{field: spent, op: more_than, value: 4000}]}
  - name: All but spenders
    source: Profiles
    rules: {all: [{field: country, op: equals, value: LV}, {none: [{segment: Spenders}]}]}
"""


@pytest.fixture
def file(store: Store, klaviyo: str, tmp_path: Path) -> Path:
    """Of fifty people ten spent more than 4,000; the export takes all but these."""
    place = tmp_path / "many.parquet"
    people(50).write_parquet(place)
    made = with_segments(written(tmp_path, place, klaviyo), MADE)
    made.write_text(made.read_text().replace("[Everybody]", "[All but spenders]"))
    applied(store, made)
    return made


def less(store: Store, value: int) -> None:
    """From now on whoever spent more than this is a spender."""
    rules = {"all": [{"field": "spent", "op": "more_than", "value": value}]}
    with store.begin() as session:
        row = segments.find(session, "Spenders")
        spec = segments.spec(session, row)
        segments.change(session, ADA, row, spec.model_copy(update={"rules": Group(**rules)}))


@pytest.mark.usefixtures("file")
def test_only_who_is_in_one_and_not_in_the_other_is_sent(store: Store, klaviyo: str):
    assert ran(store).accepted == 40
    assert not members(klaviyo) & {f"p{n}@example.com" for n in range(41, 51)}


@pytest.mark.usefixtures("file")
def test_a_segment_that_is_switched_off_holds_exports_that_it_is_part_of(store: Store):
    with store.begin() as session:
        row = segments.find(session, "Spenders")
        spec = segments.spec(session, row)
        segments.change(session, ADA, row, spec.model_copy(update={"active": False}))
    run = ran(store)
    assert run.status == RunStatus.held
    assert "“Spenders”" in (run.hold or "")


@pytest.mark.usefixtures("file")
def test_what_a_change_of_the_inner_segment_does_is_told_of_the_outer_ones_export(store: Store):
    ran(store)
    with store.begin() as session:
        row = segments.find(session, "Spenders")
    rules = Group.model_validate({"all": [{"field": "spent", "op": "more_than", "value": 4500}]})
    (one,) = effects(store, ADA, row.id, rules)
    assert (one.export, one.add) == ("Newsletter", 5)


@pytest.mark.usefixtures("file")
def test_a_changed_inner_segment_is_named_as_the_cause(store: Store):
    first = ran(store)
    less(store, 3000)
    second = ran(store)
    found = why.of(store, second)
    assert found is not None
    assert (found.before, found.now) == (40, 30)
    told = " ".join(cause.told for cause in found.causes)
    assert f"changed since run {first.id} (“All but spenders”, “Spenders”)" in told


@pytest.mark.usefixtures("file")
def test_one_person_is_told_which_segment_keeps_them_out(store: Store):
    (one,) = judge(store, ADA, ["p50@example.com"], silent)
    assert not one.inside
    assert one.failing == ("not (in the segment “Spenders”)",)


@pytest.mark.usefixtures("file")
def test_one_person_is_told_which_rule_of_the_segment_they_fail(store: Store):
    with store.begin() as session:
        row = segments.find(session, "All but spenders")
        rules = Group.model_validate({"all": [{"segment": "Spenders"}]})
        segments.change(session, ADA, row, Segment(name=row.name, source="Profiles", rules=rules))
    (one,) = judge(store, ADA, ["p1@example.com"], silent)
    assert one.failing == ("in the segment “Spenders”", "spent is more than 4,000")
