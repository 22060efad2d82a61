"""What applying a configuration file did to a thing, and errors that say which one is at fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from core.errors import Conflict, Invalid

What = Literal["created", "changed", "unchanged", "removed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of the configuration, and what applying the file did to it."""

    section: str
    name: str
    what: What


def what(changed: bool) -> What:
    """Of a thing that was there."""
    return "changed" if changed else "unchanged"


@contextmanager
def as_invalid() -> Iterator[None]:
    """A file that leaves out what is needed is a wrong file."""
    try:
        yield
    except Conflict as error:
        raise Invalid(str(error)) from error


@contextmanager
def about(section: str, name: str) -> Iterator[None]:
    """Says which thing of the file is at fault, unless the sentence does."""
    try:
        yield
    except Invalid as error:
        if name not in str(error):
            error.args = (f"{section} “{name}”: {error}",)
        raise
