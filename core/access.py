"""Who acts, in which role, and what a role may do."""

import getpass
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from core.errors import Denied
from core.texts import _

COMMAND_LINE = "command line"
CONTRIBUTORS = "contributors"  # with whom a connection may be shared


class Role(IntEnum):
    """Ordered: each role may do what the smaller ones may."""

    viewer = 1
    contributor = 2
    administrator = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever acts: their name as history shows it, their role, and where they do it from."""

    name: str
    role: Role
    id: int | None = None  # of their account; None for who needs none
    origin: str = COMMAND_LINE  # an address, or where no browser is


def operator() -> Person:
    """The operating-system user who runs the program: acts as administrator."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        name = "operator"
    return Person(name, Role.administrator)


def from_command_line(person: Person) -> bool:
    """Whether the operating system knows them already, so that its rights are what counts."""
    return person.id is None and person.origin == COMMAND_LINE


def require(person: Person, role: Role) -> None:
    """Raises Denied unless the person has at least this role."""
    if person.role < role:
        text = _("{person} is a {role} and may not do this. Ask an administrator of your team.")
        raise Denied(text.format(person=person.name, role=person.role.name), person)


class Shared(Protocol):
    """What administrators may share with contributors: a connection."""

    name: str
    shared_with: str
    created_by: str


def may_use(person: Person, connection: Shared | None) -> bool:
    """Whether they may manage and run exports of the connection; None: of no connection."""
    if person.role < Role.contributor:
        return False
    if person.role is Role.administrator or connection is None:
        return True
    return connection.shared_with == CONTRIBUTORS or connection.created_by == person.name


def require_use(person: Person, connection: Shared | None) -> None:
    """Raises Denied unless they may manage and run exports of the connection."""
    require(person, Role.contributor)
    if connection is not None and not may_use(person, connection):
        text = _(
            "The connection “{name}” isn't shared with contributors, so {person} may not use it. "
            "Ask an administrator of your team."
        )
        raise Denied(text.format(name=connection.name, person=person.name), person)
