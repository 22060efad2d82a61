"""What happened in the demo's month, as data: which export ran when, and how it went."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from core.sandbox.demo.content import EXPORTS

COUNTED_AT = time(4, 30)  # each day's refresh
NEWSLETTER, LOYALTY, ALL = (name for name, _segment, _list in EXPORTS)


class Went(StrEnum):
    """How a run went."""

    well = "well"
    lacking = "lacking"  # the day's file had no address of most people: held, and discarded
    refused = "refused"  # the job was cancelled at the destination; a retry delivered it


@dataclass(frozen=True, slots=True)
class Event:
    """A run of an export, so many days ago."""

    days: int
    at: time
    export: str
    went: Went = Went.well


EVENTS = (
    Event(30, time(7, 5), NEWSLETTER),
    Event(29, time(8, 20), LOYALTY),
    Event(27, time(7, 10), NEWSLETTER),
    Event(23, time(7, 2), NEWSLETTER),
    Event(22, time(8, 15), LOYALTY),
    Event(18, time(7, 8), NEWSLETTER),
    Event(16, time(7, 3), NEWSLETTER, Went.lacking),
    Event(15, time(8, 40), LOYALTY),
    Event(13, time(7, 12), NEWSLETTER),
    Event(10, time(7, 6), NEWSLETTER),
    Event(8, time(8, 25), LOYALTY),
    Event(7, time(7, 4), NEWSLETTER, Went.refused),
    Event(5, time(10, 30), ALL),  # over its limit: it fails before anything is sent
    Event(4, time(7, 9), NEWSLETTER),
    Event(2, time(8, 10), LOYALTY),
    Event(1, time(7, 5), NEWSLETTER),
)


def midnight(today: date, days: int) -> datetime:
    """When the day began, in UTC, so many days before today."""
    return datetime.combine(today, time.min, UTC) - timedelta(days=days)


def moment(today: date, days: int, at: time) -> datetime:
    """That time of that day, in UTC."""
    return datetime.combine(midnight(today, days), at, UTC)
