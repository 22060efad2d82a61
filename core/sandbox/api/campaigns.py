"""Campaigns as two revisions show them: whom they go to, and when they are sent.

Up to 2026-07-15 a campaign has its audiences, status and times itself, and a filter on the channel
is required (official specification of that revision). Since 2026-10-15 it has audiences and
messages as resources of their own, and messages the status and the time (official client 25.0.0).
"""

from typing import Any

from core.sandbox.api.call import Call
from core.sandbox.filtering import ORDERED, Condition, conditions_of
from core.sandbox.jsonapi import Json, Reply, bad_request, moment, not_found, relation
from core.sandbox.paging import choice_of, collection, ordered, page_of, portion, sparse
from core.sandbox.state import campaigns
from core.sandbox.state.campaigns import CHANNELS, Campaign

IN_PARTS = "2026-10-15"  # the revision since which audiences and messages are apart
COMMON = {
    "id": ("any",),
    "name": ("contains",),
    "archived": ("equals",),
    "created_at": ORDERED,
    "updated_at": ORDERED,
}
WHOLE = COMMON | {
    "messages.channel": ("equals",),
    "status": ("any", "equals"),
    "scheduled_at": ORDERED,
}
PARTS = COMMON | {"builder": ("equals",)}
MESSAGES = {
    "id": ("any", "equals"),
    "campaign_id": ("equals",),
    "name": ("contains",),
    "status": ("equals",),
    "created": ORDERED,
    "updated": ORDERED,
}
SORTS = ("created_at", "id", "name", "updated_at")
MESSAGE_SORTS = ("created", "id", "name", "status", "updated")


def get_campaigns(call: Call) -> Reply:
    """GET /api/campaigns, in the shape of the revision that is asked in."""
    parts = call.revision >= IN_PARTS
    page = page_of(call.query, default=100, most=100)
    wanted = conditions_of(call.query, PARTS if parts else WHOLE)
    if not parts:
        _check_channel(wanted)
    includes = ("campaign-audiences", "campaign-messages") if parts else ("campaign-messages",)
    included = choice_of(call.query, "include", (*includes, "tags"))
    found, key = portion(_found(call, wanted, SORTS if parts else (*SORTS, "scheduled_at")), page)
    shape = campaign_in_parts if parts else campaign_resource
    data = [sparse(shape(one, call.base), call.query) for one in found]
    document = collection(call.url, call.query, data, key)
    if not included:
        return Reply(200, document)
    more = [_part(name, one, call.base) for one in found for name in includes if name in included]
    return Reply(200, document | {"included": [sparse(one, call.query) for one in more]})


def get_messages(call: Call) -> Reply:
    """GET /api/campaign-messages, since 2026-10-15."""
    if call.revision < IN_PARTS:
        raise not_found("The path /api/campaign-messages could not be found.")
    page = page_of(call.query, default=20, most=100)
    wanted = conditions_of(call.query, MESSAGES)
    included = choice_of(call.query, "include", ("campaign", "campaign-variations"))
    found, key = portion(_found(call, wanted, MESSAGE_SORTS), page)
    data = [sparse(message_resource(one, call.base), call.query) for one in found]
    document = collection(call.url, call.query, data, key)
    if "campaign" not in included:
        return Reply(200, document)
    more = [sparse(campaign_in_parts(one, call.base), call.query) for one in found]
    return Reply(200, document | {"included": more})


def campaign_resource(found: Campaign, base: str) -> Json:
    """A campaign as revisions up to 2026-07-15 show it."""
    self, sent_at = f"{base}/campaigns/{found.id}", moment(found.send_at)
    scheduled = found.status not in ("Draft", "Cancelled")
    attributes = {
        "name": found.name,
        "status": found.status,
        "archived": False,
        "audiences": {"included": [*found.included], "excluded": [*found.excluded]},
        "send_options": {"use_smart_sending": True},
        "tracking_options": None,
        "send_strategy": {"method": "static", "datetime": sent_at, "options": None},
        "created_at": moment(found.created),
        "scheduled_at": moment(found.created) if scheduled else None,
        "updated_at": moment(found.created),
        "send_time": sent_at if scheduled else None,
    }
    return _resource("campaign", found.id, self, attributes, ("campaign-messages", "tags"))


