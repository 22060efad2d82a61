"""The same store and the same runs on a real PostgreSQL, which the tests bring themselves."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from core.alerts import watch
from core.api.app import Limits
from core.cli import main
from core.cli.follow import follow
from core.cli.output import Progress
from core.configuration.alerts import Channel
from core.configuration.schedule import Cron
from core.errors import Conflict, StorageFailed, StorageUnavailable
from core.person.purging import Addresses
from core.preview.plan import preview
from core.runs import downloads, history, idle_segments, list_sizes, refreshing, scheduler, undo
from core.runs.engine.host import Host
from core.runs.keeping import prune, sizes
from core.server import measures
from core.settings import Settings
from core.store import (
    Store,
    alerts,
    channels,
    connections,
    database,
    dump,
    exports,
    locks,
    open_store,
    purge,
    refreshes,
    requests,
    runs,
    slots,
    sources,
    tokens,
)
from core.store.advisory import Advisory
from core.store.locks import MIGRATING, REFRESHES, SCHEDULES, alone, holding, keeping, serving
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportSegment
from core.store.tables.runs import Run, RunStatus
from tests.alerts import conftest as alerting
from tests.api.conftest import asking, in_place
from tests.conftest import ADA, PER_BATCH, applied, bulky, second_export, slow_imports, written
from tests.databases import end_other_sessions, new_database
from tests.runs.conftest import asked, ended, members, ran, sums_hold, until
from tests.runs.test_history import run as past
from tests.store.test_drafts import expect_one_of_two_savers_refused
from tests.store.test_runs import expect_runs_found_and_sorted, expect_sizes_of_the_last_requests


@pytest.fixture(scope="session")
def server(postgresql: Any) -> str:
    """Its address."""
    return str(postgresql.get_uri())


@pytest.fixture(scope="session")
def used_database(server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that has its tables, the engine's too; it takes less to copy it."""
    folder = tmp_path_factory.mktemp("used")
    url = new_database(server, name="used")
    store = open_store(Settings(home=folder / "data", database_url=url))
    with Host(store):
        pass
    store.close()
    return "used"


@pytest.fixture
def settings(server: str, used_database: str, tmp_path: Path) -> Settings:
    """A database of its own for each test, with tables that are empty."""
    url = new_database(server, f"template {used_database}")
    return Settings(home=tmp_path / "data", database_url=url)


def test_models_and_migrations_agree(store: Store):
    with store.engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(found, SQLModel.metadata) == []


def test_migrating_again_is_safe(store: Store):
    database.migrate(store.engine)
    open_store(store.settings).close()


def test_a_second_process_waits_while_the_first_migrates(settings: Settings):
    first, second = (database.connect(settings.url) for _ in range(2))
    with alone(first, MIGRATING), second.begin() as connection:
        locked = connection.execute(sa.text("select pg_try_advisory_xact_lock(1802264951)"))
        assert locked.scalar() is False
    first.dispose()
    second.dispose()


def test_applying_printing_and_applying_again(store: Store, configuration: Path, tmp_path: Path):
    assert {c.what for c in applied(store, configuration)} == {"created"}
    assert {c.what for c in applied(store, configuration)} == {"unchanged"}
    printed = tmp_path / "printed.yaml"
    printed.write_text(dump.text(store, ADA))
    applied(store, printed)
    assert dump.text(store, ADA) == printed.read_text()


def test_moments_come_back_in_utc(store: Store, configuration: Path):
    applied(store, configuration)
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
    assert row.created_at.tzinfo is not None
    assert row.created_at.utcoffset() == datetime.now(UTC).utcoffset()
    assert abs((datetime.now(UTC) - row.created_at).total_seconds()) < 600


def test_foreign_keys_hold(store: Store, configuration: Path):
    applied(store, configuration)
    with pytest.raises(Conflict) as caught, store.begin() as session:
        session.execute(sa.delete(SegmentRow))
    assert isinstance(caught.value.__cause__, IntegrityError)
    with store.begin() as session:
        exports.remove(session, ADA, exports.find(session, "Newsletter"))
        assert session.scalars(sa.select(ExportSegment)).all() == []


