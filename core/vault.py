"""Keeps secrets: encrypted at rest with a key that lives outside the database."""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from core.errors import Invalid, StorageFailed
from core.settings import Settings
from core.texts import _


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts and decrypts with one Fernet key (32 bytes, url-safe base64)."""

    key: bytes = field(repr=False)

    def lock(self, secret: str) -> str:
        """The secret, encrypted, as text for the database."""
        return Fernet(self.key).encrypt(secret.encode()).decode()

    def unlock(self, locked: str) -> str:
        """The secret again. Raises Invalid when the key is not the one it was locked with."""
        try:
            return Fernet(self.key).decrypt(locked.encode()).decode()
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
        return Vault(_checked(settings.secret_key.encode(), "SEGFERRY_SECRET_KEY"))
    path = Path(settings.secret_key_file or settings.home / "secret.key")
    try:
        if not path.exists():
            _make(path)
        return Vault(_checked(path.read_bytes().strip(), str(path)))
    except OSError as error:
        raise StorageFailed(
            _("The key file {path} can't be used: {why}. Check its folder and rights.").format(
                path=path, why=error.strerror
            )
        ) from error


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


def _checked(key: bytes, origin: str) -> bytes:
    try:
        Fernet(key)
    except ValueError:
        raise Invalid(
            _(
                "{origin} does not hold a valid key: 32 bytes in url-safe base64 are needed. "
                "Without it, Segferry makes one in its data folder by itself."
            ).format(origin=origin)
        ) from None
    return key
