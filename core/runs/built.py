"""What dbt said of the model that a run reads, beside the table that the run before it read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from core.profiles.sources.dbt.standing import Standing
from core.profiles.summary import Summary
from core.store import details
from core.store.tables.runs import Run


@dataclass(frozen=True, slots=True)
class Built:
    """What dbt said last of the source's model; moments are told in a zone.

    `before`: which table it was in the export's last run, where that is known.
    """

    standing: Standing
    time_zone: str
    before: str | None = None

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return self.standing.as_data() | {"time_zone": self.time_zone, "before": self.before}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Built":
        """As `as_data` wrote it."""
        return cls(Standing.read(data), data["time_zone"], data["before"])


def seen(session: Session, run: Run) -> Summary | None:
    """What the source looked like to the run, where that is known."""
    data = details.source(session, run)
    return Summary.read(data) if data else None


def built(session: Session, found: Standing, time_zone: str, last: Run | None) -> Built:
    """With the table that the model was in the `last` run."""
    summary = seen(session, last) if last else None
    known = summary.dbt if summary else None
    return Built(found, time_zone, known.relation if known and known.model == found.model else None)
