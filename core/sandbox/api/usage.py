"""What the account has used of its plan in this month, in rows of several units.

Official client 25.0.0 (revision 2026-10-15; before that the endpoint was a beta). Which id the row
of active profiles has isn't documented; other rows count profiles, too.
"""

from datetime import UTC, datetime

from core.sandbox.api.call import Call
from core.sandbox.filtering import conditions_of
from core.sandbox.jsonapi import Json, Reply, moment, not_found, one
from core.sandbox.paging import collection, sparse
from core.sandbox.state import profiles

SINCE = "2026-10-15"


def list_usage(call: Call) -> Reply:
    """GET /api/billing-usage."""
    wanted = conditions_of(call.query, {"id": ("any",)})
    rows = [row for row in _rows(call) if all(one.holds(row["id"]) for one in wanted)]
    data = [sparse(row, call.query) for row in rows]
    return Reply(200, collection(call.url, call.query, data, None))


def get_usage(call: Call) -> Reply:
    """GET /api/billing-usage/{id}."""
    found = [row for row in _rows(call) if row["id"] == call.path["id"]]
    if not found:
        raise not_found(f"There is no usage type {call.path['id']}.")
    return Reply(200, one(sparse(found[0], call.query)))


def _rows(call: Call) -> list[Json]:
    if call.revision < SINCE:
        raise not_found("The path /api/billing-usage could not be found.")
    with call.world.state.reading() as db:
        active = profiles.active(db, call.account)
    plan = call.world.settings.plan
    rows = (
        ("email_sends", "messages", 0, plan * 10),
        ("customer_hub_active_profiles", "profiles", 0, plan),
        ("active_profiles", "profiles", active, plan),
        ("sms_credits", "credits", 12.5, 150),
    )
    return [_row(call, *row) for row in rows]


def _row(call: Call, id: str, unit: str, used: float, most: int) -> Json:
    now = datetime.fromtimestamp(call.now, UTC)
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    attributes = {
        "usage_used": used,
        "usage_max": most,
        "unit": unit,
        "period_start": start.isoformat(),
        "period_end": end.isoformat(),
        "as_of": moment(call.now),
    }
    links = {"self": f"{call.base}/billing-usage/{id}/"}
    return {"type": "billing-usage", "id": id, "attributes": attributes, "links": links}
