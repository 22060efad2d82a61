"""The vault: secrets encrypted at rest, the key outside the database."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.errors import Invalid
from core.settings import Settings
from core.store.vault import ending, open_vault


def test_a_secret_comes_back_only_with_its_key(settings: Settings, tmp_path: Path):
    locked = open_vault(settings).lock("pk_secret")
    assert "secret" not in locked
    assert open_vault(settings).unlock(locked) == "pk_secret"
    with pytest.raises(Invalid, match="SEGFERRY_SECRET_KEY"):
        open_vault(Settings(home=tmp_path / "other")).unlock(locked)


def test_the_key_file_is_for_its_owner_only(settings: Settings):
    open_vault(settings)
    assert stat.S_IMODE((settings.home / "secret.key").stat().st_mode) == 0o600


def test_first_starts_at_the_same_moment_get_the_same_key(settings: Settings):
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: open_vault(settings).key, range(8)))
    assert len(keys) == 1


def test_a_key_from_the_environment_leaves_no_file(settings: Settings):
    key = Fernet.generate_key().decode()
    open_vault(Settings(home=settings.home, secret_key=key))
    assert not (settings.home / "secret.key").exists()


def test_a_key_that_is_none_is_refused_without_being_shown(settings: Settings):
    with pytest.raises(Invalid) as caught:
        open_vault(Settings(home=settings.home, secret_key="correct horse"))
    assert "correct horse" not in str(caught.value)


def test_the_vault_does_not_show_its_key(settings: Settings):
    vault = open_vault(settings)
    assert vault.key.decode() not in repr(vault)


@pytest.mark.parametrize(("secret", "shown"), [("pk_0123456789", "…6789"), ("short", "…")])
def test_only_the_ending_of_a_long_secret_is_shown(secret: str, shown: str):
    assert ending(secret) == shown