def test_alerts_are_noticed_once_and_due_at_their_channels(store: Store, configuration: Path):
    applied(store, configuration)
    clock = alerting.Clock()
    watch.look(store, clock())
    spec = Channel(name="Ops", address="${OPS}")
    with store.begin() as session:
        channels.add(session, store.vault, ADA, spec, address="json://127.0.0.1:1/nobody")
    alerting.ran(store, RunStatus.failed, clock)
    for members_found in (1000, 500):
        alerting.ran(store, RunStatus.succeeded, clock, members=members_found)
    assert alerting.told(store) == [
        "“Newsletter” failed",
        "“Newsletter” works again",
        "“Newsletter”: 50 % fewer people",
    ]
    with store.begin() as session:
        assert len(alerts.due(session, clock())) == 3
        assert alerts.remove_old(session, clock() + timedelta(days=1), 10) == 0


def test_an_address_is_taken_out_of_all_tables(store: Store, configuration: Path):
    applied(store, configuration)
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
        run.error = "Klaviyo answered: Anna@example.com bounced, joanna@example.com didn't."
        run.order_data = run.order_data | {"only_email": "anna@example.com"}
    anna = Addresses(("anna@example.com",))
    assert purge.from_own_tables(store, anna.emails, anna.without) == 2
    assert purge.from_engine_tables(store.settings, anna.emails, anna.without) == 0
    purge.leave_nothing(store)
    with store.begin() as session:
        run = runs.find(session, run.id)
    assert run.error == "Klaviyo answered: erased bounced, joanna@example.com didn't."
    assert run.order_data["only_email"] == "erased"


def test_sizes_of_the_last_runs_are_summed(
    store: Store, tmp_path: Path, profiles: Path, klaviyo: str
):
    applied(store, written(tmp_path, profiles, klaviyo, second_export()))
    expect_sizes_of_the_last_requests(store)


def test_runs_are_found_by_words_and_sorted(
    store: Store, tmp_path: Path, profiles: Path, klaviyo: str
):
    applied(store, written(tmp_path, profiles, klaviyo, second_export()))
    expect_runs_found_and_sorted(store)


def test_what_is_old_is_removed_measured_and_charted_there_too(
    store: Store, configuration: Path
) -> None:
    applied(store, configuration)
    with Host(store):
        ran(store)
    now = datetime.now(UTC)
    assert prune.prune(store, now) == {}
    with store.begin() as session:
        session.add_all(past(ago=900 + n, accepted=1) for n in range(15))
        session.add_all(past(ago=400 + n, accepted=1) for n in range(15))
    assert prune.prune(store, now + timedelta(days=40))["runs"] == 15
    found = sizes.measure(store, now).each
    assert found["runs"].n == 16
    assert found["runs"].bytes > 0
    assert found["engine"].n == 0
    assert b'segferry_profiles_total{export="Newsletter",outcome="accepted"} 38.0' in measures.text(
        store, now
    )
    (day,) = history.per_day(store, now - timedelta(days=1), "Europe/Riga", now)
    assert day.outcomes["accepted"] == 8
    took = history.median_seconds(store, now - timedelta(days=1), "Europe/Riga", now)
    assert took.keys() == {day.day}
    (lists,) = list_sizes.largest(store, now - timedelta(days=1), "Europe/Riga", 6, now).lists
    assert [at for at, _n in lists.points] == [day.day]
    week = history.figures(store, 7, now)
    assert (week.accepted.total, week.runs.total) == (8, 1)


def test_a_refresh_keeps_its_history_and_no_other_overlaps_it(store: Store, configuration: Path):
    applied(store, configuration)
    with store.begin() as session:
        row = sources.find(session, "Profiles")
    (done,) = refreshing.reload(store, ADA, row)
    assert (done.rows, done.problem, done.status) == (12, None, "succeeded")
    with keeping(store, REFRESHES) as mine:
        assert mine()
        with pytest.raises(Conflict):
            refreshing.reload(store, ADA, row)
        with store.begin() as session:
            refreshes.begin(session, ADA, [row])
        assert refreshing.under_way(store) == {row.id}
    assert refreshing.under_way(store) == frozenset()  # it broke off
    with store.begin() as session:
        states = [str(one.status) for one in refreshes.everything(session)]
        assert states == ["failed", "succeeded"]
        assert len(refreshes.profiles(session, row.id)) == 1
        assert refreshes.remove_old(session, datetime.now(UTC) + timedelta(days=1), 10) == 2
        assert idle_segments.idle(session, datetime.now(UTC) + timedelta(days=46))


