"""Profiles: found by their emails, read back, fields of them emptied."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from core.destinations import Filled, Known
from core.destinations.klaviyo.answers import WholeProfile
from core.destinations.klaviyo.asking import profiles_by
from core.destinations.klaviyo.client import Client
from core.errors import Invalid
from core.texts import _

MARKETING = "subscriptions.email.marketing"
CONSENT = ",".join(
    (
        "email",
        *(f"{MARKETING}.{f}" for f in ("can_receive_email_marketing", "consent", "suppression")),
    )
)


def ids_of(client: Client, emails: Iterable[str]) -> dict[str, str]:
    """The ids of the profiles by email in lower case."""
    return {email: data.id for email, data in profiles_by(client, "profiles", emails, "email")}


def known(client: Client, emails: Iterable[str]) -> dict[str, Known]:
    """Where people stand with marketing by email; nothing else of theirs is transferred."""
    more = {"additional-fields[profile]": "subscriptions"}
    found = profiles_by(client, "profiles", emails, CONSENT, **more)
    return {email: data.known() for email, data in found}


def filled(client: Client, emails: Iterable[str], fields: Collection[str]) -> dict[str, Filled]:
    """Which of the fields hold anything, by email; properties come all or none."""
    asked = {name.partition(".")[0] if name.startswith("properties.") else name for name in fields}
    found = profiles_by(client, "profiles", emails, ",".join(["email", *sorted(asked)]))
    return {email: data.filled(fields) for email, data in found}


def read(client: Client, id: str) -> dict[str, Any]:
    """The attributes of one profile."""
    return client.get("profile", WholeProfile, id).data.attributes


def clear(client: Client, id: str, fields: Collection[str]) -> None:
    """Empties fields named as in the matching, such as title, location.city, properties.size."""
    if "email" in fields:
        raise Invalid(_("The email can't be cleared: it identifies the profile."))
    if fields:
        content = json.dumps({"data": {"type": "profile", "id": id, **_emptied(fields)}})
        client.change("clear", id, content.encode())


def erase(client: Client, email: str) -> None:
    """Klaviyo deletes whoever has the email, now or soon; of a job nothing is told (202)."""
    profile = {"type": "profile", "attributes": {"email": email}}
    attributes = {"profile": {"data": profile}}
    job = {"type": "data-privacy-deletion-job", "attributes": attributes}
    client.change("erase", "", json.dumps({"data": job}).encode())


def _emptied(fields: Collection[str]) -> dict[str, Any]:
    """A null empties an attribute; a custom property is removed with its name (specification)."""
    attributes: dict[str, Any] = {}
    unset: list[str] = []
    for field in fields:
        group, dot, name = field.partition(".")
        if not dot:
            attributes[field] = None
        elif group == "properties":
            unset.append(name)
        else:
            attributes.setdefault(group, {})[name] = None
    meta = {"meta": {"patch_properties": {"unset": unset}}} if unset else {}
    return {"attributes": attributes, **meta}
