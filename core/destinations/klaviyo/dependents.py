"""What depends on a list: live flows, scheduled campaigns, segments and the flows behind them."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from core.destinations.dependents import (
    Campaign,
    Dependents,
    DependentSegment,
    Unread,
    in_order,
)
from core.destinations.klaviyo import lists
from core.destinations.klaviyo.answers import OneList
from core.destinations.klaviyo.client import Client, Params
from core.destinations.klaviyo.more_answers import (
    Campaigns,
    Message,
    Messages,
    SegmentData,
    Segments,
)
from core.errors import DestinationFailed, Forbidden, Missing, NotAccepted
from core.texts import _

PARTS = 3  # flows, segments and campaigns
MOST_SEGMENTS = 10  # on a page (official specification, get_segments)
MOST_MESSAGES = 100  # on a page (official client 25.0.0, get_campaign_messages)
MOST_IDS = 50  # in one filter, so that the address stays short
Found = TypeVar("Found")

log = logging.getLogger(__name__)


class _Parts:
    """The parts asked for so far: which may not be seen, and which failed."""

    def __init__(self) -> None:
        self.unseen: dict[str, tuple[str, ...]] = {}
        self.failed: dict[str, DestinationFailed] = {}

    def ask(self, what: str, question: Callable[[], Found]) -> Found | None:
        """What the part holds; None where it fails. Raises NotAccepted: then all would fail."""
        try:
            return question()
        except NotAccepted:
            raise
        except DestinationFailed as error:
            if isinstance(error, Forbidden) and error.scopes:
                self.unseen[what] = error.scopes
            else:
                self.failed[what] = error
            return None


def read(client: Client, list_id: str) -> Dependents:
    """All of it, as far as the key's scopes go; a part that fails leaves the others whole.

    Raises Missing for an unknown list, NotAccepted, and what failed first where all parts do.
    """
    parts = _Parts()
    flows = parts.ask("flows", lambda: lists.flows(client, list_id)) or []
    if isinstance(parts.failed.get("flows"), Missing):
        _require_list(client, list_id)
        text = _("Klaviyo knows this list, but answered that its flows were not found.")
        parts.failed["flows"] = Missing(text)
    with_flows = "flows" not in parts.unseen
    found = parts.ask("segments", lambda: segments(client, list_id, with_flows)) or {}
    groups = {list_id: ""} | {id: one.name for id, one in found.items()}
    sent = parts.ask("campaigns", lambda: campaigns(client, groups)) or ()
    if len(parts.failed) == PARTS:
        raise parts.failed["flows"]
    unread = {what: Unread(str(error)) for what, error in parts.failed.items()}
    return Dependents(tuple(flows), sent, tuple(found.values()), parts.unseen, unread)


def _require_list(client: Client, list_id: str) -> None:
    """Raises Missing unless it was only its flows that were not found."""
    try:
        client.get("list", OneList, list_id)
    except Missing:
        raise
    except DestinationFailed as error:
        log.debug("Whether the list %s is there can't be told: %s", list_id, error)


def segments(client: Client, list_id: str, with_flows: bool) -> dict[str, DependentSegment]:
    """The active segments that name the list, or one another that does, by id.

    Inactive ones are not processed, so their members don't change (official specification).
    """
    query: dict[str, str | int] = {
        "page[size]": MOST_SEGMENTS,
        "fields[segment]": "name,definition,is_active",
    }
    if with_flows:
        query |= {"include": "flow-triggers", "fields[flow]": "name,status,archived"}
    every: dict[str, DependentSegment] = {}
    groups: dict[str, frozenset[str]] = {}
    for page in client.pages("segments", Segments, query):
        live = {flow.id: flow.mailing() for flow in page.included if flow.is_live}
        for data in page.data:
            if data.attributes.is_active:
                every[data.id] = _segment(data, live)
                groups[data.id] = frozenset(groups_in(data.attributes.definition))
    return {id: every[id] for id in _reached(list_id, groups)}


def groups_in(definition: Any) -> Iterator[str]:
    """The ids of lists and segments in a definition, however deep they stand in it.

    They are the `group_ids` of conditions of the type profile-group-membership, whether being on
    the list lets people in or keeps them out (official specification).
    """
    if isinstance(definition, dict):
        if isinstance(ids := definition.get("group_ids"), list):
            yield from (id for id in ids if isinstance(id, str))
        definition = list(definition.values())
    if isinstance(definition, list):
        for part in definition:
            yield from groups_in(part)


def campaigns(client: Client, groups: Mapping[str, str]) -> tuple[Campaign, ...]:
    """The scheduled ones that go to one of the groups, or leave one of them out.

    `groups` are the list with no name and its segments with theirs. Since 2026-10-15 the messages
    of a campaign tell when they are sent, and its audiences to whom (official client 25.0.0).
    """
    scheduled: dict[str, list[Message]] = {}
    query: Params = {
        "filter": 'equals(status,"scheduled")',
        "page[size]": MOST_MESSAGES,
        "fields[campaign-message]": "definition.send_options,definition.status",
    }
    for page in client.pages("campaign_messages", Messages, query):
        for message in page.data:
            if campaign := message.campaign_id:
                scheduled.setdefault(campaign, []).append(message)
    found: list[Campaign] = []
    ids = sorted(scheduled)
    for start in range(0, len(ids), MOST_IDS):
        found += _of(client, groups, {id: scheduled[id] for id in ids[start : start + MOST_IDS]})
    return in_order(found)


def _segment(data: SegmentData, live: Mapping[str, Any]) -> DependentSegment:
    flows = tuple(live[id] for id in data.flow_ids if id in live)
    return DependentSegment(data.id, data.attributes.name or data.id, flows)


def _reached(list_id: str, groups: Mapping[str, frozenset[str]]) -> list[str]:
    """The segments that depend on the list directly or by way of others, these first."""
    reached: list[str] = []
    new = [list_id]
    while new:
        new = [id for id, named in groups.items() if id not in reached and named & {*new}]
        reached += new
    return reached


def _of(
    client: Client, groups: Mapping[str, str], scheduled: Mapping[str, list[Message]]
) -> Iterator[Campaign]:
    query: Params = {
        "filter": f"any(id,{json.dumps([*scheduled], separators=(',', ':'))})",
        "include": "campaign-audiences",
    }
    for page in client.pages("campaigns", Campaigns, query):
        audiences = {one.id: one.groups for one in page.included}
        for data in page.data:
            due = []
            through: dict[str, None] = {}
            for message in scheduled.get(data.id, ()):
                named = [audiences.get(id, ()) for id in message.audience_ids or data.audience_ids]
                hit = [id for ids in named for id in ids if id in groups]
                through |= dict.fromkeys(groups[id] for id in hit)
                due += [message.at] if hit else []
            if through:
                times = [at for at in due if at]
                names = () if "" in through else tuple(through)
                yield Campaign(data.id, data.name, min(times) if times else None, names)
