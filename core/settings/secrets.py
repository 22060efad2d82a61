"""Secrets from variables of the environment, or from files that these name."""

from collections.abc import Mapping
from pathlib import Path

from core.errors import Invalid
from core.texts import _

MOST = 64 * 1024  # bytes that the file of a secret may have


def secret(environment: Mapping[str, str], variable: str) -> str:
    """The secret that a variable has, or the file that VARIABLE_FILE names; empty without either.

    Space around it is no part of it. Raises Invalid where both are given, and for a file that
    can't be read, is empty or too large.
    """
    value, file = environment.get(variable, "").strip(), environment.get(f"{variable}_FILE", "")
    if value and file:
        raise given_twice(variable)
    return _content(f"{variable}_FILE", Path(file)) if file else value


def _content(name: str, path: Path) -> str:
    """What the file has. A pipe is refused: settings are read more than once."""
    try:
        if path.exists() and not path.is_file():
            raise Invalid(_("{name} names {path}, which is no file.").format(name=name, path=path))
        with path.open("rb") as file:
            found = file.read(MOST + 1)
        text = found.decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or _("it is no text")
        said = _("The file {path} that {name} names can't be read: {reason}.")
        raise Invalid(said.format(path=path, name=name, reason=reason)) from None
    if not text or len(found) > MOST:
        said = _("The file {path} that {name} names has to have the secret and nothing else.")
        raise Invalid(said.format(path=path, name=name))
    return text


def given_twice(variable: str) -> Invalid:
    """Nobody knows which of the two is meant."""
    said = _("{variable} and {variable}_FILE are both set: keep one of them.")
    return Invalid(said.format(variable=variable))
