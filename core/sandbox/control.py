"""The switches of the sandbox under /sandbox/…, JSON in and out, for this machine only.

GET  /sandbox/state       counts of profiles, jobs, deletions, lists with members; settings, faults
GET  /sandbox/requests    every method, path and status with its count; the last 1,000 requests
DELETE /sandbox/requests  forgets them
GET, POST, DELETE /sandbox/faults   those that are on; one more; all off. A fault has a kind, and
                          if wanted endpoint ("GET /api/lists/{id}"), times, status, retry_after,
                          seconds, detail, profiles, bytes: see `core.sandbox.faults`
POST /sandbox/settings    any of delay (seconds), limits, first_bad_row_only, expires_in (seconds
                          that an access token of OAuth holds), plan (active profiles)
POST /sandbox/lists       name; if wanted id, opt_in_process, account, flow (a live flow's name)
POST /sandbox/campaigns   name, lists (ids of lists and segments); if wanted send_at (ISO 8601),
                          excluded, status (else Scheduled), channel (else email), id, account
POST /sandbox/segments    name, and lists or a definition; if wanted id, account, active, flow
POST /sandbox/keys        {"keys": {"pk_…": ["lists:read", …] or null (all)}}; null: any key
DELETE /sandbox/tokens    ends every OAuth authorization, as removing the app at Klaviyo does
POST /sandbox/reset       back to the start state
"""

from dataclasses import asdict
from typing import Any

from core.sandbox.api.table import ENDPOINTS
from core.sandbox.faults import ANY_ENDPOINT, Fault, Kind
from core.sandbox.orders import (
    CampaignOrder,
    FaultOrder,
    KeysOrder,
    ListOrder,
    NoOrder,
    SegmentOrder,
    SettingsOrder,
    endpoint,
)
from core.sandbox.start import ORGANIZATIONS
from core.sandbox.state import campaigns, deletions, jobs, lists, profiles, segments
from core.sandbox.state.campaigns import Campaign
from core.sandbox.state.lists import Flow, List
from core.sandbox.state.segments import Segment
from core.sandbox.world import World

ENDPOINT_NAMES = (ANY_ENDPOINT, *(row.name for row in ENDPOINTS))


def show_state(world: World, _order: NoOrder) -> dict[str, Any]:
    """What there is now, counted."""
    world.importer.catch_up()
    with world.state.reading() as db:
        counted = lists.all_with_counts(db)
        people, open_jobs = profiles.count(db), jobs.counts(db, world.clock())
        asked = deletions.counts(db)
        sent, groups = campaigns.everything(db, None, world.clock()), segments.everything(db, None)
    return {
        "accounts": ORGANIZATIONS,
        "lists": [asdict(found) | {"profiles": number} for found, number in counted],
        "campaigns": [asdict(one) for one in sent],
        "segments": [asdict(one) for one in groups],
        "profiles": people,
        "jobs": dict.fromkeys(jobs.STATUSES, 0) | open_jobs,
        "deletions": asked,
        "settings": asdict(world.settings),
        "faults": world.faults.active(),
    }


def show_requests(world: World, _order: NoOrder) -> dict[str, Any]:
    """The requests so far."""
    return world.log.as_data()


def forget_requests(world: World, _order: NoOrder) -> dict[str, Any]:
    """Empties the log."""
    world.log.clear()
    return world.log.as_data()


def show_faults(world: World, _order: NoOrder) -> dict[str, Any]:
    """The faults that are on."""
    return {"faults": world.faults.active()}


def add_fault(world: World, order: FaultOrder) -> dict[str, Any]:
    """Switches a fault on."""
    for name, value, known in (
        ("kind", order.kind, tuple(Kind)),
        ("endpoint", order.endpoint, ENDPOINT_NAMES),
    ):
        if value not in known:
            raise ValueError(f"{name}: “{value}” is none of {', '.join(known)}")
    world.faults.add(Fault(**order.model_dump() | {"kind": Kind(order.kind)}))
    return show_faults(world, NoOrder())


