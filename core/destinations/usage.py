"""How much of what an account's plan includes is used, where the destination tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Usage:
    """How many active profiles the plan includes, and how many there were at `at`."""

    plan: int
    active: int
    at: datetime

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return {"plan": self.plan, "active": self.active, "at": self.at.isoformat()}


def read(data: Mapping[str, Any]) -> Usage:
    """What `as_data` gave."""
    return Usage(data["plan"], data["active"], datetime.fromisoformat(data["at"]))
