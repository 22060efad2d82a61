"""The switches of the local listmonk under /sandbox/…, JSON in and out, for this machine only.

GET  /sandbox/state       lists with their subscriptions by status, the number of people, settings
GET  /sandbox/outbox      the mails that listmonk would have sent
GET  /sandbox/requests    every method, path and status with its count; the last 1,000 requests
GET  /sandbox/bodies      the bodies of the newest requests, each behind its method and path
GET, POST, DELETE /sandbox/faults   those that are on; one more; all off, see `core.sandbox.faults`
POST /sandbox/settings    any of send_optin_confirmation, root_url, version, blocked_domains
POST /sandbox/subscribers email; if wanted name, attribs, status, lists: {"1": "unsubscribed"}
POST /sandbox/crowd       emails, list_id: all of them on the list, unconfirmed
POST /sandbox/users       {"users": {"name:token": ["lists:get_all", …] or null (all)}}; null: any.
                          If wanted lists: {"1": ["list:get"]}, the list role of each of them
POST /sandbox/reset       back to the start state
"""

import json
from dataclasses import asdict
from typing import Any, Literal
from uuid import uuid4

from pydantic import Field

from core.sandbox.faults import ANY_ENDPOINT, JOB_FATES, Fault, Kind
from core.sandbox.listmonk.lists import resource
from core.sandbox.listmonk.table import ENDPOINTS
from core.sandbox.listmonk.world import World
from core.sandbox.orders import FaultOrder, NoOrder, Order, endpoint

ENDPOINT_NAMES = (ANY_ENDPOINT, *(row.name for row in ENDPOINTS))
OF_IMPORTS = {*JOB_FATES, Kind.too_large, Kind.too_many_rows}
KINDS = tuple(kind for kind in Kind if kind not in OF_IMPORTS)
UPSERT = (
    "INSERT INTO subscribers(uuid, email, name, attribs, status, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(LOWER(email)) DO UPDATE SET name = excluded.name,"
    " attribs = excluded.attribs, status = excluded.status RETURNING id"
)


class SettingsOrder(Order):
    """Settings to change; what is left out stays."""

    send_optin_confirmation: bool | None = None
    root_url: str | None = None
    version: str | None = None
    blocked_domains: list[str] | None = None


class SubscriberOrder(Order):
    """Somebody to be there, with these subscriptions by the list's id."""

    email: str = Field(min_length=3)
    name: str = "Somebody"
    attribs: dict[str, Any] = Field(default_factory=dict)
    status: Literal["enabled", "disabled", "blocklisted"] = "enabled"
    lists: dict[str, Literal["unconfirmed", "confirmed", "unsubscribed"]] = Field(
        default_factory=dict
    )


class CrowdOrder(Order):
    """Many people to be there, on one list."""

    emails: list[str]
    list_id: int


class UsersOrder(Order):
    """The API users that are good, with their permissions and their list role."""

    users: dict[str, list[str] | None] | None
    lists: dict[str, list[str]] = Field(default_factory=dict)


def show_state(world: World, _order: NoOrder) -> dict[str, Any]:
    """What there is now, counted."""
    with world.state.transaction() as db:
        rows = db.execute("SELECT * FROM lists ORDER BY id").fetchall()
        lists = [resource(db, row) for row in rows]
        people = db.execute("SELECT COUNT(*) FROM subscribers").fetchone()[0]
    return {
        "lists": lists,
        "subscribers": people,
        "outbox": len(world.outbox),
        "settings": asdict(world.settings),
        "faults": world.faults.active(),
    }


def show_outbox(world: World, _order: NoOrder) -> dict[str, Any]:
    """Whom listmonk would have mailed."""
    return {"mails": [asdict(mail) for mail in world.outbox]}


def show_requests(world: World, _order: NoOrder) -> dict[str, Any]:
    """What was asked."""
    return world.log.as_data()


def show_bodies(world: World, _order: NoOrder) -> dict[str, Any]:
    """What was sent."""
    return {"bodies": list(world.bodies)}


def show_faults(world: World, _order: NoOrder) -> dict[str, Any]:
    """The faults that are on."""
    return {"faults": world.faults.active()}


def add_fault(world: World, order: FaultOrder) -> dict[str, Any]:
    """Switches a fault on."""
    for name, value, known in (
        ("kind", order.kind, KINDS),
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
    changed = order.model_dump(exclude_none=True)
    if "blocked_domains" in changed:
        changed["blocked_domains"] = tuple(changed["blocked_domains"])
    world.change(**changed)
    return asdict(world.settings)


def add_subscriber(world: World, order: SubscriberOrder) -> dict[str, Any]:
    """Puts somebody there as others would have, without a mail."""
    now = world.clock()
    values = (str(uuid4()), order.email, order.name, json.dumps(order.attribs), order.status)
    with world.state.transaction() as db:
        (id,) = db.execute(UPSERT, (*values, now, now)).fetchone()
        for list_id, status in order.lists.items():
            db.execute(
                "INSERT OR REPLACE INTO subscriber_lists VALUES (?, ?, ?, ?, ?)",
                (id, int(list_id), status, now, now),
            )
    return {"id": id}


def add_crowd(world: World, order: CrowdOrder) -> dict[str, Any]:
    """Puts many people there at once, without a mail."""
    for email in order.emails:
        lists: dict[str, Any] = {str(order.list_id): "unconfirmed"}
        add_subscriber(world, SubscriberOrder(email=email, lists=lists))
    return {"added": len(order.emails)}


def restrict_users(world: World, order: UsersOrder) -> dict[str, Any]:
    """Names the users that are good from now on."""
    world.users.restrict(order.users, {int(id): held for id, held in order.lists.items()})
    return {"restricted": order.users is not None}


def reset(world: World, _order: NoOrder) -> dict[str, Any]:
    """Back to the start state."""
    world.reset()
    return show_state(world, NoOrder())


ACTIONS = (
    ("GET", "/sandbox/state", endpoint(NoOrder, show_state)),
    ("GET", "/sandbox/outbox", endpoint(NoOrder, show_outbox)),
    ("GET", "/sandbox/requests", endpoint(NoOrder, show_requests)),
    ("GET", "/sandbox/bodies", endpoint(NoOrder, show_bodies)),
    ("GET", "/sandbox/faults", endpoint(NoOrder, show_faults)),
    ("POST", "/sandbox/faults", endpoint(FaultOrder, add_fault)),
    ("DELETE", "/sandbox/faults", endpoint(NoOrder, clear_faults)),
    ("POST", "/sandbox/settings", endpoint(SettingsOrder, change_settings)),
    ("POST", "/sandbox/subscribers", endpoint(SubscriberOrder, add_subscriber)),
    ("POST", "/sandbox/crowd", endpoint(CrowdOrder, add_crowd)),
    ("POST", "/sandbox/users", endpoint(UsersOrder, restrict_users)),
    ("POST", "/sandbox/reset", endpoint(NoOrder, reset)),
)
