"""The keys in a backup: encrypted with a passphrase, for whoever has them reads every secret."""

import base64
import json
import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import Invalid
from core.texts import _

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

FILE = "keys.json"  # among the members
SHORTEST = 12  # letters of a passphrase
# Of scrypt: 64 MB of memory and about 0.2 s for each guess.
COST = {"n": 2**16, "r": 8, "p": 1}
MOST = {"n": 2**20, "r": 16, "p": 4}  # what a backup may ask of this machine


class Keys(StrEnum):
    """What became of the keys."""

    encrypted = "encrypted"
    left_out = "left_out"  # secrets have to be entered again
    elsewhere = "elsewhere"  # the environment gives the key, here and there


def check(passphrase: str) -> None:
    """Raises Invalid for one that is too short."""
    if len(passphrase) < SHORTEST:
        text = _("The passphrase of a backup needs {n} letters or more.")
        raise Invalid(text.format(n=SHORTEST))


def locked(keys: Mapping[str, bytes], passphrase: str) -> bytes:
    """Files by name, encrypted; the salt is another one each time. Raises Invalid."""
    check(passphrase)
    salt = secrets.token_bytes(16)
    plain = {name: base64.b64encode(content).decode() for name, content in keys.items()}
    token = _cipher(passphrase, salt, COST).encrypt(json.dumps(plain).encode())
    data = {"kdf": "scrypt", **COST, "salt": base64.b64encode(salt).decode()}
    return json.dumps(data | {"fernet": token.decode()}).encode()


def unlocked(content: bytes, passphrase: str) -> dict[str, bytes]:
    """The files again. Raises Invalid where the passphrase is another one."""
    from cryptography.fernet import InvalidToken

    data = json.loads(content)
    cost = {name: min(int(data[name]), most) for name, most in MOST.items()}
    try:
        cipher = _cipher(passphrase, base64.b64decode(data["salt"]), cost)
        plain = json.loads(cipher.decrypt(data["fernet"].encode()))
    except InvalidToken:
        raise Invalid(
            _(
                "The keys in the backup can't be read with this passphrase. Give the one that it "
                "was made with (SEGFERRY_BACKUP_PASSPHRASE), or restore it with --without-keys: "
                "then every secret has to be entered again."
            )
        ) from None
    return {name: base64.b64decode(text) for name, text in plain.items()}


def _cipher(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> "Fernet":
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    key = Scrypt(salt, length=32, **cost).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(key))
