"""Refreshes: what each has read and counted, what failed, and that there is one at a time."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.errors import Conflict
from core.profiles.summary import Summary
from core.runs import moved, refreshing
from core.runs.engine.host import Host
from core.runs.keeping.prune import prune
from core.runs.scheduler import refresh as refresh_due
from core.runs.scheduler import refresh_now, tick, used_sources
from core.store import Store, exports, refreshes, segments, slots, sources
from core.store.column_users import column_users
from core.store.locks import REFRESHES, keeping
from core.store.tables.refreshes import RefreshedSource, RefreshStatus
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people
from tests.runs.conftest import asked, ended

WAITING, FAILED = RefreshStatus.waiting, RefreshStatus.failed
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
TWO = """
sources:
  - {{name: Shop, path: {here}/shop.parquet}}
  - {{name: Web, path: {here}/web.parquet}}
connections:
  - name: Klaviyo
    api_key: ${{KLAVIYO_API_KEY}}
    consent: {{agreed_by: ops@example.com}}
segments:
  - {{name: Buyers, source: Shop, rules: {{all: [{{field: spent, op: more_than, value: 500}}]}}}}
  - {{name: Latvians, source: Shop, rules: {{all: [{{field: country, op: equals, value: LV}}]}}}}
  - {{name: Resting, source: Shop, active: false,
      rules: {{all: [{{field: country, op: equals, value: LV}}]}}}}
  - {{name: Visitors, source: Web, rules: {{all: [{{field: country, op: equals, value: LV}}]}}}}
exports:
  - {{name: Rich, connection: Klaviyo, list_id: Y6nRLr, segments: [Buyers], match: {{email: email}},
      schedule: refresh}}
  - {{name: Local, connection: Klaviyo, list_id: Y6nRLr, segments: [Latvians],
      match: {{email: email}}, schedule: refresh}}
  - {{name: Online, connection: Klaviyo, list_id: Y6nRLr, segments: [Visitors],
      match: {{email: email}}, schedule: refresh}}
