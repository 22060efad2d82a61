"""Who acts, in which role, and what a role may do."""

import getpass
from dataclasses import dataclass
from enum import IntEnum

from core.errors import Denied
from core.texts import _


class Role(IntEnum):
    """Ordered: each role may do what the smaller ones may."""

    viewer = 1
    contributor = 2
    administrator = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever acts: their name as history shows it, and their role."""

    name: str
    role: Role


def operator() -> Person:
    """The operating-system user who runs the program: acts as administrator."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        name = "operator"
    return Person(name, Role.administrator)


def require(person: Person, role: Role) -> None:
    """Raises Denied unless the person has at least this role."""
    if person.role < role:
        raise Denied(
            _(
                "{person} is a {role} and may not do this. Ask an administrator of your team."
            ).format(person=person.name, role=person.role.name)
        )
