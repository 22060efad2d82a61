"""One batch of people: read, written one by one where anything changes, then joined to the list.

Nobody is mailed by it. People are created without a list; a list is joined by SQL, after which
listmonk sends nothing; and whoever hasn't confirmed some double opt-in list isn't changed at all,
because listmonk mails them again at every change.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.destinations import Ended, Outcome, Refusal
from core.destinations.listmonk import lists, people
from core.destinations.listmonk.answers import (
    BLOCKLISTED,
    UNCONFIRMED,
    OneList,
    OnePerson,
    Person,
)
from core.destinations.listmonk.client import Client
from core.destinations.listmonk.failures import AlreadyThere
from core.errors import AnswerLost, Forbidden, Missing, NotAccepted, Rejected, Unavailable

CAUTIOUS = UNCONFIRMED  # how people join where the export made no choice


@dataclass(frozen=True, slots=True)
class Wanted:
    """How one person shall be: `unset` are attributes to be emptied, `name` "" leaves it be."""

    email: str
    name: str
    attribs: dict[str, Any]
    unset: tuple[str, ...]

    @classmethod
    def read(cls, body: str) -> "Wanted":
        """From the JSON text of a profile."""
        found = json.loads(body)
        return cls(
            found["email"],
            found.get("name", ""),
            found.get("attribs", {}),
            tuple(found.get("unset", ())),
        )

    def changes(self, person: Person) -> dict[str, Any]:
        """What listmonk has otherwise, as the document of a change; empty when nothing has to."""
        attribs = {
            name: value
            for name, value in self.attribs.items()
            if not _same(person.attribs.get(name), value)
        }
        attribs |= {name: None for name in self.unset if person.attribs.get(name) is not None}
        found: dict[str, Any] = {"attribs": attribs} if attribs else {}
        if self.name and self.name != person.name:
            found["name"] = self.name
        return found


@dataclass(slots=True)
class Batch:
    """A batch under way: whom listmonk knew already, whom it took, whom it refused."""

    client: Client
    known: dict[str, Person] = field(default_factory=dict)
    taken: dict[str, Person] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def write_all(self, wanted: Sequence[Wanted]) -> None:
        """One after another. Raises Forbidden, NotAccepted, Unavailable, Stopped."""
        for place, one in enumerate(wanted):
            self.client.stop_if_requested()
            self.write(place, one)

    def write(self, place: int, wanted: Wanted) -> None:
        """Creates or changes one person, who is refused where listmonk refuses that."""
        email = wanted.email.lower()
        try:
            self.taken[email] = self.known[email] = self._written(place, wanted)
        except (Forbidden, NotAccepted):
            raise  # not for the sake of this person
        except Rejected as error:
            self.refusals.append(Refusal(wanted.email, place, str(error)))

    def _written(self, place: int, wanted: Wanted) -> Person:
        known = self.known.get(wanted.email.lower())
        try:
            return self._changed(place, wanted, known) if known else self._created(wanted)
        except AlreadyThere:  # somebody else was faster
            found = dict(people.by_email(self.client, [wanted.email]))
            if not found:
                raise
            return self._changed(place, wanted, found[wanted.email.lower()])
        except Missing:  # deleted since they were read
            return self._created(wanted)

    def _created(self, wanted: Wanted) -> Person:
        """Without a list, so without a mail."""
        document = {"email": wanted.email, "name": wanted.name, "attribs": wanted.attribs}
        document |= {"status": "enabled", "lists": []}
        return self.client.write("create", OnePerson, document).data

    def _changed(self, place: int, wanted: Wanted, known: Person) -> Person:
        changes = wanted.changes(known)
        if not changes:
            return known
        if known.waiting_for:
            detail = people.held_back(known.waiting_for)
            self.refusals.append(Refusal(wanted.email, place, detail, held_back=True))
            return known
        return self.client.write("change", OnePerson, changes, str(known.id)).data


def send(client: Client, list_id: str | None, bodies: Sequence[str], status: str) -> Outcome:
    """Writes the people and puts them on the list; None joins no list.

    Not joined are those who unsubscribed from it and those who are blocklisted. May be sent again
    after a failure: who is as wanted already costs no request. Raises Missing for an unknown list
    before anything is written, Rejected, Unavailable (nothing is written yet), Stopped, AnswerLost
    (some of it may be).
    """
    if list_id is not None:
        client.get("list", OneList, list_id)
    wanted = [Wanted.read(body) for body in bodies]
    batch = Batch(client, dict(people.by_email(client, (one.email for one in wanted))))
    try:
        batch.write_all(wanted)
        if list_id is not None:
            lists.join(client, list_id, _joining(batch.taken.values(), list_id), status)
    except Unavailable as error:  # some of them may be written already
        raise AnswerLost(str(error), error.retry_after) from error
    refused = tuple(batch.refusals)
    return Outcome(Ended.complete, len(bodies) - len(refused), refused, len(refused))


def _joining(taken: Iterable[Person], list_id: str) -> list[int]:
    """Of these people, those who may join the list and aren't on it."""
    return [
        person.id for person in taken if person.on(list_id) is None and person.status != BLOCKLISTED
    ]


def _same(held: Any, wanted: Any) -> bool:
    """Whether both are the same JSON; to Python alone, true would be 1."""
    return held == wanted and isinstance(held, bool) is isinstance(wanted, bool)
