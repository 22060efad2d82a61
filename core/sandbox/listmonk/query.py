"""Subscribers found by SQL that the caller sends, put into a query by replacing text."""

import json
import sqlite3
from collections.abc import Sequence

from core.sandbox.listmonk.answers import Refused
from core.sandbox.listmonk.state import Db, read_only

QUERY = "SELECT subscribers.id FROM subscribers WHERE {of_lists} AND %query% ORDER BY %order%"
OF_LISTS = (
    "subscribers.id IN (SELECT subscriber_lists.subscriber_id FROM subscriber_lists WHERE"
    " subscriber_lists.list_id IN ({lists}){status})"
)
OF_STATUS = " AND subscriber_lists.status = '{status}'"
STATUSES = ("unconfirmed", "confirmed", "unsubscribed")


def matching(db: Db, fragment: str, list_ids: Sequence[int], status: str = "") -> list[int]:
    """The ids of those on any of the lists (none: of all) that the fragment holds for, ascending.

    `status` is that of the subscription. Raises Refused (400) for SQL that doesn't work.
    """
    if status and status not in STATUSES:
        raise Refused(400, "Invalid subscription status")
    of_lists = "TRUE"
    if list_ids:
        lists = ", ".join(str(int(id)) for id in list_ids)
        of_status = OF_STATUS.format(status=status) if status else ""
        of_lists = OF_LISTS.format(lists=lists, status=of_status)
    sql = QUERY.replace("{of_lists}", of_lists)
    sql = sql.replace("%query%", fragment.strip().rstrip(";") or "TRUE")
    sql = sql.replace("%order%", "subscribers.id ASC")
    try:
        with read_only(db):
            return [row[0] for row in db.execute(sql)]
    except (sqlite3.Error, ValueError) as error:
        words = f"syntax error at or near {json.dumps(error.args[0])}"
        raise Refused(400, f"Error preparing subscriber query: pq: {words}") from None
