"""Who acts, in which role, and what a role may do."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol

from core.errors import Denied
from core.texts import _

COMMAND_LINE = "command line"
TOKEN = "token"  # noqa: S105 - a word in the audit, not a token
# The people that a connection may be shared with.
ADMINISTRATORS, CONTRIBUTORS, PEOPLE = "administrators", "contributors", "people"


class Role(IntEnum):
    """Ordered: each role may do what the smaller ones may."""

    viewer = 1
    contributor = 2
    administrator = 3


class Action(StrEnum):
    """What people do, in the words of docs/people.md."""

    look = _("see exports, segments, sources, runs and history")
    preview = _("preview an export with people’s values masked")
    look_up = _("look one person up by their address, values masked")
    see_addresses = _("see full values, download members and profiles not exported")
    manage_sources = _("read, add, change and remove sources")
    choose_tables = _("read other tables with a URL that the command line applied")
    manage_segments = _("count, add, change and remove segments")
    manage_exports = _("add, change, detach and remove exports")
    run = _("run, retry and cancel exports")
    see_lists = _("see the lists of a connection's account")
    manage_connections = _("add, test, change, share and remove connections")
    manage_people = _("invite people, change roles, disable, sign out, reset passwords")
    manage_tokens = _("make and revoke tokens of the API")
    own_alerts = _("get alerts through channels of their own")
    manage_alerts = _("choose where the team’s alerts go, their limits and the heartbeat")
    erase = _("erase a person")
    read_audit = _("read the audit")
    configure = _(
        "apply and print the configuration, change settings and the refresh schedule, make and "
        "download backups, load and remove the demo"
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """The smallest role that may do it, and whether through its own and shared connections only."""

    smallest: Role
    of_connection: bool = False  # administrators may use every connection


# The same table stands in docs/people.md.
RULES: Mapping[Action, Rule] = {
    Action.look: Rule(Role.viewer),
    Action.preview: Rule(Role.viewer),
    Action.look_up: Rule(Role.viewer),
    Action.see_addresses: Rule(Role.contributor),
    Action.manage_sources: Rule(Role.contributor),
    Action.choose_tables: Rule(Role.administrator),
    Action.manage_segments: Rule(Role.contributor),
    Action.manage_exports: Rule(Role.contributor, of_connection=True),
    Action.run: Rule(Role.contributor, of_connection=True),
    Action.see_lists: Rule(Role.contributor, of_connection=True),
    Action.manage_connections: Rule(Role.administrator),
    Action.manage_people: Rule(Role.administrator),
    Action.manage_tokens: Rule(Role.administrator),
    Action.own_alerts: Rule(Role.viewer),
    Action.manage_alerts: Rule(Role.administrator),
    Action.erase: Rule(Role.administrator),
    Action.read_audit: Rule(Role.administrator),
    Action.configure: Rule(Role.administrator),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever acts: their name as history shows it, their role, and where they do it from.

    `granted` is what they may do whatever their role is, through any connection: what somebody
    who may do it has given to a token, for the one thing that is done just now.
    """

    name: str
    role: Role
    id: int | None = None  # of their account; None for who needs none
    origin: str = COMMAND_LINE  # an address, or where no browser is
    granted: frozenset[Action] = frozenset()

    @property
    def capacity(self) -> str:
        """In what they act, as the audit has it: their role, or that they are a token."""
        return TOKEN if self.granted else self.role.name


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


class Shared(Protocol):
    """What administrators may share with contributors, all or some of them: a connection."""

    name: str
    shared_with: str
    people: list[int]
    owner_id: int | None


def may(person: Person, action: Action, connection: Shared | None = None) -> bool:
    """Whether they may do it, through this connection; None: through none."""
    rule = RULES[action]
    if action in person.granted:
        return True
    return person.role >= rule.smallest and (
        connection is None or not rule.of_connection or may_use(person, connection)
    )


def may_use(person: Person, connection: Shared) -> bool:
    """Whether the connection is theirs, is shared with them, or they are an administrator."""
    if person.role is not Role.contributor:
        return person.role is Role.administrator
    if connection.shared_with == PEOPLE and person.id in connection.people:
        return True
    own = person.id is not None and connection.owner_id == person.id
    return own or connection.shared_with == CONTRIBUTORS


def require(person: Person, action: Action, connection: Shared | None = None) -> None:
    """Raises Denied unless they may do it, through this connection."""
    if action in person.granted:
        return
    if person.role < RULES[action].smallest:
        text = _("{person} is a {role} and may not do this. Ask an administrator of your team.")
        raise Denied(text.format(person=person.name, role=person.role.name), person)
    if connection is not None and not may(person, action, connection):
        text = _(
            "The connection “{name}” isn't shared with {person}, so they may not use it. "
            "Ask an administrator of your team."
        )
        raise Denied(text.format(name=connection.name, person=person.name), person)
