"""An installation backed up while it works, and put back elsewhere: nothing is sent again."""

import json
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from core.access import operator
from core.backup import making, restoring
from core.errors import Conflict, Invalid, StorageFailed
from core.preview import plan
from core.runs.engine.host import Host
from core.runs.engine.worker import Worker
from core.settings import Settings
from core.store import (
    Store,
    connections,
    exports,
    open_store,
    requests,
    runs,
    snapshot,
    sources,
)
from core.store.locks import SERVER, holding
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, PER_BATCH, bulky, people
from tests.runs.carried import ran
from tests.runs.conftest import asked, bring, until

PASSPHRASE = "correct horse battery"


def made(store: Store, folder: Path, passphrase: str | None = PASSPHRASE) -> Path:
    file = folder / "segferry.zip"
    making.make(store, operator(), file, passphrase)
    return file


def restored(
    file: Path, home: Path, passphrase: str = PASSPHRASE, replaces: bool = False
) -> restoring.Restored:
    settings = Settings(home=home)
    return restoring.restore(settings, operator(), file, lambda: passphrase, replaces=replaces)


@pytest.fixture
def sent(store: Store, klaviyo: str, tmp_path: Path) -> Store:
    """An installation that has sent fifty people."""
    bring(store, klaviyo, tmp_path, people(50))
    assert ran(store).sent == 50
    return store


def unchanged(store: Store) -> tuple[int, int, int]:
    found = plan.preview(store, ADA, "Newsletter")
    return found.add, found.update, found.unchanged


