"""segferry rotate-key: every secret under a new key, whatever happens meanwhile."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.settings import Settings
from core.store import Store, connections, open_store
from core.store.locks import SERVER, holding
from core.store.tables.connections import ConnectionRow
from core.store.vault import Vault, keep, key_file, open_vault, renewed
from tests.cli.conftest import Command, Start, left, one_sentence
from tests.conftest import ENVIRONMENT, applied

SECRET = ENVIRONMENT["KLAVIYO_API_KEY"]


def locked(store: Store) -> str:
    with store.begin() as session:
        row: ConnectionRow = connections.find(session, "Klaviyo")
        return row.secret


def test_secrets_are_read_with_the_new_key_and_no_longer_with_the_old(
    newsletter: Command, store: Store, settings: Settings
):
    old, before = store.vault, locked(store)
    told = newsletter("rotate-key")
    assert (told.status, "1 secret is" in told.out) == (0, True), told.err
    new = open_vault(settings)
    assert new.key != old.key
    assert not new.older
    assert locked(store) != before
    assert new.unlock(locked(store)) == SECRET
    with pytest.raises(Exception, match="can't be read"):
        old.unlock(locked(store))
    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600
    assert [p.name for p in settings.home.glob("secret.key*")] == ["secret.key"]


def test_a_crash_before_or_after_the_secrets_changed_leaves_them_readable(
    newsletter: Command, store: Store, settings: Settings
):
    half = renewed(store.vault)
    keep(half, key_file(settings))
    assert open_vault(settings).unlock(locked(store)) == SECRET  # secrets still under the old key
    with store.begin() as session:
        connections.find(session, "Klaviyo").secret = half.lock(SECRET)
    assert open_vault(settings).unlock(locked(store)) == SECRET  # and under the new one
    assert newsletter("rotate-key").status == 0
    assert not open_vault(settings).older
    assert open_vault(settings).unlock(locked(store)) == SECRET


@pytest.mark.parametrize("lock", [SERVER, "engine"])
def test_while_segferry_runs_the_key_stays(program: Start, store: Store, lock: str):
    with holding(store, lock) as held:
        assert held
        told = left(program("rotate-key"))
    assert told.status == 1
    assert one_sentence(told)
    assert "Stop it" in told.err
    assert open_vault(store.settings) == store.vault


def test_a_secret_that_cant_be_read_is_named_and_nothing_changes(newsletter: Command, store: Store):
    with store.begin() as session:
        connections.find(session, "Klaviyo").secret = Vault(Fernet.generate_key()).lock("lost")
    before = locked(store)
    told = newsletter("rotate-key")
    assert told.status == 2
    assert one_sentence(told)
    assert "“Klaviyo”" in told.err
    assert locked(store) == before


def test_a_key_of_the_environment_is_changed_by_giving_both(
    segferry: Command,
    settings: Settings,
    configuration: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    store = open_store(Settings(home=settings.home, secret_key=old))
    applied(store, configuration)
    monkeypatch.setenv("SEGFERRY_SECRET_KEY", old)
    told = segferry("rotate-key")
    assert told.status == 2
    assert one_sentence(told)
    assert "NEW OLD" in told.err
    assert old not in told.err
    monkeypatch.setenv("SEGFERRY_SECRET_KEY", f"{new} {old}")
    told = segferry("rotate-key")
    assert told.status == 0
    assert "first key alone" in told.out
    assert Vault(new.encode()).unlock(locked(store)) == SECRET
    assert not key_file(settings).exists()
    store.close()
