"""Lists: made, the flows that they set off, who is on them, who is taken off."""

import json
from collections.abc import Iterable, Sequence

from core.destinations import Joined, ListFacts
from core.destinations.dependents import Mailing
from core.destinations.klaviyo.answers import DOUBLE_OPT_IN, SINGLE_OPT_IN, Flows, OneList
from core.destinations.klaviyo.asking import profiles_by
from core.destinations.klaviyo.client import Client
from core.errors import AnswerLost, Invalid
from core.texts import _

MOST_TAKEN_OFF = 1_000  # ids in one request (official specification)


def create(client: Client, name: str, double_opt_in: bool) -> ListFacts:
    """Makes a list. Raises Invalid without a name; AnswerLost when it may have been made."""
    if not name.strip():
        raise Invalid(_("Give the new list a name."), "name")
    process = DOUBLE_OPT_IN if double_opt_in else SINGLE_OPT_IN
    attributes = {"name": name.strip(), "opt_in_process": process}
    content = json.dumps({"data": {"type": "list", "attributes": attributes}}).encode()
    try:
        return client.post("create_list", OneList, content).data.facts()
    except AnswerLost as error:
        text = _(
            "Klaviyo may have created the list “{name}”, but its answer was lost. Check the "
            "lists before you create it again."
        )
        raise AnswerLost(text.format(name=name.strip()), error.retry_after) from error


def flows(client: Client, list_id: str) -> list[Mailing]:
    """The live flows that joining the list sets off; drafts and archived ones send nothing."""
    query = {"fields[flow]": "name,status,archived"}
    pages = client.pages("flows", Flows, query, list_id)
    return [data.mailing() for page in pages for data in page.data if data.is_live]


def members_among(client: Client, list_id: str, emails: Iterable[str]) -> set[str]:
    """Those of the emails, in lower case, that are on the list."""
    return {email for email, _data in profiles_by(client, "members", emails, "email", list_id)}


def joined(client: Client, list_id: str, emails: Iterable[str]) -> dict[str, Joined]:
    """Those of the emails that are on the list, since when (`joined_group_at`)."""
    found = profiles_by(client, "members", emails, "email,joined_group_at", list_id)
    return {email: Joined(data.id, data.attributes.joined_group_at) for email, data in found}


def take_off(client: Client, list_id: str, ids: Sequence[str]) -> None:
    """Takes profiles off the list; the request doesn't touch consent (official specification)."""
    each = list(dict.fromkeys(ids))
    for start in range(0, len(each), MOST_TAKEN_OFF):
        some = each[start : start + MOST_TAKEN_OFF]
        content = json.dumps({"data": [{"type": "profile", "id": id} for id in some]})
        client.change("take_off", list_id, content.encode())
