"""Backups that a server keeps: made, checked, listed, removed, and left alone by a restore."""

import os
import time
from pathlib import Path

import pytest

from core.access import Person, Role, operator
from core.backup import backups, restoring
from core.errors import Conflict, Denied, Invalid, Unknown
from core.settings import Settings
from core.store import Store, open_store
from core.store.runtime import LongWork
from tests.conftest import ADA
from tests.long_work import ended

PASSPHRASE = "correct horse battery"


def kept(store: Store, passphrase: str | None = PASSPHRASE) -> Path:
    """One that was made and checked."""
    work = ended(backups.begin(store, ADA, passphrase))
    assert work.problem is None
    (one,) = backups.everything(store, ADA)
    assert work.outcome is not None
    assert work.outcome.startswith(f"{one.name}: all ")
    return backups.path_of(store, ADA, one.name)


def test_a_backup_is_made_checked_listed_and_removed(store: Store):
    path = kept(store)
    assert path.parent == store.settings.home / "backups"
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)
    assert [one.bytes for one in backups.everything(store, ADA)] == [path.stat().st_size]
    backups.remove(store, ADA, path.name)
    assert backups.everything(store, ADA) == []


def test_one_that_is_damaged_is_named(store: Store):
    path = kept(store)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(1) + content[len(content) // 2 + 1 :])
    work = ended(backups.begin_check(store, ADA, path.name))
    assert work.problem is not None
    assert "Take another" in work.problem
    assert work.outcome is None


def test_a_restore_leaves_the_backups_where_they_are(store: Store):
    path, home = kept(store), store.settings.home
    store.close()
    restoring.restore(Settings(home=home), operator(), path, lambda: PASSPHRASE, replaces=True)
    again = open_store(Settings(home=home))
    assert [one.name for one in backups.everything(again, ADA)] == [path.name]
    again.close()


def test_only_one_is_made_at_a_time_and_what_cannot_be_is_said_at_once(store: Store):
    with pytest.raises(Invalid, match="12 letters"):
        backups.begin(store, ADA, "short")
    store.runtime.backup = LongWork("Backing up")
    with pytest.raises(Conflict, match="already"):
        backups.begin(store, ADA, None)
    backups.cancel(store, ADA)
    assert store.runtime.backup.is_stopping


def test_no_other_file_is_reached_and_nobody_else_may(store: Store):
    for name in ("../segferry.sqlite", "segferry.sqlite", "segferry-20260101-000000.zip"):
        with pytest.raises(Unknown):
            backups.fetched(store, ADA, name)
    for deed in (backups.everything, lambda s, p: backups.begin(s, p, None), backups.cancel):
        with pytest.raises(Denied):
            deed(store, Person("Kaspars", Role.contributor))


def test_what_a_killed_process_left_is_swept_after_a_day(store: Store):
    path = kept(store)
    half = path.with_name(f"{path.name}.abc.part")
    half.touch()
    backups.sweep(store.settings)
    assert half.exists()
    yesterday = time.time() - 100_000
    for one in (half, path):
        os.utime(one, (yesterday, yesterday))
    backups.sweep(store.settings)
    assert sorted(path.parent.iterdir()) == [path]