def test_a_run_comes_to_its_end(store: Store, configuration: Path, klaviyo: str):
    applied(store, configuration)
    told = preview(store, ADA, "Newsletter")
    with Host(store):
        run = ran(store)
    assert (run.status, run.members, run.accepted) == (RunStatus.partial, told.members, 8)
    assert sums_hold(run)
    assert downloads.rejected(store, ADA, run).height == 4
    assert len(members(klaviyo)) == 8


def test_a_run_is_undone_and_refused_a_second_time(store: Store, configuration: Path, klaviyo: str):
    applied(store, configuration)
    with Host(store):
        run = ended(store, asked(store))
        taken = ended(store, undo.ask(store, ADA, undo.plan(store, ADA, run.id), seen=True))
        assert (taken.status, taken.removed, members(klaviyo)) == ("succeeded", 8, set())
        with pytest.raises(Conflict, match=f"was undone by run {taken.id}"):
            undo.plan(store, ADA, run.id)


def test_a_double_click_is_one_run(store: Store, configuration: Path):
    applied(store, configuration)

    def click(_n: int) -> int:
        with store.begin() as session:
            return requests.request(session, ADA, exports.find(session, "Newsletter")).id

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(click, range(8)))) == 1


def test_of_requests_at_once_with_one_key_one_makes_a_run(store: Store, configuration: Path):
    applied(store, configuration)
    with store.begin() as session:
        secret = tokens.add(session, ADA, "Airflow", ["Newsletter"])
    ask = asking(in_place(store, [0.0], Limits()))

    def start(_n: int) -> int:
        path = "/api/exports/Newsletter/runs"
        return int(ask("POST", path, secret, Idempotency_Key="job-1").json()["run_id"])

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(start, range(8)))) == 1
    with store.begin() as session:
        assert len(runs.everything(session)) == 1


def test_a_run_is_cancelled_and_retry_completes_it(store: Store, klaviyo: str, tmp_path: Path):
    bulky(3).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))
    slow_imports(klaviyo, 0.3)
    with Host(store):
        run = until(store, asked(store), lambda found: found.batches_sent >= 1)
        with store.begin() as session:
            requests.ask_stop(session, ADA, run)
        run = ended(store, run)
        with store.begin() as session:
            again = requests.retry(session, ADA, run)
        again = ended(store, again)
        run = until(store, run, lambda found: found.accepted + again.accepted == 3 * PER_BATCH)
    assert (run.status, again.status) == (RunStatus.cancelled, RunStatus.succeeded)
    assert sums_hold(run)
    assert sums_hold(again)


def test_what_was_interrupted_is_finished_by_the_next_engine(store: Store, configuration: Path):
    applied(store, configuration)
    run = asked(store)
    with Host(store):
        pass
    with Host(store):
        assert ended(store, run).status == RunStatus.partial


def test_one_process_at_a_time_has_the_engine(settings: Settings, store: Store):
    other = open_store(settings)
    with holding(store) as mine, holding(other) as theirs:
        assert (mine, theirs) == (True, False)
    with holding(other) as theirs:
        assert theirs
    other.close()


def test_the_engine_is_free_again_after_an_error(settings: Settings, store: Store):
    other = open_store(settings)
    with suppress(StorageFailed), holding(store):
        raise StorageFailed("the disk is full")
    with holding(other) as theirs:
        free = theirs
    other.close()
    assert free


def test_whoever_has_the_engine_is_not_in_a_transaction_all_the_while(store: Store):
    query = sa.text(
        "select count(*) from pg_stat_activity "
        "where datname = current_database() and state = 'idle in transaction'"
    )
    with holding(store), store.begin() as session:
        assert session.execute(query).scalar() == 0


def test_a_password_is_not_told_when_the_server_is_gone(tmp_path: Path):
    gone = Settings(home=tmp_path, database_url=f"postgresql://ada:{quote('s3cret')}@127.0.0.1:1/d")
    with pytest.raises(StorageFailed) as caught:
        open_store(gone)
    assert "s3cret" not in str(caught.value)
    assert "SEGFERRY_DATABASE_URL" in str(caught.value)


