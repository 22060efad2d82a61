"""What an account's server was found to take in one request, where that is less than is declared.

A gateway in between may take less than the destination itself; it shows only while running.
"""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from core.store import look_up
from core.store.tables.schedules import Preference

KEPT = timedelta(days=7)  # then the declared size is tried again
_NAMED = "request limit: "  # before the account, in the names of the preferences


@dataclass(frozen=True, slots=True)
class RequestLimit:
    """The smallest sizes that were refused, in bytes and in profiles; None: none was."""

    bytes: int | None = None
    profiles: int | None = None

    def forbids(self, size: int, profiles: int) -> bool:
        """Whether a request of that size would be refused, as far as is known."""
        too_many = self.profiles is not None and profiles >= self.profiles
        return too_many or (self.bytes is not None and size >= self.bytes)

    def below(self, size: int, profiles: int, by_rows: bool) -> "RequestLimit":
        """The limit, now that such a request was refused."""
        if by_rows:
            return replace(self, profiles=min(profiles, self.profiles or profiles))
        return replace(self, bytes=min(size, self.bytes or size))


def of(session: Session, account: str, now: datetime | None = None) -> RequestLimit:
    """What is remembered of the account."""
    row = look_up(session, Preference, _NAMED + account)
    if row is None:
        return RequestLimit()
    if (now or datetime.now(UTC)) - datetime.fromisoformat(row.value["at"]) > KEPT:
        return RequestLimit()
    return RequestLimit(row.value["bytes"], row.value["profiles"])


def remember(session: Session, account: str, limit: RequestLimit) -> None:
    """Keeps it for the account's next runs."""
    value = asdict(limit) | {"at": datetime.now(UTC).isoformat()}
    session.merge(Preference(name=_NAMED + account, value=value))
