"""How old the data of a source is: by the time of its files, or the newest value of a column.

What lies in the future says nothing of that, so it is passed over and counted. Nothing here asks
for the time: now, and the zone in which dates are meant, are given.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw

from core.columns import content
from core.errors import Invalid, Unknown
from core.profiles.sources import Kind, Schema, Source, translated
from core.texts import _

DATED = (Kind.date, Kind.moment)
SKEW = timedelta(minutes=10)  # so far a file's time may be ahead: the clock of another computer
DAY = timedelta(days=1)


class Unclear(StrEnum):
    """Why it can't be told how old the data is."""

    no_column = "no_column"  # the source has none of that name
    no_dates = "no_dates"  # the column holds something else
    empty = "empty"  # the column has no value
    future = "future"  # all its values, or the time of the files, lie in the future
    no_time = "no_time"  # the source knows no time of its own


@dataclass(frozen=True, slots=True)
class Freshness:
    """Up to when the data goes, and by what that was measured: a column, or None for the files.

    `at` is None where it can't be told, for `unclear`. `ahead`: how many rows lie in the future.
    """

    by: str | None = None
    at: datetime | None = None  # UTC
    ahead: int = 0
    unclear: Unclear | None = None

    def age(self, now: datetime) -> timedelta | None:
        """How old the data is at that moment; None where it can't be told."""
        return None if self.at is None else max(timedelta(), now - self.at)

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"at": self.at.isoformat() if self.at else None}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Freshness":
        """As `as_data` wrote it."""
        at, unclear = data["at"], data["unclear"]
        moment = datetime.fromisoformat(at) if at else None
        return cls(data["by"], moment, data["ahead"], Unclear(unclear) if unclear else None)


def freshness(source: Source, column: str | None, now: datetime, time_zone: str) -> Freshness:
    """How old the source's data is now. Raises SourceFailed.

    A date counts until the end of its day in the zone; moments without a zone are meant there.
    """
    if column is None:
        return _of_files(source.written(), now)
    schema = source.schema()
    if column not in schema:
        return Freshness(column, unclear=Unclear.no_column)
    kind = schema[column]
    if kind not in DATED:
        unclear = Unclear.empty if kind is Kind.nothing else Unclear.no_dates
        return Freshness(column, unclear=unclear)
    with translated(source):
        return _of_column(source, column, kind, now, ZoneInfo(time_zone))


def check_column(schema: Schema, column: str) -> None:
    """Raises Unknown, Invalid where no freshness could ever be told by that column."""
    if column not in schema:
        raise Unknown(_("field"), column, schema, "fresh_by")
    if schema[column] not in (*DATED, Kind.nothing):
        text = _(
            "“{column}” holds {kind}. Choose a field of dates, or leave it out: then the time of "
            "the files counts."
        )
        raise Invalid(text.format(column=column, kind=schema[column].several), "fresh_by")


def _of_files(written: datetime | None, now: datetime) -> Freshness:
    if written is None:
        return Freshness(unclear=Unclear.no_time)
    if written > now + SKEW:
        return Freshness(unclear=Unclear.future)
    return Freshness(at=min(written, now))


def _of_column(source: Source, column: str, kind: Kind, now: datetime, zone: ZoneInfo) -> Freshness:
    values, value = source.scan().select(content(column).alias("value")), nw.col("value")
    zoned = getattr(values.collect_schema()["value"], "time_zone", None) is not None
    latest = now.astimezone(UTC if zoned else zone)
    limit: Any = latest.date() if kind is Kind.date else latest
    if not zoned and kind is Kind.moment:
        limit = latest.replace(tzinfo=None)
    found = values.select(
        newest=nw.when(value <= limit).then(value).max(),
        ahead=nw.when(value > limit).then(1).otherwise(0).sum(),
    )
    newest, ahead = source.small(found).row(0)
    if newest is None:
        return Freshness(column, None, int(ahead), Unclear.future if ahead else Unclear.empty)
    return Freshness(column, min(_moment(newest, zone), now.astimezone(UTC)), int(ahead))


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    """The end of a date's day; a moment as it is, or as the clocks of the zone show it."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    ends_of_time = value == date.max  # beyond it no day begins
    next_day = value if ends_of_time else value + DAY
    return datetime.combine(next_day, time(), zone).astimezone(UTC)