def test_of_several_that_tick_at_once_one_gets_each_slot(store: Store, configuration: Path):
    applied(store, configuration)
    since = datetime(2026, 11, 30, tzinfo=UTC)
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        minutely = Cron(cron="* * * * *", time_zone="Europe/Riga")
        exports.reschedule(session, ADA, row, minutely)
        slots.begin(session, slots.of_export(row.id), "Ada", since)
    with ThreadPoolExecutor(4) as pool:
        for minute in range(1, 4):
            now = since + timedelta(minutes=minute)
            list(pool.map(lambda at: scheduler.tick(store, at), [now] * 4))
    with store.begin() as session:
        found = slots.everything(session)
        assert [slot.outcome for slot in found] == ["skipped", "skipped", "ran"]
        assert runs.how_many(session) == 1


def test_of_two_who_save_a_form_at_once_the_second_is_refused(store: Store, configuration: Path):
    applied(store, configuration)
    expect_one_of_two_savers_refused(store)


def test_schedules_are_followed_by_one_process(store: Store, settings: Settings):
    other = open_store(settings)
    with holding(store, SCHEDULES) as mine, holding(other, SCHEDULES) as theirs:
        assert (mine, theirs) == (True, False)
    other.close()


@contextmanager
def killed(postgresql: Any) -> Iterator[None]:
    """The server is away meanwhile, as after a loss of power."""
    process = postgresql.get_postmaster_info().process
    started = [process, *process.children()]
    process.kill()
    psutil.wait_procs(started, timeout=30)
    yield
    postgresql.ensure_postgres_running()


def killed_in_the_middle(postgresql: Any, store: Store, run: Run) -> None:
    """Until the run says that it waits."""
    until(store, run, lambda found: found.batches_sent >= 1)
    end = time.monotonic() + 30
    with killed(postgresql):
        while store.runtime.waits.sentence(run.id) is None:
            assert time.monotonic() < end
            time.sleep(0.02)


@pytest.fixture
def three_batches(store: Store, klaviyo: str, tmp_path: Path) -> None:
    bulky(3).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))
    slow_imports(klaviyo, 0.3)


@pytest.mark.usefixtures("three_batches")
def test_a_run_waits_while_the_server_is_killed_and_goes_on(
    store: Store, postgresql: Any, klaviyo: str, capsys: pytest.CaptureFixture[str]
):
    run = asked(store)
    with ThreadPoolExecutor(1) as beside:
        outage = beside.submit(killed_in_the_middle, postgresql, store, run)
        (run,) = follow(store, [run], Progress())
        outage.result()
    assert (run.status, run.accepted, run.error) == (RunStatus.succeeded, 3 * PER_BATCH, None)
    assert sums_hold(run)
    assert "Waiting: The database in postgresql:" in capsys.readouterr().err
    assert sum(httpx.get(f"{klaviyo}/sandbox/state").json()["jobs"].values()) <= 4


@pytest.mark.usefixtures("three_batches")
def test_a_server_that_stays_away_ends_the_command_and_retry_finishes_the_run(
    settings: Settings, postgresql: Any, klaviyo: str, monkeypatch: pytest.MonkeyPatch
):
    hasty = open_store(replace(settings, outage_wait=0.3))
    run = asked(hasty)
    with killed(postgresql), pytest.raises(StorageUnavailable, match="segferry resume"):
        follow(hasty, [run], Progress())
    hasty.close()
    for name, value in {"HOME": settings.home, "DATABASE_URL": settings.database_url}.items():
        monkeypatch.setenv(f"SEGFERRY_{name}", str(value))
    with pytest.raises(SystemExit) as ended:
        main(["retry", str(run.id)])
    assert ended.value.code == 0
    assert len(members(klaviyo)) == 3 * PER_BATCH


def test_a_lock_whose_session_ends_is_taken_again_unless_another_has_it(
    settings: Settings, store: Store
):
    other = open_store(settings)
    with keeping(store) as mine:
        found = [mine()]
        end_other_sessions(other)
        found.append(mine())
        end_other_sessions(other)
        with holding(other) as theirs:
            found += [theirs, mine()]
        found.append(mine())
    other.close()
    assert found == [True, True, True, False, True]


