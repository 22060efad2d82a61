"""Which segments are proposed to be switched off, on a clock that is given."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.access import Person, Role
from core.errors import Denied
from core.profiles.segments.rules import Group
from core.runs import idle_segments
from core.store import Store, exports, requests, segments
from core.store.tables.runs import Run
from tests.conftest import ADA, applied, with_segments

OTHERS = """
  - {name: Forgotten, source: Profiles, rules: {all: [{field: country, op: equals, value: EE}]}}
  - {name: Off, source: Profiles, active: false,
     rules: {all: [{field: country, op: equals, value: EE}]}}
"""


@pytest.fixture(autouse=True)
def three(store: Store, configuration: Path) -> None:
    """“Everybody”, which “Newsletter” takes, “Forgotten” and, switched off, “Off”."""
    applied(store, with_segments(configuration, OTHERS))


def idle(store: Store, days: float) -> list[str]:
    with store.begin() as session:
        now = datetime.now(UTC) + timedelta(days=days)
        return [row.name for row in idle_segments.idle(session, now)]


def test_after_45_days_those_that_nobody_touched_or_used_are_named(store: Store):
    assert idle(store, 44.9) == []
    assert idle(store, 45.1) == ["Everybody", "Forgotten"]


def test_a_run_of_an_export_with_it_is_a_use(store: Store):
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        session.get_one(Run, run.id).created_at = datetime.now(UTC) + timedelta(days=30)
    assert idle(store, 46) == ["Forgotten"]
    assert idle(store, 76) == ["Everybody", "Forgotten"]


def test_one_whose_export_runs_by_itself_is_never_named_unless_the_refresh_is_off(store: Store):
    with store.begin() as session:
        exports.reschedule(session, ADA, exports.find(session, "Newsletter"), "refresh")
    assert idle(store, 46) == ["Everybody", "Forgotten"]  # the common refresh is off at first
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        own = exports.spec(session, row).model_validate(
            exports.spec(session, row).model_dump()
            | {"schedule": {"times": ["06:00"], "time_zone": "Europe/Riga"}}
        )
        exports.change(session, ADA, row, own)
    assert idle(store, 46) == ["Forgotten"]


def test_they_are_switched_off_and_on_again_and_may_be_kept(store: Store):
    with store.begin() as session:
        ids = [segments.find(session, name).id for name in ("Everybody", "Forgotten", "Off")]
        off = idle_segments.switch(session, ADA, ids, active=False)
    assert off == ["Everybody", "Forgotten"]
    assert idle(store, 46) == []
    with store.begin() as session:
        assert idle_segments.switch(session, ADA, ids[:2], active=True) == off
    assert idle(store, 46) == off
    with store.begin() as session:
        row = segments.find(session, "Forgotten")
        row.touched_at = datetime.now(UTC) - timedelta(days=50)
        session.add(row)
    assert idle(store, 1) == ["Forgotten"]
    with store.begin() as session:
        assert idle_segments.keep(session, ADA, [ids[1]]) == ["Forgotten"]
    assert idle(store, 1) == []
    with store.begin() as session, pytest.raises(Denied):
        idle_segments.switch(session, Person("Vita", Role.viewer), ids, active=False)


def test_one_that_a_segment_in_use_is_made_from_is_in_use(store: Store):
    with store.begin() as session:
        row = segments.find(session, "Everybody")
        spec = segments.spec(session, row)
        inner = Group.model_validate({"all": [{"segment": "Forgotten"}]})
        segments.change(session, ADA, row, spec.model_copy(update={"rules": inner}))
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        session.get_one(Run, run.id).created_at = datetime.now(UTC) + timedelta(days=30)
    assert idle(store, 46) == []
    assert idle(store, 76) == ["Everybody", "Forgotten"]
