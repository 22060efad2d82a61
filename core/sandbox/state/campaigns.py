"""SQL for campaigns: whom they go to, and when they are sent."""

import json
from dataclasses import dataclass, replace
from typing import Any

from core.sandbox.state import Db

SCHEDULED, SENT = "Scheduled", "Sent"
STATUSES = ("Draft", SCHEDULED, "Sending", SENT, "Cancelled")
CHANNELS = ("email", "sms", "mobile_push")


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with one message; times are seconds since 1970.

    `included` and `excluded` are ids of lists and segments, its audience.
    """

    id: str
    account: str
    name: str
    status: str
    channel: str
    included: tuple[str, ...]
    excluded: tuple[str, ...]
    send_at: float | None
    created: float


def add(db: Db, campaign: Campaign) -> None:
    """Stores a new campaign."""
    db.execute(
        "INSERT INTO campaign VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(campaign.id, campaign.account, campaign.name, campaign.status, campaign.channel),
            *(json.dumps(campaign.included), json.dumps(campaign.excluded)),
            *(campaign.send_at, campaign.created),
        ),
    )


def everything(db: Db, account: str | None, now: float) -> list[Campaign]:
    """The campaigns of an account, or of all; whose time has come has been sent."""
    query = "SELECT * FROM campaign WHERE ? IN (account, '') ORDER BY created, id"
    return [_as_of(_campaign(row), now) for row in db.execute(query, (account or "",))]


def _campaign(row: Any) -> Campaign:
    values = dict(row)
    groups = {name: tuple(json.loads(values[name])) for name in ("included", "excluded")}
    return Campaign(**values | groups)


def _as_of(campaign: Campaign, now: float) -> Campaign:
    due = campaign.send_at is not None and campaign.send_at <= now
    return replace(campaign, status=SENT) if due and campaign.status == SCHEDULED else campaign