def test_who_is_silent_for_too_long_loses_the_engine_to_the_next_that_asks(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(locks, "SILENT", {locks.ENGINE: 0.05})
    other = open_store(settings)
    with keeping(store) as mine, keeping(other) as theirs:
        assert mine()
        assert mine.holds()
        end = time.monotonic() + 10
        while not theirs() and time.monotonic() < end:
            pass
        assert theirs.holds()
        assert not mine.holds()
        assert not mine()
        assert theirs()
    other.close()


def test_who_looks_after_the_engine_keeps_it_and_so_does_who_never_promised_to(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(locks, "SILENT", {locks.ENGINE: 0.0})
    other = open_store(settings)
    with holding(store) as mine, keeping(other) as theirs:
        assert mine
        assert [theirs() for _time in range(5)] == [False] * 5
    monkeypatch.setattr(locks, "SILENT", {locks.ENGINE: 5.0})
    with keeping(store) as kept, keeping(other) as theirs:
        found = [(kept(), theirs()) for _time in range(5)]
    assert found == [(True, False)] * 5
    other.close()


@contextmanager
def sharing(store: Store) -> Iterator[Advisory]:
    """The parts of the engine's work, for a process that has it together with others."""
    with keeping(store, is_shared=True) as mine:
        assert mine()
        assert mine.shared
        yield mine.shared


def test_a_part_of_shared_work_is_had_by_one_at_a_time(settings: Settings, store: Store):
    other = open_store(settings)
    with sharing(store) as ours:
        assert not ours.has_others()
    with sharing(store) as ours, sharing(other) as theirs:
        assert ours.has_others()
        seven = ours.part(7)
        assert seven
        assert (theirs.part(7), ours.part(7)) == (None, None)
        eight = theirs.part(8)
        assert eight
        assert ours.has(seven)
        assert theirs.has(eight)
        assert ours.parts() == {7, 8}
        ours.leave(seven)
        assert not ours.has(seven)
        assert theirs.part(7)
    other.close()


def test_whoever_loses_the_session_has_none_of_its_parts_in_the_next(
    settings: Settings, store: Store
):
    other = open_store(settings)
    with keeping(store, is_shared=True) as mine:
        assert mine()
        assert mine.shared
        seven = mine.shared.part(7)
        assert seven
        end_other_sessions(other)
        assert mine()
        assert mine.shared.part(7)
        assert not mine.shared.has(seven)
    other.close()


def test_who_is_silent_for_too_long_loses_parts_to_whoever_looks_for_them(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(locks, "SILENT", {locks.ENGINE: 0.05})
    other = open_store(settings)
    with sharing(store) as silent, sharing(other) as theirs:
        seven = silent.part(7)
        assert seven
        end = time.monotonic() + 10
        while theirs.parts() and time.monotonic() < end:
            pass
        assert theirs.part(7)
        assert not silent.has(seven)
    other.close()


def test_a_command_that_carries_runs_alone_keeps_servers_from_it(settings: Settings, store: Store):
    other = open_store(settings)
    with keeping(store) as command, keeping(other, is_shared=True) as server:
        assert (command(), server()) == (True, False)
    with keeping(other, is_shared=True) as server, keeping(store) as command:
        assert (server(), command()) == (True, False)
    other.close()


def test_servers_are_there_together_and_a_key_is_changed_without_them(
    settings: Settings, store: Store
):
    other = open_store(settings)
    with serving(store), serving(other), holding(store, locks.SERVER) as unserved:
        assert not unserved
    with (
        holding(store, locks.SERVER) as unserved,
        pytest.raises(Conflict, match="Start again once that has ended"),
        serving(other),
    ):
        pass
    assert unserved
    other.close()


def test_a_second_data_folder_without_the_ledgers_is_refused(
    settings: Settings, store: Store, configuration: Path, tmp_path: Path
):
    applied(store, configuration)
    asked(store)
    elsewhere = replace(settings, home=tmp_path / "elsewhere")
    with pytest.raises(StorageFailed, match="everybody would be sent again"):
        open_store(elsewhere)
    shared = replace(elsewhere, shared_files=str(settings.home))
    open_store(shared).close()
