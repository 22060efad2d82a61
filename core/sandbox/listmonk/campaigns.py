"""Campaigns, as much of them as tells who will be mailed, and when."""

import sqlite3

from starlette.responses import Response

from core.sandbox.listmonk.answers import Json, good, moment, page
from core.sandbox.listmonk.call import Call
from core.sandbox.listmonk.state import Db


def get_campaigns(call: Call) -> Response:
    """GET /api/campaigns, those of the statuses asked for."""
    wanted = call.query.getlist("status")
    rows = call.db.execute("SELECT * FROM campaigns ORDER BY id").fetchall()
    found = [_resource(call.db, row) for row in rows if not wanted or row["status"] in wanted]
    return good(page(found, len(found), call.per_page, call.page if found else 0))


def _resource(db: Db, row: sqlite3.Row) -> Json:
    lists = db.execute("SELECT * FROM campaign_lists WHERE campaign_id = ?", (row["id"],))
    return {
        "id": row["id"],
        "uuid": row["uuid"],
        "name": row["name"],
        "subject": row["subject"],
        "type": row["type"],
        "status": row["status"],
        "send_at": moment(row["send_at"]),
        "started_at": moment(row["started_at"]),
        "lists": [{"id": found["list_id"], "name": found["list_name"]} for found in lists],
        "to_send": 0,
        "sent": 0,
    }
