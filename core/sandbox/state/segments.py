"""SQL for segments: their names and definitions. Who is in them isn't computed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.sandbox.state import Db


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment; times are seconds since 1970, the definition as the API shows it."""

    id: str
    account: str
    name: str
    definition: dict[str, Any]
    active: bool
    created: float


def add(db: Db, segment: Segment) -> None:
    """Stores a new segment."""
    db.execute(
        "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?)",
        (
            *(segment.id, segment.account, segment.name, json.dumps(segment.definition)),
            *(segment.active, segment.created),
        ),
    )


def everything(db: Db, account: str | None) -> list[Segment]:
    """The segments of an account, or of all."""
    query = "SELECT * FROM segment WHERE ? IN (account, '') ORDER BY created, id"
    return [_segment(row) for row in db.execute(query, (account or "",))]


def get(db: Db, account: str, id: str) -> Segment | None:
    """One segment of the account."""
    query = "SELECT * FROM segment WHERE account = ? AND id = ?"
    row = db.execute(query, (account, id)).fetchone()
    return _segment(row) if row else None


def members_of(groups: Sequence[str]) -> dict[str, Any]:
    """The definition of a segment of those who are in one of these lists or segments."""
    condition = {
        "type": "profile-group-membership",
        "is_member": True,
        "group_ids": list(groups),
        "timeframe_filter": None,
    }
    return {"condition_groups": [{"conditions": [condition]}]}


def _segment(row: Any) -> Segment:
    definition = json.loads(row["definition"])
    return Segment(row["id"], row["account"], row["name"], definition, bool(row["active"]),
                   row["created"])  # fmt: skip
