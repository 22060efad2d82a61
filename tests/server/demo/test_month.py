"""The demo's month: made aside by real runs, brought in whole, and removed again."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from core import sandbox
from core.access import Person, Role
from core.errors import Conflict, Denied, Stopped
from core.preview import plan
from core.sandbox import demo
from core.sandbox.demo import content
from core.server.demo import bringing, making, removal
from core.server.demo.month import LOYALTY, NEWSLETTER, Event, Went
from core.settings import Settings
from core.store import (
    Store,
    audit,
    connections,
    exports,
    open_store,
    runs,
    samples,
    segments,
    sources,
)
from core.store.tables.runs import Run
from tests.conftest import ADA, on_list

TODAY = date(2026, 11, 24)
PEOPLE = 3_000
EVENTS = (
    Event(4, time(7), NEWSLETTER),
    Event(3, time(7), NEWSLETTER, Went.lacking),
    Event(2, time(7), NEWSLETTER, Went.refused),
    Event(1, time(7), LOYALTY),
)
LIST = "Y6nRLr"


def silent(_share: float, _doing: str) -> None:
    """Nobody looks."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small demo, and beside it a month of it that was made aside."""
    folder = tmp_path_factory.mktemp("month")
    with sandbox.running(folder / "data" / "sandbox", delay=0.0, limits=False) as url:
        store = open_store(Settings(home=folder / "data"))
        demo.seed(store, ADA, url, TODAY, PEOPLE)
        making.make(store, folder / "aside", TODAY, silent, EVENTS)
        store.close()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of them."""
    shutil.copytree(made, tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = open_store(Settings(home=folder / "data"))
    with opened.begin() as session:  # the file was written elsewhere
        source = sources.find(session, content.SOURCE)
        source.path = str(demo.profiles_of(folder / "data"))
        source.spec = source.spec | {"path": source.path}
        source.confined = False
    yield opened
    opened.close()


@pytest.fixture
def month(store: Store, folder: Path) -> Store:
    """The store once its month was brought in."""
    brought(store, folder)
    return store


def brought(store: Store, folder: Path) -> int:
    aside = making.store_in(folder / "aside", store)
    try:
        return bringing.bring(store, ADA, aside, making.sandbox_in(folder / "aside"))
    finally:
        aside.close()


def all_runs(store: Store) -> list[Run]:
    with store.begin() as session:
        return runs.everything(session, limit=None)[::-1]


def test_runs_of_the_month_are_real_ones_of_their_days(month: Store):
    found = all_runs(month)
    assert [run.created_at.date().day for run in found] == [20, 21, 22, 22, 23]
    assert [(run.export, run.status) for run in found] == [
        (NEWSLETTER, "partial"),
        (NEWSLETTER, "cancelled"),
        (NEWSLETTER, "failed"),
        (NEWSLETTER, "succeeded"),
        (LOYALTY, "partial"),
    ]
    assert all(run.sample and run.by == "Demo" for run in found)
    first, held, failed, again, _last = found
    assert first.created_at.tzinfo is UTC
    assert first.created_at.replace(second=0, microsecond=0) == datetime(
        2026, 11, 20, 7, tzinfo=UTC
    )
    assert first.accepted == first.sent > 1_000
    assert "rejected" in held.held_data[0]["why"]
    assert (again.retry_of, again.accepted) == (failed.id, failed.undelivered)


def test_the_sandbox_holds_whom_the_month_sent(month: Store, folder: Path):
    with sandbox.running(folder / "data" / "sandbox", delay=0.0) as url:
        there = on_list(url, LIST)
    found = all_runs(month)
    assert there == found[0].accepted + found[2].added - (found[2].undelivered - found[3].accepted)


def test_the_sizes_of_segments_are_of_each_day(month: Store):
    with month.begin() as session:
        row = segments.find(session, content.OPTED_IN)
        sizes = segments.sizes(session, row.id, datetime(2026, 11, 1, tzinfo=UTC))
    assert [size.at.day for size in sizes[:4]] == [20, 21, 22, 23]
    assert len({size.members for size in sizes}) > 3


def test_the_next_run_sends_only_what_has_changed_since(month: Store):
    with month.begin() as session:
        row = exports.find(session, NEWSLETTER)
    found = plan.preview(month, ADA, row.id)
    assert 0 < found.update < 300
    assert found.unchanged > 1_000


def test_nothing_of_it_is_brought_once_a_sample_was_changed(store: Store, folder: Path):
    with store.begin() as session:
        row = segments.find(session, content.LAPSED)
        spec = segments.spec(session, row)
        segments.change(session, ADA, row, spec.model_copy(update={"name": "Mine"}))
    with pytest.raises(Conflict, match="changed or removed"):
        brought(store, folder)
    assert all_runs(store) == []
    assert not list(store.settings.home.glob("ledger/*/*"))


def test_a_month_that_fails_to_come_whole_leaves_nothing(store: Store, folder: Path):
    shutil.rmtree(folder / "aside" / "sandbox")
    (folder / "aside" / "sandbox").write_text("no folder")
    with pytest.raises(Exception, match="unable to open"):
        brought(store, folder)
    assert all_runs(store) == []
    assert not list(store.settings.home.glob("ledger/*/*"))
    assert not list(store.settings.runs.iterdir())


def test_removal_leaves_nothing_of_the_demo(month: Store, folder: Path):
    found = removal.remove(month, ADA)
    assert found.stays == []
    assert len(found.runs) == 5
    with month.begin() as session:
        assert not samples.are_there(session)
        assert connections.everything(session) == []
        assert [r.what for r in audit.entries(session, ADA, limit=1)] == ["5 runs of the demo"]
    home = month.settings.home
    assert not list(home.glob("ledger/*/*.parquet"))
    assert not demo.profiles_of(home).exists()
    with sandbox.running(home / "sandbox", delay=0.0) as url:
        assert on_list(url, LIST) == 0


def test_what_is_ones_own_stays_with_what_it_needs(month: Store):
    with month.begin() as session:
        row = exports.find(session, NEWSLETTER)
        mine = exports.spec(session, row).model_copy(update={"name": "Mine", "list_id": "VpX3qT"})
        exports.add(session, ADA, mine)
        loyalty = exports.find(session, LOYALTY)
        changed = exports.spec(session, loyalty).model_copy(update={"limit": 7})
        exports.change(session, ADA, loyalty, changed)
    found = removal.remove(month, ADA)
    why = {stays.name: stays.why for stays in found.stays}
    assert why[content.OPTED_IN] == "It is used by “Mine”."
    assert why[LOYALTY] == "Somebody has changed it, so it is yours."
    assert set(why) == {
        *(content.CONNECTION, content.SOURCE, content.OPTED_IN, content.SPENDERS, LOYALTY)
    }
    with month.begin() as session:
        assert [row.name for row in exports.everything(session)] == [LOYALTY, "Mine"]
        assert {row.name for row in segments.everything(session)} == {
            content.OPTED_IN,
            content.SPENDERS,
        }
    assert all_runs(month) == []  # also those of an export that stays were the demo's
    assert demo.profiles_of(month.settings.home).exists()


def test_a_sample_that_runs_now_stays_until_it_has_ended(month: Store):
    from core.store import requests

    with month.begin() as session:
        requests.request(session, ADA, exports.find(session, NEWSLETTER))
        found = removal.plan(session)
    assert {"Newsletter": "A run of it has not ended."}.items() <= {
        one.name: one.why for one in found.stays
    }.items()
    assert NEWSLETTER not in [row.name for row in found.exports]


def test_only_an_administrator_removes_or_brings_it(month: Store, folder: Path):
    kaspars = Person("Kaspars", Role.contributor)
    with pytest.raises(Denied):
        removal.remove(month, kaspars)
    with pytest.raises(Denied):
        bringing.bring(month, kaspars, month, folder)


def test_making_it_ends_at_once_when_it_is_stopped(store: Store, tmp_path: Path):
    def stopped(_share: float, _doing: str) -> None:
        raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        making.make(store, tmp_path / "aside", TODAY, stopped, EVENTS)
