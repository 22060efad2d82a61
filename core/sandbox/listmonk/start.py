"""The start state: lists of each kind, people of each status, campaigns that wait for people."""

import json
from uuid import NAMESPACE_URL, uuid5

from core.sandbox.listmonk.state import Db

DAY = 86_400.0
NEWSLETTER, DOUBLE, VISITORS, ARCHIVED = 1, 6, 9, 14
LISTS = (
    "Newsletter",
    "VIP",
    "Riga store",
    "Tallinn store",
    "Vilnius store",
    "Newsletter, double opt-in",
    "Winter sports",
    "Hiking and running",
    "Store visitors",
    "Win back",
    "Loyalty members",
    "Product preview",
    "Survey 2026",
    "Spring 2019",
)
# name, type, status, the list, days until it is sent
CAMPAIGNS = (
    ("Black Friday", "regular", "scheduled", NEWSLETTER, 3),
    ("Autumn letter", "regular", "draft", NEWSLETTER, None),
    ("Winter boots", "regular", "paused", 7, None),
)
FIRST_NAMES = ("Anna", "Jānis", "Liene", "Mārtiņš", "Kadri", "Tomas", "Ilze", "Peeter")
VISITOR_COUNT = 24
STATUSES = ("unconfirmed", "confirmed", "unconfirmed", "unsubscribed")


def fill(db: Db, now: float) -> None:
    """Writes the start state into empty tables."""
    made = now - 400 * DAY
    for id, name in enumerate(LISTS, start=1):
        optin = "double" if id == DOUBLE else "single"
        status = "archived" if id == ARCHIVED else "active"
        db.execute(
            "INSERT INTO lists VALUES (?, ?, ?, 'private', ?, ?, ?, ?)",
            (id, _uuid("list", id), name, optin, status, made, made),
        )
    for place in range(VISITOR_COUNT):
        _add_visitor(db, place, made)
    for id, (name, type, status, list_id, days) in enumerate(CAMPAIGNS, start=1):
        due = None if days is None else now + days * DAY
        db.execute(
            "INSERT INTO campaigns VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
            (id, _uuid("campaign", id), name, name, type, status, due),
        )
        db.execute("INSERT INTO campaign_lists VALUES (?, ?, ?)", (id, list_id, LISTS[list_id - 1]))


def _add_visitor(db: Db, place: int, made: float) -> None:
    """One visitor: every sixth is blocklisted, the subscriptions are of each status."""
    email = f"visitor{place + 1}@store.baltic-outfitters.example"
    status = "blocklisted" if place % 6 == 5 else "enabled"
    attribs = json.dumps({"visits": place + 1})
    name = FIRST_NAMES[place % len(FIRST_NAMES)]
    id = db.execute(
        "INSERT INTO subscribers(uuid, email, name, attribs, status, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (_uuid("subscriber", place), email, name, attribs, status, made, made),
    ).lastrowid
    subscription = STATUSES[place % len(STATUSES)]
    db.execute(
        "INSERT INTO subscriber_lists VALUES (?, ?, ?, ?, ?)",
        (id, VISITORS, subscription, made, made),
    )


def _uuid(what: str, number: int) -> str:
    """Always the same for the same thing, so that a reset brings back exactly what was."""
    return str(uuid5(NAMESPACE_URL, f"{what} {number}"))
