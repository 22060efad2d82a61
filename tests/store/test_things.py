"""Connections, sources, segments, exports in the store: roles, names, what is in use."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlmodel import Session

from core.access import Person, Role
from core.configuration.connection import Connection
from core.configuration.retention import Retention
from core.configuration.segment import Segment
from core.errors import Conflict, Denied, Invalid, Unknown
from core.profiles.matching.fields import Match
from core.profiles.sources.frames import kinds
from core.store import (
    Store,
    audit,
    connections,
    exports,
    progress,
    requests,
    runs,
    segments,
    sources,
)
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentSize
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied

VIEWER = Person("Vita", Role.viewer)
CONTRIBUTOR = Person("Conny", Role.contributor)
CONNECTION = Connection.model_validate(
    {"name": "Second", "api_key": "${K}", "consent": {"agreed_by": "ops@example.com"}}
)


@pytest.fixture(autouse=True)
def _applied(store: Store, configuration: Path) -> None:
    applied(store, configuration)


@pytest.mark.parametrize("person", [VIEWER, CONTRIBUTOR])
def test_only_an_administrator_makes_connections(store: Store, person: Person):
    with store.begin() as session, pytest.raises(Denied, match=person.name):
        connections.add(session, store.vault, person, CONNECTION, key="pk_0123456789")


def test_a_viewer_changes_and_runs_nothing(store: Store):
    with store.begin() as session:
        export = exports.find(session, "Newsletter")
        spec = exports.spec(session, export)
        for attempt in (
            lambda: exports.change(session, VIEWER, export, spec),
            lambda: exports.remove(session, VIEWER, export),
            lambda: requests.request(session, VIEWER, export),
            lambda: segments.remove(session, VIEWER, segments.find(session, "Everybody")),
            lambda: sources.remove(session, VIEWER, sources.find(session, "Profiles")),
        ):
            with pytest.raises(Denied):
                attempt()


def test_a_name_is_given_once(store: Store):
    taken = CONNECTION.model_copy(update={"name": "Klaviyo"})
    with store.begin() as session, pytest.raises(Invalid, match="“Klaviyo”"):
        connections.add(session, store.vault, ADA, taken, key="pk_0123456789")


def test_a_connection_never_shows_its_key_again(store: Store):
    with store.begin() as session:
        row = connections.add(session, store.vault, ADA, CONNECTION, key="pk_0123456789abcdef")
    assert "0123456789" not in repr(row)
    assert row.secret_ending == "…cdef"
    assert store.vault.unlock(row.secret) == "pk_0123456789abcdef"


def test_what_is_in_use_is_not_removed(store: Store):
    with store.begin() as session:
        with pytest.raises(Conflict, match="Newsletter"):
            segments.remove(session, ADA, segments.find(session, "Everybody"))
        with pytest.raises(Conflict, match="Everybody"):
            sources.remove(session, ADA, sources.find(session, "Profiles"))


@pytest.mark.parametrize("how", ["detach", "remove"])
def test_removing_a_connection_detaches_or_removes_its_exports(store: Store, how: str):
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        fates = {exports.find(session, "Newsletter").id: how}
        assert connections.remove(session, ADA, row, fates) == ["Newsletter"]
    with store.begin() as session:
        left = [(row.name, row.connection_id) for row in exports.everything(session)]
    assert left == ([("Newsletter", None)] if how == "detach" else [])


def _another(session: Session, store: Store, name: str, account: str) -> ConnectionRow:
    """A connection like the one of Newsletter, to this account."""
    spec = CONNECTION.model_copy(update={"name": name})
    row = connections.add(session, store.vault, ADA, spec, key="pk_0123456789abcdef")
    first = connections.find(session, "Klaviyo")
    first.account_id, row.account_id, row.base_url = "XK4p9T", account, first.base_url
    session.flush()
    return row


def test_removing_a_connection_moves_its_exports_to_another_one_of_the_same_account(store: Store):
    with store.begin() as session:
        other = _another(session, store, "Second key", "XK4p9T")
        row, export = connections.find(session, "Klaviyo"), exports.find(session, "Newsletter")
        assert [one.name for one in connections.replacements(session, row)] == ["Second key"]
        connections.remove(session, ADA, row, {export.id: connections.MOVE}, other)
    with store.begin() as session:
        moved = exports.find(session, "Newsletter")
        assert (moved.connection_id, moved.list_id) == (other.id, export.list_id)
        assert audit.entries(session, ADA, limit=2)[1].what == "Newsletter"


def test_exports_are_not_moved_to_an_account_without_their_lists(store: Store):
    with store.begin() as session:
        other = _another(session, store, "Elsewhere", "ANoTH3")
        row, export = connections.find(session, "Klaviyo"), exports.find(session, "Newsletter")
        assert connections.replacements(session, row) == []
        with pytest.raises(Conflict, match="only be moved to another connection to the same"):
            connections.remove(session, ADA, row, {export.id: connections.MOVE}, other)


def test_new_rules_forget_the_old_count(store: Store):
    with store.begin() as session:
        segments.note_count(session, segments.find(session, "Everybody"), 8, 12)
    with store.begin() as session:
        row = segments.find(session, "Everybody")
        spec = segments.spec(session, row)
        assert not segments.change(session, ADA, row, spec)
        assert row.members == 8
        data = spec.model_dump(exclude={"rules"}) | {
            "rules": {"all": [{"field": "country", "op": "equals", "value": "EE"}]}
        }
        assert segments.change(session, ADA, row, Segment.model_validate(data))
        assert row.members is None


def test_each_count_of_a_segment_is_kept_as_a_size_for_a_year_and_a_bit(store: Store):
    long_ago = datetime.now(UTC) - 2 * timedelta(days=Retention().sizes)
    with store.begin() as session:
        row = segments.find(session, "Everybody")
        session.add(SegmentSize(segment_id=row.id, at=long_ago, members=1, total=1))
        segments.note_count(session, row, 8, 12)
        segments.note_count(session, row, 9, 12)
    with store.begin() as session:
        found = segments.sizes(session, row.id, long_ago)
        assert [(one.members, one.total) for one in found] == [(8, 12), (9, 12)]
        assert segments.sizes(session, row.id, datetime.now(UTC)) == []


def test_saving_never_runs(store: Store):
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        exports.change(session, ADA, row, exports.spec(session, row))
        assert runs.everything(session) == []


def test_an_export_of_a_column_of_bytes_is_refused_when_it_is_saved(store: Store):
    with store.begin() as session:
        source, export = sources.find(session, "Profiles"), exports.find(session, "Newsletter")
        frame = pl.LazyFrame({"country": ["LV"], "email": ["a@b.lv"], "photo": [b"x"]})
        sources.note_reading(session, source, kinds(frame))
        match = Match(email="email", properties={"photo": "photo"})
        spec = exports.spec(session, export).model_copy(update={"match": match})
        with pytest.raises(Invalid, match="“photo” has bytes") as refused:
            exports.change(session, ADA, export, spec)
        assert refused.value.field == "match.properties.photo"


@pytest.mark.parametrize("name", ["1", "1.5", "-1", "", "１", "9" * 30, "x"])
def test_a_run_that_is_not_there_is_unknown(store: Store, name: str):
    with store.begin() as session, pytest.raises(Unknown):
        runs.find(session, name)


def requested(store: Store, **options: object):
    with store.begin() as session:
        return requests.request(session, ADA, exports.find(session, "Newsletter"), **options)


def test_later_edits_do_not_change_what_a_run_was_asked_for(store: Store):
    run = requested(store)
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        spec = exports.spec(session, row).model_copy(update={"limit": 1})
        exports.change(session, ADA, row, spec)
    with store.begin() as session:
        assert runs.find(session, run.id).order.export.limit == 100_000


def test_a_step_that_may_not_follow_leaves_the_run_as_it_is(store: Store):
    run = requested(store)
    with store.begin() as session:
        progress.step(session, run.id, RunStatus.running)
        progress.step(session, run.id, RunStatus.failed)
        assert progress.step(session, run.id, RunStatus.succeeded).status == RunStatus.failed
        assert runs.find(session, run.id).finished_at is not None


def test_an_ended_run_makes_room_for_the_next(store: Store):
    first = requested(store)
    assert requested(store).id == first.id
    with store.begin() as session:
        requests.ask_stop(session, ADA, runs.find(session, first.id))
    assert requested(store).id != first.id


def test_a_part_that_is_cancelled_before_its_start_keeps_its_sums(store: Store):
    run = requested(store)
    with store.begin() as session:
        first = progress.step(session, run.id, RunStatus.running)
        numbers = {"members": 12, "valid": 10, "rejected": {"missing_email": 2}, "batches": 1}
        progress.add_part(session, first, 2, numbers)
    with store.begin() as session:
        requests.ask_stop(session, ADA, runs.find(session, run.id))
    with store.begin() as session:
        part = runs.siblings(session, runs.find(session, run.id))[1]
    assert (part.status, part.sent, part.undelivered) == (RunStatus.cancelled, 10, 10)
    assert part.members == part.sent + 2
