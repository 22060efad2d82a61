"""People joined to lists and taken off them in bulk, by ids or by SQL; nobody is ever mailed."""

import sqlite3
from collections.abc import Sequence

from starlette.responses import Response

from core.sandbox.listmonk.answers import Refused, good
from core.sandbox.listmonk.call import Call
from core.sandbox.listmonk.query import matching

ACTIONS = ("add", "remove", "unsubscribe")
OVERWRITING = " ON CONFLICT(subscriber_id, list_id) DO UPDATE SET status = excluded.status"
KEEPING = " ON CONFLICT(subscriber_id, list_id) DO NOTHING"


def by_ids(call: Call) -> Response:
    """PUT /api/subscribers/lists. A status that is given overwrites what there is, refusals too."""
    ids = [int(id) for id in call.document.get("ids") or []]
    if not ids:
        raise Refused(400, "No IDs given.")
    return _managed(call, ids, OVERWRITING if call.document.get("status") else KEEPING)


def by_query(call: Call) -> Response:
    """PUT /api/subscribers/query/lists. Joining leaves alone who has any subscription there."""
    given = call.document
    if not call.user.has("subscribers:sql_query"):
        raise Refused(403, "Permission denied: subscribers:sql_query")
    lists = [int(id) for id in given.get("list_ids") or []]
    status = str(given.get("subscription_status") or "")
    ids = matching(call.db, str(given.get("query") or ""), lists, status)
    return _managed(call, ids, KEEPING)


def _managed(call: Call, ids: Sequence[int], conflict: str) -> Response:
    targets = [int(id) for id in call.document.get("target_list_ids") or []]
    if not targets:
        raise Refused(400, "No lists given.")
    call.user.require_lists(targets)
    match call.document.get("action"):
        case "add":
            _add(call, ids, targets, conflict)
        case "remove":
            _remove(call, ids, targets)
        case "unsubscribe":
            _unsubscribe(call, ids, targets)
        case _:
            raise Refused(400, "Invalid action.")
    return good(data=True)


def _add(call: Call, ids: Sequence[int], targets: list[int], conflict: str) -> None:
    status = call.document.get("status") or "unconfirmed"
    rows = [(id, target, status, call.now, call.now) for target in targets for id in ids]
    try:
        call.db.executemany(f"INSERT INTO subscriber_lists VALUES (?, ?, ?, ?, ?){conflict}", rows)  # noqa: S608 - of our own
    except sqlite3.IntegrityError:
        raise Refused(
            500,
            "Error updating Subscribers: pq: insert or update on table"
            ' "subscriber_lists" violates foreign key constraint'
            f' "subscriber_lists_list_id_fkey". Key (list_id)=({targets[0]}) is not present in'
            ' table "lists".',
        ) from None


def _remove(call: Call, ids: Sequence[int], targets: list[int]) -> None:
    """The rows are deleted, and with them what the person said about the list."""
    rows = [(id, target) for target in targets for id in ids]
    call.db.executemany(
        "DELETE FROM subscriber_lists WHERE subscriber_id = ? AND list_id = ?", rows
    )


def _unsubscribe(call: Call, ids: Sequence[int], targets: list[int]) -> None:
    rows = [(call.now, id, target) for target in targets for id in ids]
    call.db.executemany(
        "UPDATE subscriber_lists SET status = 'unsubscribed', updated_at = ?"
        " WHERE subscriber_id = ? AND list_id = ?",
        rows,
    )
