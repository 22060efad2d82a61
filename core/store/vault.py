"""Keeps secrets: encrypted at rest with a key that lives outside the database."""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import Invalid, StorageFailed
from core.files import replacing
from core.settings import Settings
from core.texts import _


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts with a Fernet key (32 bytes, url-safe base64); older keys are still read."""

    key: bytes = field(repr=False)
    older: tuple[bytes, ...] = field(default=(), repr=False)

    def lock(self, secret: str) -> str:
        """The secret, encrypted, as text for the database."""
        return Fernet(self.key).encrypt(secret.encode()).decode()

    def unlock(self, locked: str) -> str:
        """The secret again. Raises Invalid when the key is not the one it was locked with."""
        try:
            keys = MultiFernet([Fernet(key) for key in (self.key, *self.older)])
            return keys.decrypt(locked.encode()).decode()
        except InvalidToken:
            raise Invalid(
                _(
                    "A stored secret can't be read with this key. Set SEGFERRY_SECRET_KEY to the "
                    "key it was saved with, or enter the secret again."
                )
            ) from None


def open_vault(settings: Settings) -> Vault:
    """This installation's vault; its key is made on first use. Raises Invalid, StorageFailed."""
    if settings.secret_key:
        return _with_keys(settings.secret_key.encode(), "SEGFERRY_SECRET_KEY")
    path = key_file(settings)
    try:
        if not path.exists():
            _make(path)
        return _with_keys(path.read_bytes(), str(path))
    except OSError as error:
        raise _unusable(path, error) from error


def key_file(settings: Settings) -> Path:
    """Where the key is, unless the environment gives it."""
    return Path(settings.secret_key_file or settings.home / "secret.key")


def renewed(vault: Vault) -> Vault:
    """A vault with a new key, which still reads what the other one locked."""
    return Vault(Fernet.generate_key(), (vault.key, *vault.older))


def keep(vault: Vault, path: Path) -> None:
    """Replaces the key file at once, for its owner only. Raises StorageFailed."""
    try:
        with replacing(path.resolve()) as file:
            file.write(b"\n".join((vault.key, *vault.older)))
    except OSError as error:
        raise _unusable(path, error) from error


def ending(secret: str) -> str:
    """All that is ever shown of a secret again: its last four characters."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else "…"


def _make(path: Path) -> None:
    """Written beside and linked into place: of two first starts at once, both get the same key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(Fernet.generate_key())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _unusable(path: Path, error: OSError) -> StorageFailed:
    return StorageFailed(
        _("The key file {path} can't be used: {why}. Check its folder and permissions.").format(
            path=path, why=error.strerror
        )
    )


def _with_keys(text: bytes, origin: str) -> Vault:
    """The first key locks; those after it are from before and are still read."""
    first, *older = (_checked(key, origin) for key in text.split() or [b""])
    return Vault(first, tuple(older))


def _checked(key: bytes, origin: str) -> bytes:
    try:
        Fernet(key)
    except ValueError:
        raise Invalid(
            _(
                "{origin} is not a valid key: 32 bytes in url-safe base64 are needed. "
                "Without it, Segferry creates one in its data folder."
            ).format(origin=origin)
        ) from None
    return key
