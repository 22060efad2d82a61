"""Schedules as values: days and times, cron text, the common refresh."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from core.configuration.values import Value, Zone


def _time(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(f"“{text}” is not a time; write it like 06:00")
    return text


def _cron(text: str) -> str:
    """Five fields that come to pass at some time, as cron on Debian reads them."""
    from cronsim import CronSim, CronSimError

    if len(text.split()) != 5:
        raise ValueError(f"“{text}” is not cron text of five fields; write it like 0 6 * * 1-5")
    try:
        next(CronSim(text, datetime.now(UTC)))
    except CronSimError as error:
        why = str(error)[:1].lower() + str(error)[1:]
        raise ValueError(f"“{text}” is not cron text: {why}") from None
    except StopIteration:
        raise ValueError(f"“{text}” never comes: no date fits it") from None
    return " ".join(text.split())


Time = Annotated[str, AfterValidator(_time)]
CronText = Annotated[str, Field(max_length=200), AfterValidator(_cron)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Timing(Value):
    """What all schedules say: where their times are meant, and what follows a downtime.

    Of the times that passed while the program was down, either the newest is made up for or none.
    """

    time_zone: Zone
    after_downtime: Literal["once", "never"] = "once"


class Schedule(Timing):
    """When something runs: days, up to four times a day, in a time zone."""

    days: Literal["daily"] | Annotated[tuple[Day, ...], Field(min_length=1)] = "daily"
    times: Annotated[tuple[Time, ...], Field(min_length=1, max_length=4)]


class Cron(Timing):
    """When something runs, as cron text of five fields, in a time zone."""

    cron: CronText


class _Switched(Timing):
    active: bool = True


class RefreshSchedule(Schedule, _Switched):
    """When the common refresh runs, if it is switched on."""


class RefreshCron(Cron, _Switched):
    """The same as cron text."""


def _way_of(data: object) -> str:
    """Which of the kinds a schedule means to be, so that only its own faults are reported."""
    if isinstance(data, str):
        return "word"
    named = isinstance(data, Cron) or (isinstance(data, dict) and "cron" in data)
    return "of_cron" if named else "of_days"


Followed = Literal["off", "refresh"]
OfExport = Annotated[
    Annotated[Followed, Tag("word")]
    | Annotated[Schedule, Tag("of_days")]
    | Annotated[Cron, Tag("of_cron")],
    Discriminator(_way_of),
]
Refresh = Annotated[
    Annotated[RefreshSchedule, Tag("of_days")] | Annotated[RefreshCron, Tag("of_cron")],
    Discriminator(_way_of),
]
REFRESH = RefreshSchedule(
    days="daily", times=("05:00",), time_zone="Europe/Riga", active=False
)  # until somebody says otherwise