def campaign_in_parts(found: Campaign, base: str) -> Json:
    """A campaign as it is since 2026-10-15."""
    definition = {
        "name": found.name,
        "builder": "canvas",
        "archived": False,
        "color": None,
        "description": None,
        "send_settings": None,
    }
    attributes = {
        "created_at": moment(found.created),
        "updated_at": moment(found.created),
        "definition": definition,
    }
    self = f"{base}/campaigns/{found.id}"
    names = ("campaign-audiences", "campaign-messages", "tags")
    resource = _resource("campaign", found.id, self, attributes, names)
    for name in names[:2]:
        resource["relationships"][name]["data"] = [{"type": name[:-1], "id": _id_of(name, found)}]
    return resource


def audience_resource(found: Campaign, base: str) -> Json:
    """The audience of a campaign: ids of lists and segments."""
    definition = {
        "name": None,
        "included": [*found.included],
        "excluded": [*found.excluded],
        "priority": 1,
    }
    id = _id_of("campaign-audiences", found)
    self = f"{base}/campaign-audiences/{id}"
    attributes = _dated(found) | {"definition": definition}
    resource = _resource("campaign-audience", id, self, attributes, ("campaign",))
    resource["relationships"]["campaign"]["data"] = {"type": "campaign", "id": found.id}
    return resource


def message_resource(found: Campaign, base: str) -> Json:
    """The message of a campaign: its status, and when it is sent."""
    send_options = {
        "send_time": moment(found.send_at),
        "send_times": None,
        "send_strategy": "static",
        "is_ignoring_unsubscribes": False,
    }
    definition = {
        "name": found.name,
        "status": found.status.lower(),
        "tracking_options": None,
        "send_options": send_options,
        "ab_test": None,
    }
    id = _id_of("campaign-messages", found)
    self = f"{base}/campaign-messages/{id}"
    attributes = _dated(found) | {"definition": definition}
    resource = _resource("campaign-message", id, self, attributes, ("campaign-variations",))
    audience = {"type": "campaign-audience", "id": _id_of("campaign-audiences", found)}
    resource["relationships"] |= {
        "campaign": {"data": {"type": "campaign", "id": found.id}},
        "campaign-audience": {"data": audience},
    }
    return resource


def _check_channel(wanted: list[Condition]) -> None:
    channel = next((one for one in wanted if one.field == "messages.channel"), None)
    if channel is None or channel.value not in CHANNELS:
        what = "A channel filter is required to list campaigns: equals(messages.channel,'email')."
        raise bad_request(what, parameter="filter")


def _found(call: Call, wanted: list[Condition], sorts: tuple[str, ...]) -> list[Campaign]:
    with call.world.state.reading() as db:
        everything = campaigns.everything(db, call.account, call.now)
    message = "created" in sorts
    wanted = [_of_campaign(one) if message else one for one in wanted]
    found = [one for one in everything if all(w.holds(_value(one, w.field)) for w in wanted)]
    return ordered(found, call.query, sorts, _value)


def _of_campaign(condition: Condition) -> Condition:
    """A condition on a message as one on its campaign, which has no other."""
    if condition.field == "status":
        return Condition(condition.op, "status", str(condition.value).capitalize())
    if condition.field == "id":
        values = condition.value if condition.op == "any" else [condition.value]
        return Condition("any", "id", [value.removeprefix("message-") for value in values])
    return condition


def _value(found: Campaign, field: str) -> Any:
    times = dict.fromkeys(("created_at", "updated_at", "created", "updated"), found.created)
    scheduled = None if found.status == "Draft" else found.created
    known = times | {
        "messages.channel": found.channel,
        "archived": False,
        "builder": "canvas",
        "scheduled_at": scheduled,
        "campaign_id": found.id,
    }
    return known[field] if field in known else getattr(found, field)


def _id_of(name: str, found: Campaign) -> str:
    return f"{name.removeprefix('campaign-')[:-1]}-{found.id}"


def _part(name: str, found: Campaign, base: str) -> Json:
    return (audience_resource if name == "campaign-audiences" else message_resource)(found, base)


def _dated(found: Campaign) -> Json:
    return {"created": moment(found.created), "updated": moment(found.created)}


def _resource(type: str, id: str, self: str, attributes: Json, names: tuple[str, ...]) -> Json:
    return {
        "type": type,
        "id": id,
        "attributes": attributes,
        "relationships": {name: relation(self, name) for name in names},
        "links": {"self": f"{self}/"},
    }
