"""Hides email addresses from those who may see that people are there, but not who they are."""

import re
from typing import Any

# It begins where a word begins and gives nothing back: else a long text without @ takes minutes.
_ADDRESS = re.compile(r"(?<![^\s@<>(),;:\"'=])[^\s@<>(),;:\"'=]++@[^\s@<>(),;:\"']+")


def mask(email: str) -> str:
    """The address as `i•••@example.lv`; what is none keeps its first letter at most."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}•••" + ("" if "@" in domain else at + domain)


def masked(value: Any) -> Any:
    """The value with each address in its texts masked, however deep they lie in it."""
    if isinstance(value, str):
        return _ADDRESS.sub(lambda found: mask(found.group()), value)
    if isinstance(value, dict):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner) for inner in value]
    return value
