"""The configuration as values: connections, sources, segments, exports, and the common refresh.

The same models check the forms of the dashboard and the sections of the configuration file.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from core.destinations.klaviyo.settings import BASE_URL, checked_address
from core.errors import Unknown
from core.profiles.matching.fields import Match, PhoneRegion, targets
from core.profiles.segments.rules import Group, Op
from core.texts import _

LIMIT = 100_000  # profiles in one run, as the reference feature has it
MOST_BILLED = 1_000_000_000  # profiles that anybody would have
CONSENT_VERSION = "2026-09-01"
TAGS = frozenset({"rule", "group", "word", "of_days", "of_cron"})  # of unions, here and of rules
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Value(BaseModel):
    """Root of the values here: frozen, and a name that isn't known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _one_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("a name is one line of printable characters")
    return name


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is not a time zone; write it like Europe/Riga") from None
    return name


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


Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Zone = Annotated[str, AfterValidator(_zone)]
Time = Annotated[str, AfterValidator(_time)]
CronText = Annotated[str, Field(max_length=200), AfterValidator(_cron)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Consent(Value):
    """Who agreed that personal data leaves the team's boundary, to which words, and when."""

    agreed_by: Name
    version: str = CONSENT_VERSION
    agreed_at: datetime | None = None


Billed = Annotated[int, Field(ge=0, le=MOST_BILLED)]


class Billing(Value):
    """How many profiles Klaviyo's plan includes, and how many active ones its billing page shows.

    A person reads both there, for Klaviyo's API doesn't tell them.
    """

    plan: Billed
    active: Billed


class Connection(Value):
    """A way to a Klaviyo account. In a file `api_key` is `${NAME}`; the value is kept encrypted."""

    name: Name
    type: Literal["klaviyo"] = "klaviyo"
    api_key: str = Field(min_length=1, repr=False)
    base_url: Annotated[str, AfterValidator(checked_address)] = BASE_URL
    # or the names of people
    shared_with: (
        Literal["administrators", "contributors"] | Annotated[tuple[Name, ...], Field(min_length=1)]
    ) = "administrators"
    billing: Billing | None = None
    consent: Consent


class Source(Value):
    """Files of profiles; encoding, separator and decimal are found by themselves if not given."""

    name: Name
    type: Literal["file"] = "file"
    path: str = Field(min_length=1)
    key: str | None = None
    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None

    @property
    def options(self) -> dict[str, Any]:
        """How to read the text, as far as it was given."""
        return self.model_dump(include={"encoding", "separator", "decimal"}, exclude_none=True)


class Segment(Value):
    """A group of people, by rules over a source."""

    name: Name
    source: Name
    rules: Group
    active: bool = True


class Mode(StrEnum):
    """What a run does to the list besides updating profiles."""

    add = "add"
    mirror = "mirror"
    update = "update"


class Guards(Value):
    """What holds a run for a person, in percent."""

    remove: Annotated[float, Field(ge=0, le=100)] = 10
    add: Annotated[float, Field(ge=0)] = 50
    reject: Annotated[float, Field(ge=0, le=100)] = 50
    shrink: Annotated[float, Field(ge=0, le=100)] = 50
    flows: bool = True
    billing: bool = True


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
    """Which of the kinds a schedule means to be, so that only its own faults are told."""
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


class Export(Value):
    """One or more segments to one list."""

    name: Name
    connection: Name | None
    list_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,40}$")]
    segments: Annotated[tuple[Name, ...], Field(min_length=1)]
    exclude: tuple[Name, ...] = ()  # segments whose members are left out
    match: Match
    phone_region: PhoneRegion | None = None
    clear: tuple[str, ...] = ()  # matched fields that are emptied when the column is empty
    leave_out_suppressed: bool = False  # who may get no marketing by email
    mode: Mode = Mode.add
    limit: Annotated[int, Field(ge=1, le=1_000_000)] = LIMIT
    over_limit: Literal["stop", "split"] = "stop"
    guards: Guards = Guards()
    schedule: OfExport = "off"
    paused: bool = False

    @property
    def joins(self) -> str | None:
        """The id of the list that people join; None where profiles are only updated."""
        return None if self.mode is Mode.update else self.list_id

    @field_validator("clear")
    @classmethod
    def _clears_what_it_feeds(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "email" in names:
            raise ValueError("the email can't be emptied: it is what a profile is known by")
        match = info.data.get("match")  # absent where it has problems of its own
        known = {target.name for target in targets(match)} if match else set(names)
        if strange := set(names) - known:
            raise ValueError(f"“{min(strange)}” is not among the fields of the matching")
        return tuple(dict.fromkeys(names))


class Configuration(Value):
    """A whole configuration file; a missing section (None) says nothing about its things."""

    connections: tuple[Connection, ...] | None = None
    sources: tuple[Source, ...] | None = None
    segments: tuple[Segment, ...] | None = None
    exports: tuple[Export, ...] | None = None
    refresh: Refresh | None = None

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for section in ("connections", "sources", "segments", "exports"):
            names = [thing.name for thing in getattr(self, section) or ()]
            if twice := {n for n in names if names.count(n) > 1}:
                raise ValueError(f"the name “{min(twice)}” stands twice in {section}")
        return self


def reference(text: str) -> str | None:
    """NAME of `${NAME}`, None when the text is anything else."""
    found = _REFERENCE.fullmatch(text)
    return found.group(1) if found else None


def problems(error: ValidationError) -> dict[str, str]:
    """What is wrong, as a sentence a field: `{"match.email": "…"}`."""
    return {_place(e["loc"]): _sentence(e) for e in error.errors(include_url=False)}


def _place(loc: tuple[int | str, ...]) -> str:
    """Where it is, without the names of pydantic's unions."""
    parts = [str(p) for p in loc if isinstance(p, int) or re.fullmatch(r"[a-z_]+", p)]
    return ".".join(part for part in parts if part not in TAGS)


def _sentence(error: Any) -> str:
    given = error.get("input")
    match error["type"]:
        case "missing":
            return _("is missing")
        case "extra_forbidden":
            return _("isn't known here; check the spelling")
        case "value_error":
            return str(error["ctx"]["error"]).rstrip(".")
        case "enum" if error["loc"][-1] == "op":
            return str(Unknown(_("operator"), str(given)[:80], Op)).rstrip(".")
        case "string_too_short" | "too_short":
            return _("must not be empty")
    text = error["msg"][0].lower() + error["msg"][1:]
    if "api_key" not in error["loc"] and isinstance(given, str | int | float | bool):
        return _("{text}, not “{given}”").format(text=text, given=str(given)[:80])
    return str(text)