def content(home: Path) -> dict[str, bytes]:
    files = (path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


def test_restored_elsewhere_the_next_plan_is_empty_and_the_next_run_sends_nobody(
    sent: Store, tmp_path: Path
):
    file = made(sent, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    there = tmp_path / "there"
    done = restored(file, there)
    assert (done.has_keys, done.ended) == (True, 0)
    store = open_store(Settings(home=there))
    assert unchanged(store) == (0, 0, 50)
    again = ran(store)
    assert (again.status, again.sent, again.unchanged) == (RunStatus.succeeded, 0, 50)
    store.close()


def test_the_database_is_copied_as_of_one_moment_while_somebody_writes(sent: Store, tmp_path: Path):
    with sent.begin() as session:
        connections.find(session, "Klaviyo").name = "Not committed"
        session.flush()
        snapshot.copy(sent.settings.home / "segferry.sqlite", tmp_path / "copy.sqlite")
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as there:
        assert there.execute("select name from connection").fetchall() == [("Klaviyo",)]


def test_what_is_written_while_the_database_is_copied_is_not_in_the_copy(
    sent: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    database, steps = sent.settings.home / "segferry.sqlite", list[int]()
    monkeypatch.setattr(snapshot, "PAGES", 10)

    def write() -> None:
        steps.append(1)
        with sent.begin() as session:
            connections.find(session, 1).name = f"Step {len(steps)}"

    snapshot.copy(database, tmp_path / "copy.sqlite", write)
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as there:
        assert there.execute("select name from connection").fetchall() == [("Klaviyo",)]
        assert there.execute("pragma integrity_check").fetchone() == ("ok",)
    assert len(steps) > 3


def test_a_run_under_way_ends_where_the_backup_is_restored(sent: Store, tmp_path: Path):
    with sent.begin() as session:
        run = requests.request(session, ADA, exports.find(session, "Newsletter"))
    there = tmp_path / "there"
    assert restored(made(sent, tmp_path), there).ended == 1
    store = open_store(Settings(home=there))
    with store.begin() as session:
        found = runs.find(session, run.id)
    store.close()
    assert found.status == RunStatus.cancelled
    assert "under way when the backup was made" in found.error


def test_what_a_run_under_way_had_sent_is_recorded_where_it_is_restored(
    store: Store, klaviyo: str, tmp_path: Path
):
    bring(store, klaviyo, tmp_path, bulky(3))
    run, worker = asked(store), Worker(store)
    worker.prepare(run.id)
    worker.send(run.id, 1)
    worker.leave()
    there = tmp_path / "there"
    assert restored(made(store, tmp_path), there).ended == 1
    moved = open_store(Settings(home=there))
    with Host(moved, 0.02) as host:
        host.until_done([run], 60)
        until(moved, run, lambda found: not found.is_settling)
    assert unchanged(moved) == (2 * PER_BATCH, 0, PER_BATCH)
    moved.close()


def test_a_held_run_stays_held_though_it_was_confirmed_after_the_backup(
    sent: Store, tmp_path: Path
):
    (sent.settings.runs / "7.begun").write_text("")
    there = tmp_path / "there"
    restored(made(sent, tmp_path), there)
    assert not list((there / "runs").glob("*.begun"))


def test_uploads_are_found_where_they_are_now(sent: Store, tmp_path: Path):
    upload = sent.settings.uploads / "a.parquet"
    upload.parent.mkdir()
    people(3).write_parquet(upload)
    with sent.begin() as session:
        (row,) = sources.everything(session)
        row.path = str(upload)
    there = tmp_path / "there"
    restored(made(sent, tmp_path), there)
    store = open_store(Settings(home=there))
    with store.begin() as session:
        (row,) = sources.everything(session)
    store.close()
    assert row.path == str(there / "uploads" / "a.parquet")
    assert Path(row.path).exists()


def test_the_keys_are_read_with_the_passphrase_alone(sent: Store, tmp_path: Path):
    file = made(sent, tmp_path)
    key = (sent.settings.home / "secret.key").read_bytes()
    with zipfile.ZipFile(file) as archive:
        assert not any(key in archive.read(name) for name in archive.namelist())
    with pytest.raises(Invalid, match="can't be read with this passphrase"):
        restored(file, tmp_path / "there", "another passphrase")
    assert content(tmp_path / "there") == {}
    with pytest.raises(Invalid, match="12 letters"):
        made(sent, tmp_path, "short")


def test_without_keys_the_secrets_are_entered_again(sent: Store, tmp_path: Path):
    file = made(sent, tmp_path, None)
    assert not restored(file, tmp_path / "there").has_keys
    store = open_store(Settings(home=tmp_path / "there"))
    with store.begin() as session:
        secret = connections.find(session, "Klaviyo").secret
    with pytest.raises(Invalid, match="enter the secret again"):
        store.vault.unlock(secret)
    store.close()


def test_a_folder_in_use_is_replaced_only_when_that_is_said(sent: Store, tmp_path: Path):
    file, home = made(sent, tmp_path), sent.settings.home
    ran(sent)
    sent.close()
    before = content(home)
    with pytest.raises(Conflict, match="--replace"):
        restored(file, home)
    assert content(home) == before
    assert restored(file, home, replaces=True).manifest.counts["run"] == 1
    assert unchanged(sent) == (0, 0, 50)
    assert not list(home.glob("*.part"))


def test_nothing_is_restored_while_something_runs_there(sent: Store, tmp_path: Path):
    file = made(sent, tmp_path)
    with holding(sent, SERVER), pytest.raises(Conflict, match="running"):
        restored(file, sent.settings.home, replaces=True)


@pytest.mark.parametrize("harm", ["content", "cut", "outside", "newer", "other"])
def test_a_harmed_backup_changes_nothing(sent: Store, tmp_path: Path, harm: str):
    file, home = made(sent, tmp_path), tmp_path / "there"
    harmed(file, harm)
    with pytest.raises(Invalid):
        restored(file, home)
    assert content(home) == {}
    assert not (tmp_path / "evil").exists()


def harmed(file: Path, harm: str) -> None:
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-100])
        return
    if harm == "other":
        file.write_bytes(b"no archive")
        return
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members["manifest.json"])
    ledger = next(one for one in manifest["members"] if one["name"].startswith("ledger/"))
    if harm == "content":
        members[ledger["name"]] = members[ledger["name"]][:-1] + b"?"
    if harm == "outside":
        members["../evil"] = members.pop(ledger["name"])
        ledger["name"] = "../evil"
    if harm == "newer":
        manifest["format"] = 2
    members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_restore_that_broke_off_is_taken_back_and_starts_nothing(sent: Store, tmp_path: Path):
    file, home = made(sent, tmp_path), sent.settings.home
    sent.close()
    before = content(home)
    aside = home / "broken-off.part"  # as a killed process leaves it
    (aside / "former").mkdir(parents=True)
    (home / "segferry.sqlite").rename(aside / "former" / "segferry.sqlite")
    (home / "ledger").rename(aside / "former" / "ledger")
    with pytest.raises(StorageFailed, match="broke off"):
        open_store(sent.settings)
    with pytest.raises(Conflict, match="--replace"):
        restored(file, home)
    assert content(home) == before


def test_what_is_stopped_leaves_what_was_there(sent: Store, tmp_path: Path):
    file = made(sent, tmp_path)
    before = file.read_bytes()

    def stop(_share: float, _doing: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        making.make(sent, operator(), file, PASSPHRASE, stop)
    assert file.read_bytes() == before
    assert sorted(tmp_path.glob("*.part")) == []
    with pytest.raises(KeyboardInterrupt):
        restoring.restore(
            Settings(home=tmp_path / "there"), operator(), file, lambda: PASSPHRASE, progress=stop
        )
    assert content(tmp_path / "there") == {}


def test_a_backup_is_no_part_of_the_next_one(sent: Store, tmp_path: Path):
    with pytest.raises(Invalid, match="part of the next backup"):
        making.make(sent, operator(), sent.settings.runs / "b.zip", PASSPHRASE)