"""


@pytest.fixture
def two(store: Store, tmp_path: Path) -> Path:
    """Two sources with three active segments, each in an export that follows the refresh."""
    for name in ("shop", "web"):
        people(10).write_parquet(tmp_path / f"{name}.parquet")
    file = tmp_path / "segferry.yaml"
    file.write_text(TWO.format(here=tmp_path))
    applied(store, file)
    return tmp_path


def refreshed(store: Store) -> dict[str, RefreshedSource]:
    with store.begin() as session:
        rows = used_sources(session)
    return {one.name: one for one in refreshing.refresh(store, ADA, rows)}


def states(store: Store) -> dict[str, str]:
    """Of the newest refresh: itself, and each of its sources."""
    with store.begin() as session:
        newest = refreshes.everything(session, limit=1)[0]
        parts = refreshes.of(session, [newest.id])[newest.id]
    return {"": str(newest.status)} | {one.name: str(one.status) for one in parts}


def outcomes(store: Store) -> dict[str, tuple[str, str | None]]:
    with store.begin() as session:
        return {s.name: (s.outcome, s.reason) for s in slots.everything(session) if s.name}


@pytest.mark.usefixtures("two")
def test_a_refresh_keeps_what_it_read_and_counted_of_each_source(store: Store):
    found = refreshed(store)
    assert states(store) == {"": "succeeded", "Shop": "succeeded", "Web": "succeeded"}
    shop = found["Shop"]
    assert (shop.rows, shop.problem, shop.dependents) == (10, None, [])
    assert [(s["name"], s["members"]) for s in shop.segments] == [("Buyers", 5), ("Latvians", 10)]
    assert shop.started_at
    assert shop.finished_at
    assert shop.freshness
    with store.begin() as session:
        newest = refreshes.everything(session)[0]
        assert (newest.by, newest.origin) == ("Ada", "command line")
        assert segments.find(session, "Resting").members is None  # it is switched off


def test_a_source_that_can_not_be_read_names_what_depends_on_it_and_stops_nothing_else(
    store: Store, two: Path
):
    refreshed(store)
    (two / "shop.parquet").unlink()
    with store.begin() as session:
        refresh_now(session, ADA, NOON)
    refresh_due(store)
    assert states(store) == {"": "partial", "Shop": "failed", "Web": "succeeded"}
    with store.begin() as session:
        newest = refreshes.everything(session, limit=1)[0]
        shop = refreshes.of(session, [newest.id])[newest.id][0]
    assert [(s["name"], s["members"], s["before"]) for s in shop.segments] == [
        ("Buyers", None, 5),
        ("Latvians", None, 10),
    ]
    assert shop.dependents == ["Local", "Rich"]
    assert (newest.by, newest.origin) == ("Ada", "command line")  # who asked for it
    found = outcomes(store)
    assert {name: outcome for name, (outcome, _why) in found.items()} == {
        **{"Local": "failed", "Rich": "failed", "Online": "due"}
    }
    assert str(two / "shop.parquet") in (found["Local"][1] or "")


def test_a_segment_that_no_longer_fits_skips_only_the_exports_that_take_it(store: Store, two: Path):
    people(10).drop("spent").write_parquet(two / "shop.parquet")
    with store.begin() as session:
        refresh_now(session, ADA, NOON)
    refresh_due(store)
    assert states(store) == {"": "partial", "Shop": "partial", "Web": "succeeded"}
    with store.begin() as session:
        buyers = segments.find(session, "Buyers")
        assert "spent" in (buyers.problem or "")
        assert segments.find(session, "Latvians").members == 10
    found = outcomes(store)
    assert {name: outcome for name, (outcome, _why) in found.items()} == {
        **{"Local": "due", "Rich": "failed", "Online": "due"}
    }
    people(10).write_parquet(two / "shop.parquet")
    refreshed(store)
    with store.begin() as session:
        assert segments.find(session, "Buyers").problem is None


@contextmanager
def elsewhere(store: Store) -> Iterator[None]:
    """Meanwhile somebody else refreshes “Shop”, and ends without a word."""
    with keeping(store, REFRESHES) as mine:
        assert mine()
        with store.begin() as session:
            refreshes.begin(session, ADA, [sources.find(session, "Shop")])
        yield


def test_a_column_that_only_an_export_sends_is_missed_when_its_source_is_read(
    store: Store, two: Path
):
    people(10).drop("email").write_parquet(two / "web.parquet")
    web = refreshed(store)["Web"]
    said = "“Web” no longer has the column “email”, which is used by: Online. Bring it back"
    assert said in (web.problem or "")
    assert (web.status, web.dependents) == (RefreshStatus.partial, ["Online"])
    assert [one["members"] for one in web.segments] == [10]


@pytest.mark.usefixtures("two")
def test_two_refreshes_never_overlap_and_one_that_broke_off_holds_up_nobody(store: Store):
    with store.begin() as session:
        row = sources.find(session, "Shop")
        refresh_now(session, ADA, NOON)
    with elsewhere(store):
        assert refreshing.under_way(store) == {row.id}
        with pytest.raises(Conflict, match="A refresh is already running"):
            refreshing.reload(store, ADA, row)
        refresh_due(store)  # waits for the other one
        tick(store, NOON + timedelta(seconds=1))
        assert {outcome for outcome, _why in outcomes(store).values()} == {"due"}
    assert refreshing.under_way(store) == frozenset()
    assert states(store) == {"": "failed", "Shop": "failed"}
    refresh_due(store)
    assert states(store) == {"": "succeeded", "Shop": "succeeded", "Web": "succeeded"}


def test_two_threads_never_refresh_at_once(store: Store):
    with keeping(store, REFRESHES) as mine:
        assert mine()
        seen: list[bool] = []

        def other() -> None:
            with keeping(store, REFRESHES) as also:
                seen.append(also())

        for _each in range(2):  # the first one in vain must not let go of ours
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
        assert seen == [False, False]
        assert mine()
    with keeping(store, REFRESHES) as mine:
        assert mine()


def test_a_run_waits_for_a_refresh_of_its_source_and_no_other(
    store: Store, two: Path, klaviyo: str
):
    text = (two / "segferry.yaml").read_text()
    (two / "segferry.yaml").write_text(
        text.replace("    consent", f"    base_url: {klaviyo}\n    consent")
    )
    applied(store, two / "segferry.yaml")
    with Host(store, 0.02) as host:
        with elsewhere(store):
            waiting, free = asked(store, "Rich"), asked(store, "Online")
            assert ended(store, free).status == RunStatus.succeeded
            with store.begin() as session:
                assert exports.find(session, "Rich")
            assert store.runtime.waits.sentence(waiting.id) == "a refresh reads its source"
        assert ended(store, waiting).status == RunStatus.succeeded
        host.until_done([waiting], 10)


def test_a_reload_is_a_refresh_of_one_source_and_the_history_of_each_is_kept(
    store: Store, two: Path
):
    refreshed(store)
    pl.concat([people(10), people(2)]).write_parquet(two / "shop.parquet")
    os.utime(two / "shop.parquet")
    with store.begin() as session:
        row = sources.find(session, "Shop")
    refreshing.reload(store, ADA, row)
    with store.begin() as session:
        story = refreshes.of_source(session, row.id)
        assert [(r.source, one.rows) for r, one in story] == [("Shop", 12), (None, 10)]
        assert refreshes.how_many(session) == 2


@pytest.mark.usefixtures("two")
def test_old_refreshes_are_removed_by_their_age(store: Store):
    refreshed(store)
    prune(store, datetime.now(UTC) + timedelta(days=89))
    with store.begin() as session:
        assert refreshes.how_many(session) == 1
    removed = prune(store, datetime.now(UTC) + timedelta(days=91))
    assert removed["refreshes"] == 1
    with store.begin() as session:
        assert refreshes.how_many(session) == 0


def test_what_a_source_looks_like_is_kept_of_each_refresh_and_what_changed_is_said(
    store: Store, two: Path
):
    refreshed(store)
    holes = pl.when(pl.col("n") > 6).then(pl.lit("LV"))
    people(10, extra=pl.lit(1)).with_columns(
        people(10, other=holes)["other"].alias("country")
    ).write_parquet(two / "shop.parquet")
    refreshed(store)
    with store.begin() as session:
        row = sources.find(session, "Shop")
        now, before = (Summary.read(data) for _one, data in refreshes.profiles(session, row.id))
        users = column_users(session, row.id)
    assert (now.columns["country"].empty, before.columns["country"].empty) == (6, 0)
    said = moved.changes(before, now)
    assert "“extra” is new" in said
    assert "“country” is empty for 60 % (was 0 %)" in said
    assert list(users["spent"].segments.values()) == ["Buyers"]
    assert sorted(users["email"].exports.values()) == ["Local", "Rich"]
    assert "first_name" not in users
    assert now.columns["email"].top is None
