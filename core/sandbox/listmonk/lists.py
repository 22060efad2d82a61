"""Lists as listmonk shows and makes them, with the oddities that callers have to live with."""

import sqlite3
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from core.sandbox.listmonk.answers import Json, Refused, good, moment, page
from core.sandbox.listmonk.call import ALL, Call
from core.sandbox.listmonk.state import Db

LONGEST_NAME = 2_000  # bytes
TYPES = ("public", "private", "temporary")


def get_lists(call: Call) -> Response:
    """GET /api/lists. Pages are cut before they are ordered: some lists are on none of them."""
    rows = call.db.execute("SELECT * FROM lists ORDER BY id").fetchall()
    rows = [row for row in rows if call.user.may_see(row["id"])]
    shown = rows
    if call.per_page != ALL:
        shuffled = sorted(rows, key=lambda row: (row["id"] * (call.page + 4)) % 17)
        shown = shuffled[(call.page - 1) * call.per_page :][: call.per_page]
    results = [resource(call.db, row) for row in shown]
    return good(page(results, len(rows), call.per_page, call.page))


def get_list(call: Call) -> Response:
    """GET /api/lists/{id}; the number of subscribers is twice what it is, as in the original."""
    row = _row(call.db, call.id)
    if not call.user.may_see(call.id):
        raise Refused(403, "permission denied")
    shown = resource(call.db, row)
    return good(shown | {"subscriber_count": 2 * shown["subscriber_count"]})


def create_list(call: Call) -> Response:
    """POST /api/lists. Two lists may have the same name."""
    given = call.document
    name = given.get("name")
    if not isinstance(name, str) or not 1 <= len(name.encode()) <= LONGEST_NAME:
        raise Refused(400, "Invalid name")
    type, optin = given.get("type") or "private", given.get("optin") or "single"
    values = (str(uuid4()), name, type, optin, call.now, call.now)
    try:
        made = call.db.execute(
            "INSERT INTO lists(uuid, name, type, optin, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            values,
        )
    except sqlite3.IntegrityError:
        words = f'Error creating List: pq: invalid input value for enum: "{type} {optin}"'
        raise Refused(500, words) from None
    return good(resource(call.db, _row(call.db, made.lastrowid)))


def brief(row: sqlite3.Row) -> Json:
    """A list without its numbers, as it stands in a subscriber too."""
    return {
        "id": row["id"],
        "uuid": row["uuid"],
        "name": row["name"],
        "type": row["type"],
        "optin": row["optin"],
        "status": row["status"],
        "tags": [],
        "description": "",
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }


def resource(db: Db, row: sqlite3.Row) -> Json:
    """A list with its numbers, the unsubscribed and the blocklisted counted too."""
    counted = db.execute(
        "SELECT status, COUNT(*) AS n FROM subscriber_lists WHERE list_id = ? GROUP BY status",
        (row["id"],),
    )
    statuses = {found["status"]: found["n"] for found in counted}
    return brief(row) | {
        "subscriber_count": sum(statuses.values()),
        "subscriber_statuses": statuses,
        "subscription_created_at": None,
        "subscription_updated_at": None,
    }


def _row(db: Db, id: int | None) -> Any:
    row = db.execute("SELECT * FROM lists WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise Refused(400, "List not found")
    return row
