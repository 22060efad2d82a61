"""People: found by their emails, read one by one, attributes of them emptied."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NoReturn

from core.destinations.listmonk.answers import OnePerson, People, Person
from core.destinations.listmonk.asking import portions, with_emails
from core.destinations.listmonk.client import Client
from core.errors import Invalid, Rejected
from core.texts import _

OWN = "properties."  # how the names of attributes begin in the matching


def by_email(client: Client, emails: Iterable[str]) -> Iterator[tuple[str, Person]]:
    """Each person that one of the emails belongs to, with it in lower case; a hundred at once."""
    for portion in portions(emails):
        query = {"query": with_emails(portion), "per_page": "all"}
        for person in client.get("people", People, params=query).data.results:
            yield person.email.lower(), person


def read(client: Client, id: str) -> dict[str, Any]:
    """What listmonk has of one person; attributes that were emptied are left out."""
    person = client.get("person", OnePerson, id).data
    held = {name: value for name, value in person.attribs.items() if value is not None}
    lists = {one.name: one.subscription_status for one in person.lists}
    return {
        "email": person.email,
        "name": person.name,
        "status": person.status,
        "attribs": held,
        "lists": lists,
    }


def clear(client: Client, id: str, fields: Collection[str]) -> None:
    """Empties attributes, named as in the matching: properties.size. A null takes their place.

    Raises Invalid for anything else, which listmonk can't do without; Rejected for somebody whom
    the change would mail.
    """
    if "email" in fields:
        raise Invalid(_("The email can't be cleared: it identifies the profile."))
    if other := sorted(name for name in fields if not name.startswith(OWN)):
        text = _("listmonk needs a name for everyone, so “{field}” can't be cleared.")
        raise Invalid(text.format(field=other[0]))
    person = client.get("person", OnePerson, id).data
    names = [name.removeprefix(OWN) for name in fields]
    if not any(person.attribs.get(name) is not None for name in names):
        return
    if person.waiting_for:
        raise Rejected(held_back(person.waiting_for))
    client.write("change", OnePerson, {"attribs": dict.fromkeys(names)}, id)


def held_back(list_name: str) -> str:
    """Why somebody's data is not changed now."""
    return _(
        "This person hasn't confirmed the list “{list}” yet, and listmonk would email them "
        "again at any change. Their data is sent by a run after they confirm."
    ).format(list=list_name)


def refuse_erasing() -> NoReturn:
    """Raises Rejected: a subscriber is deleted in listmonk itself."""
    raise Rejected(_("Subscribers are deleted in listmonk: look them up there, and choose Delete."))