def clear_faults(world: World, _order: NoOrder) -> dict[str, Any]:
    """Switches all faults off."""
    world.faults.clear()
    return show_faults(world, NoOrder())


def change_settings(world: World, order: SettingsOrder) -> dict[str, Any]:
    """Changes settings; gives all of them."""
    world.change(**order.model_dump(exclude_none=True))
    return asdict(world.settings)


def add_list(world: World, order: ListOrder) -> dict[str, Any]:
    """Adds a list, with a live flow if wanted."""
    _check_account(order.account)
    now = world.clock()
    id = order.id or lists.fresh_id()
    made = List(id, order.account, order.name, order.opt_in_process, now, now)
    flows = [Flow(lists.fresh_id(), id, order.flow, "live", now)] if order.flow else []
    with world.state.writing() as db:
        if lists.get_any(db, id):
            raise ValueError(f"id: there is a list {id} already")
        lists.add(db, [made], flows)
    return asdict(made)


def add_campaign(world: World, order: CampaignOrder) -> dict[str, Any]:
    """Adds a campaign."""
    _check_account(order.account)
    made = Campaign(
        id=order.id or lists.fresh_id(),
        account=order.account,
        name=order.name,
        status=order.status,
        channel=order.channel,
        included=tuple(order.lists),
        excluded=tuple(order.excluded),
        send_at=order.due,
        created=world.clock(),
    )
    with world.state.writing() as db:
        campaigns.add(db, made)
    return asdict(made)


def add_segment(world: World, order: SegmentOrder) -> dict[str, Any]:
    """Adds a segment, with a live flow if wanted."""
    _check_account(order.account)
    id, now = order.id or lists.fresh_id(), world.clock()
    definition = order.definition or segments.members_of(order.lists)
    made = Segment(id, order.account, order.name, definition, order.active, now)
    flows = [Flow(lists.fresh_id(), id, order.flow, "live", now)] if order.flow else []
    with world.state.writing() as db:
        segments.add(db, made)
        lists.add(db, [], flows)
    return asdict(made)


def _check_account(account: str) -> None:
    if account not in ORGANIZATIONS:
        raise ValueError(f"account: there is no account {account}")


def restrict_keys(world: World, order: KeysOrder) -> dict[str, Any]:
    """Names the keys that are good from now on."""
    world.keys.restrict(order.keys)
    return {"restricted": order.keys is not None}


def end_tokens(world: World, _order: NoOrder) -> dict[str, Any]:
    """Ends every authorization."""
    world.tokens.clear()
    return {}


def reset(world: World, _order: NoOrder) -> dict[str, Any]:
    """Back to the start state."""
    world.reset()
    return show_state(world, NoOrder())


ACTIONS = (
    ("GET", "/sandbox/state", endpoint(NoOrder, show_state)),
    ("GET", "/sandbox/requests", endpoint(NoOrder, show_requests)),
    ("DELETE", "/sandbox/requests", endpoint(NoOrder, forget_requests)),
    ("GET", "/sandbox/faults", endpoint(NoOrder, show_faults)),
    ("POST", "/sandbox/faults", endpoint(FaultOrder, add_fault)),
    ("DELETE", "/sandbox/faults", endpoint(NoOrder, clear_faults)),
    ("POST", "/sandbox/settings", endpoint(SettingsOrder, change_settings)),
    ("POST", "/sandbox/lists", endpoint(ListOrder, add_list)),
    ("POST", "/sandbox/campaigns", endpoint(CampaignOrder, add_campaign)),
    ("POST", "/sandbox/segments", endpoint(SegmentOrder, add_segment)),
    ("POST", "/sandbox/keys", endpoint(KeysOrder, restrict_keys)),
    ("DELETE", "/sandbox/tokens", endpoint(NoOrder, end_tokens)),
    ("POST", "/sandbox/reset", endpoint(NoOrder, reset)),
)
