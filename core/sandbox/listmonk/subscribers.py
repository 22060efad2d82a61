"""Subscribers: read one by one and by SQL, created, changed; both may send a confirmation."""

import json
import re
import sqlite3
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from core.sandbox.listmonk.answers import Json, Refused, good, moment, page
from core.sandbox.listmonk.call import ALL, Call
from core.sandbox.listmonk.lists import brief
from core.sandbox.listmonk.query import matching
from core.sandbox.listmonk.state import Db
from core.sandbox.listmonk.world import Mail

LONGEST_EMAIL = 1_000  # bytes
ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
ADDRESS = re.compile(rf"{ATOM}(?:\.{ATOM})*@[^\s@,;<>()\[\]\\\"]+")
NUL = "\\u0000"  # as JSON text has it
CHANGEABLE = frozenset({"name", "attribs"})


def get_subscribers(call: Call) -> Response:
    """GET /api/subscribers, of lists, of a subscription status, and by SQL."""
    fragment = call.query.get("query", "")
    if fragment and not call.user.has("subscribers:sql_query"):
        raise Refused(403, "Permission denied: subscribers:sql_query")
    lists = [int(id) for id in call.query.getlist("list_id")]
    ids = matching(call.db, fragment, lists, call.query.get("subscription_status", ""))
    shown = ids if call.per_page == ALL else ids[(call.page - 1) * call.per_page :][: call.per_page]
    people = [_person(call.db, id) for id in shown]
    return good(page(people, len(ids), call.per_page, call.page, query=fragment))


def get_subscriber(call: Call) -> Response:
    """GET /api/subscribers/{id}."""
    return good(_person(call.db, call.id))


def create_subscriber(call: Call) -> Response:
    """POST /api/subscribers: no upsert. Mails for double opt-in lists unless preconfirmed."""
    given = call.document
    email = _checked_email(call, given.get("email"))
    name = str(given.get("name") or "").strip() or _made_up(email)
    attribs = _checked_attribs(given.get("attribs") or {}, "creating")
    values = (str(uuid4()), email, name, attribs, given.get("status") or "enabled")
    try:
        made = call.db.execute(
            "INSERT INTO subscribers(uuid, email, name, attribs, status, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*values, call.now, call.now),
        )
    except sqlite3.IntegrityError as error:
        raise _not_created(error, values[-1]) from None
    lists = [int(id) for id in given.get("lists") or []]
    call.user.require_lists(lists)
    id = made.lastrowid or 0
    _subscribe(call, id, lists, confirmed=given.get("preconfirm_subscriptions") is True)
    _send_confirmation(call, id, lists)
    return good(_person(call.db, id))


def update_subscriber(call: Call) -> Response:
    """PATCH /api/subscribers/{id}: only what is given changes, attributes are merged.

    Without lists every unconfirmed double opt-in subscription gets a mail. What no caller of ours
    may change is refused, other than in the original, so that a wrong call fails.
    """
    given = call.document
    before = _person(call.db, call.id)
    if unknown := set(given) - CHANGEABLE:
        raise Refused(400, f"The sandbox doesn't change {', '.join(sorted(unknown))}.")
    name = str(given.get("name") or "").strip() or before["name"]
    attribs = _merged(before["attribs"], given)
    call.db.execute(
        "UPDATE subscribers SET name = ?, attribs = ?, updated_at = ? WHERE id = ?",
        (name, _checked_attribs(attribs, "updating"), call.now, call.id),
    )
    _send_confirmation(call, call.id, [])
    return good(_person(call.db, call.id))


def _person(db: Db, id: int) -> Json:
    row = db.execute("SELECT * FROM subscribers WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise Refused(400, f"Subscriber ({id}: ) not found")
    return {
        "id": row["id"],
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
        "uuid": row["uuid"],
        "email": row["email"],
        "name": row["name"],
        "attribs": json.loads(row["attribs"]),
        "status": row["status"],
        "lists": _lists_of(db, id),
    }


def _lists_of(db: Db, id: int) -> list[Json]:
    rows = db.execute(
        "SELECT lists.*, s.status AS subscription, s.created_at AS began, s.updated_at AS changed"
        " FROM subscriber_lists AS s JOIN lists ON lists.id = s.list_id"
        " WHERE s.subscriber_id = ? ORDER BY lists.id",
        (id,),
    )
    return [
        {
            "subscription_status": row["subscription"],
            "subscription_created_at": moment(row["began"]),
            "subscription_updated_at": moment(row["changed"]),
            "subscription_meta": {},
        }
        | brief(row)
        for row in rows
    ]


def _checked_email(call: Call, email: Any) -> str:
    text = email.strip().lower() if isinstance(email, str) else ""
    if len(text.encode()) > LONGEST_EMAIL or not ADDRESS.fullmatch(text):
        raise Refused(400, "Invalid email.")
    if text.rpartition("@")[2] in call.world.settings.blocked_domains:
        raise Refused(400, "The e-mail domain is blocklisted.")
    return text


def _checked_attribs(attribs: Any, doing: str) -> str:
    if not isinstance(attribs, dict):
        raise Refused(400, "Unmarshal type error: expected=models.JSON, got=other, field=attribs")
    text = json.dumps(attribs)
    if NUL in text.replace("\\\\", ""):
        words = f"Error {doing} Subscriber: pq: unsupported Unicode escape sequence"
        raise Refused(500, words)
    return text


def _merged(before: Json, given: Json) -> Any:
    """At the top level; a null in place of all of them empties them all."""
    if "attribs" not in given:
        return before
    changes = given["attribs"]
    if changes is None:
        return {}
    return before | changes if isinstance(changes, dict) else changes


def _made_up(email: str) -> str:
    return " ".join(part.capitalize() for part in re.split(r"[._-]", email.partition("@")[0]))


def _not_created(error: sqlite3.IntegrityError, status: str) -> Refused:
    if "UNIQUE" in str(error):
        return Refused(409, "E-mail already exists.")
    words = f'invalid input value for enum subscriber_status: "{status}"'
    return Refused(500, f"Error creating Subscriber: pq: {words}")


def _subscribe(call: Call, id: int, lists: list[int], *, confirmed: bool) -> None:
    """Unknown lists are ignored silently, as in the original."""
    status = "confirmed" if confirmed else "unconfirmed"
    for list_id in lists:
        call.db.execute(
            "INSERT INTO subscriber_lists SELECT ?, id, ?, ?, ? FROM lists WHERE id = ?",
            (id, status, call.now, call.now, list_id),
        )


def _send_confirmation(call: Call, id: int, lists: list[int]) -> None:
    """Mails for what is unconfirmed on double opt-in lists: on these, on all if none are given."""
    rows = call.db.execute(
        "SELECT s.list_id, p.email FROM subscriber_lists AS s"
        " JOIN lists ON lists.id = s.list_id JOIN subscribers AS p ON p.id = s.subscriber_id"
        " WHERE p.id = ? AND s.status = 'unconfirmed' AND lists.optin = 'double'",
        (id,),
    ).fetchall()
    pending = [row for row in rows if not lists or row["list_id"] in lists]
    if pending and call.world.settings.send_optin_confirmation:
        mail = Mail(pending[0]["email"], tuple(row["list_id"] for row in pending))
        call.world.outbox.append(mail)
