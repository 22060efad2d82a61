"""An export as a value: segments, list, matching, mode, limits and guards."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from core.configuration.schedule import OfExport
from core.configuration.values import NUMBER, Name, Value
from core.profiles.matching.fields import Match, PhoneRegion, targets

ACCEPT_REJECTS = 5.0  # percent of the members, up to which a run with rejects is a good one
LIMIT = 100_000  # profiles in one run, as the reference feature has it


class Mode(StrEnum):
    """What a run does to the list besides updating profiles."""

    add = "add"
    mirror = "mirror"
    update = "update"


class Guards(Value):
    """What holds a run for a person, in percent; in hours `campaigns` and the `age` of data."""

    remove: Annotated[float, Field(ge=0, le=100), NUMBER] = 10
    add: Annotated[float, Field(ge=0), NUMBER] = 50
    reject: Annotated[float, Field(ge=0, le=100), NUMBER] = 50
    shrink: Annotated[float, Field(ge=0, le=100), NUMBER] = 50
    identifiers: Annotated[float, Field(ge=0, le=100), NUMBER] = 1
    columns: bool = True
    flows: bool = True
    billing: bool = True
    campaigns: Annotated[float, Field(ge=0, le=168), NUMBER] = 0
    age: Annotated[float, Field(ge=0, le=8_760), NUMBER] = 0
    dbt: bool = True


Tag = Annotated[str, Field(pattern=r"^\S(.{0,28}\S)?$")]
Tags = Annotated[tuple[Tag, ...], Field(max_length=20)]  # words that its owners find it by


class Export(Value):
    """One or more segments to one list."""

    name: Name
    connection: Name | None
    list_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,40}$")]
    segments: Annotated[tuple[Name, ...], Field(min_length=1)]
    exclude: tuple[Name, ...] = ()  # segments with the members that are left out
    match: Match
    phone_region: PhoneRegion | None = None
    clear: tuple[str, ...] = ()  # matched fields that are emptied when the column is empty
    leave_out_suppressed: bool = False  # who may get no marketing by email
    mode: Mode = Mode.add
    join: str | None = None  # how people join, where the destination gives a choice
    limit: Annotated[int, Field(ge=1, le=1_000_000), NUMBER] = LIMIT
    over_limit: Literal["stop", "split"] = "stop"
    guards: Guards = Guards()
    schedule: OfExport = "off"
    paused: bool = False
    accept_rejects: Annotated[float, Field(ge=0, le=100), NUMBER] = ACCEPT_REJECTS
    tags: Tags = ()
    keep_previous: bool = False  # what people were sent before, so that an undo can restore it
    approval: bool = False  # changes, and held runs, are approved by a second person

    @property
    def joins(self) -> str | None:
        """The id of the list that people join; None where profiles are only updated."""
        return None if self.mode is Mode.update else self.list_id

    @field_validator("clear")
    @classmethod
    def _clears_what_it_feeds(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "email" in names:
            raise ValueError("the email can't be cleared: it identifies the profile")
        match = info.data.get("match")  # absent where it has problems of its own
        known = {target.name for target in targets(match)} if match else set(names)
        if strange := set(names) - known:
            raise ValueError(f"“{min(strange)}” is not among the fields of the matching")
        return tuple(dict.fromkeys(names))
