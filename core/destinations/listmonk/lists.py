"""Lists: shown, made, who is on them, who is taken off, what will mail those who join."""

from collections.abc import Iterator, Sequence
from datetime import UTC

from core.destinations import ListFacts
from core.destinations import dependents as dependents_of
from core.destinations.dependents import Dependents, Mailing, in_order
from core.destinations.exchange import Params
from core.destinations.listmonk.answers import (
    ARCHIVED,
    CONFIRMED,
    UNCONFIRMED,
    UNSUBSCRIBED,
    Campaign,
    Campaigns,
    Done,
    Lists,
    OneList,
    People,
)
from core.destinations.listmonk.asking import with_ids
from core.destinations.listmonk.client import Client
from core.destinations.listmonk.endpoints import ENDPOINTS, number_of
from core.errors import AnswerLost, Forbidden, Invalid
from core.texts import _

MOST_TAKEN_OFF = 10_000  # ids in one request, which are about 80 KB
TO_COME = ("scheduled", "running", "paused")  # statuses of campaigns that may still mail


def everything(client: Client) -> Iterator[ListFacts]:
    """Every list but archived ones, in one answer: pages of listmonk leave some out."""
    answer = client.get("lists", Lists, params={"per_page": "all"})
    yield from (row.facts() for row in answer.data.results if row.status != ARCHIVED)


def facts(client: Client, list_id: str, count: bool) -> ListFacts:
    """One list; counted are those who haven't left it, for its own number is wrong."""
    found = client.get("list", OneList, list_id).data
    if not count:
        return found.facts()
    return found.facts(_total(client, list_id) - _total(client, list_id, UNSUBSCRIBED))


def create(client: Client, name: str, double_opt_in: bool) -> ListFacts:
    """Makes a private list, which no public form shows. Raises Invalid without a name.

    AnswerLost when it may have been made: a second one would get the same name.
    """
    name = name.strip()
    if not name:
        raise Invalid(_("Give the new list a name."), "name")
    document = {"name": name, "type": "private", "optin": "double" if double_opt_in else "single"}
    try:
        return client.write("create_list", OneList, document, repeatable=False).data.facts()
    except AnswerLost as error:
        text = _(
            "listmonk may have created the list “{name}”, but its answer was lost. Check "
            "the lists before you create it again."
        )
        raise AnswerLost(text.format(name=name), error.retry_after) from error


def mailings(client: Client, list_id: str) -> list[Mailing]:
    """The campaigns that may mail those who join the list now, with when or how they stand."""
    return [_mailing(one) for one in _campaigns(client, list_id)]


def dependents(client: Client, list_id: str) -> Dependents:
    """The same campaigns; a running or paused one has no time."""
    try:
        found = _campaigns(client, list_id)
    except Forbidden as error:
        return Dependents(unseen={"campaigns": error.scopes})
    return Dependents(campaigns=in_order(_dated(one) for one in found))


def _campaigns(client: Client, list_id: str) -> list[Campaign]:
    client.get("list", OneList, list_id)  # an unknown list would have no campaigns either
    query: Params = {"status": TO_COME, "no_body": "true", "per_page": "all"}
    found = client.get("campaigns", Campaigns, params=query).data.results
    return [one for one in found if any(str(on.id) == list_id for on in one.lists)]


def _dated(campaign: Campaign) -> dependents_of.Campaign:
    at = campaign.send_at if campaign.status == "scheduled" else None
    return dependents_of.Campaign(str(campaign.id), campaign.name, at)


def join(client: Client, list_id: str, ids: Sequence[int], status: str) -> None:
    """Puts people on the list; who has any subscription to it keeps that, a refusal above all."""
    if ids:
        _manage(client, list_id, ids, {"action": "add", "status": status})


def take_off(client: Client, list_id: str, ids: Sequence[str]) -> None:
    """Takes people off the list, other than those who left it themselves: these stay refusing.

    Raises Missing for an unknown list, of which listmonk itself says nothing here.
    """
    if not ids:
        return
    client.get("list", OneList, list_id)
    people = [number_of(ENDPOINTS["person"], id) for id in dict.fromkeys(ids)]
    for start in range(0, len(people), MOST_TAKEN_OFF):
        some = people[start : start + MOST_TAKEN_OFF]
        for status in (CONFIRMED, UNCONFIRMED):
            among = {"list_ids": [int(list_id)], "subscription_status": status}
            _manage(client, list_id, some, {"action": "remove", **among})


def _manage(client: Client, list_id: str, ids: Sequence[int], how: dict[str, object]) -> None:
    """By SQL and not by ids: by ids a status overwrites what somebody said. Mails nobody."""
    number = number_of(ENDPOINTS["list"], list_id)
    document = {"query": with_ids(ids), "target_list_ids": [number], **how}
    client.write("subscriptions", Done, document, list_id)


def _total(client: Client, list_id: str, status: str = "") -> int:
    query: Params = {"list_id": list_id, "subscription_status": status, "per_page": 1}
    return client.get("count", People, params=query).data.total


def _mailing(campaign: Campaign) -> Mailing:
    when = {"running": _("is being sent"), "paused": _("is paused")}.get(campaign.status)
    if when is None:
        due = campaign.send_at and campaign.send_at.astimezone(UTC)
        when = _("will be sent")
        if due:
            when = _("will be sent on {day} at {time} UTC").format(
                day=f"{due:%Y-%m-%d}", time=f"{due:%H:%M}"
            )
    return Mailing(str(campaign.id), f"{campaign.name} ({when})")
