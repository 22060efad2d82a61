"""Settings of an installation: guards of new exports, retention, who may change them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.access import Person, Role
from core.configuration.export import Guards
from core.configuration.retention import Retention
from core.errors import Denied
from core.settings import Settings
from core.store import Store, audit, exports, preferences, segments
from core.store.tables.data import SegmentSize
from tests.conftest import ADA, applied


def test_until_somebody_changes_them_they_are_as_documented(store: Store):
    with store.begin() as session:
        assert preferences.guards(session) == Guards()
        assert preferences.retention(session) == Retention(audit=400, sizes=400, drafts=30)


def test_a_change_is_kept_and_stands_in_the_audit_once(store: Store):
    for changed in (True, False):
        with store.begin() as session:
            done = preferences.change_defaults(
                session, ADA, Guards(remove=5, flows=False), Retention(drafts=7)
            )
            assert done is changed
    with store.begin() as session:
        assert preferences.guards(session).remove == 5
        assert preferences.retention(session).drafts == 7
        rows = audit.entries(session, ADA, deed=audit.Deed.changed)
    assert [(row.kind, row.what, row.by) for row in rows] == [("settings", "defaults", "Ada")]


def test_one_of_them_is_changed_without_the_other(store: Store):
    with store.begin() as session:
        preferences.change_defaults(session, ADA, chosen=Guards(add=9))
        preferences.change_defaults(session, ADA, kept=Retention(audit=10))
        assert preferences.guards(session).add == 9
        assert preferences.retention(session).audit == 10


@pytest.mark.parametrize("role", [Role.viewer, Role.contributor])
def test_only_administrators_change_them(store: Store, role: Role):
    with pytest.raises(Denied), store.begin() as session:
        preferences.change_defaults(session, Person("Kai", role), Guards(remove=100))
    with store.begin() as session:
        assert preferences.guards(session) == Guards()


def test_the_environment_wins_over_the_retention_of_the_audit(store: Store):
    with store.begin() as session:
        preferences.change_defaults(session, ADA, kept=Retention(audit=90))
        assert preferences.audit_days(session, Settings()) == 90
        fixed = Settings(audit_days=400, given=frozenset({"SEGFERRY_AUDIT_DAYS"}))
        assert preferences.audit_days(session, fixed) == 400


def test_sizes_of_segments_are_kept_for_as_long_as_it_says(store: Store, configuration: Path):
    applied(store, configuration)
    with store.begin() as session:
        preferences.change_defaults(session, ADA, kept=Retention(sizes=10))
        row = segments.find(session, "Everybody")
        for days in (9, 11):
            at = datetime.now(UTC) - timedelta(days=days)
            session.add(SegmentSize(segment_id=row.id, at=at, members=days, total=days))
    with store.begin() as session:
        segments.note_count(session, segments.find(session, "Everybody"), 5, 9)
        found = session.scalars(sa.select(SegmentSize.members).order_by(SegmentSize.at))
        assert list(found) == [9, 5]


def test_what_a_file_leaves_out_of_guards_is_as_the_installation_has_it(
    store: Store, configuration: Path
):
    text = configuration.read_text() + "    guards: {remove: 3}\n"
    configuration.write_text(text + "guards: {remove: 20, add: 70}\nretention: {drafts: 14}\n")
    assert [c.what for c in applied(store, configuration) if not c.name] == ["changed", "changed"]
    with store.begin() as session:
        guards = exports.spec(session, exports.find(session, "Newsletter")).guards
        assert guards == Guards(remove=3, add=70)
        assert preferences.retention(session) == Retention(drafts=14)
    assert {change.what for change in applied(store, configuration)} == {"unchanged"}
