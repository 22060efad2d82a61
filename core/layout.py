"""How a destination wants profiles written, as data.

A destination declares it, matching and cutting obey it: so it stands below both of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Layout:
    """The JSON text of one profile, and how many of them one request may carry.

    A profile is `start`, its fields, one object for each of `groups`, `end`. Every text here is
    JSON as it is sent. Fields are named as in the matching of an export: first_name,
    location.city, properties.size.
    """

    start: str
    end: str
    fields: frozenset[str]  # those outside of properties that can be matched: location.city
    groups: Mapping[str, str]  # location, properties: the key of each one's object in the profile
    most_profiles: int  # in one request
    most_bytes: int | None = None  # of all profiles of one request with commas; None: no limit
    largest: int = 100_000  # bytes of one profile
    longest: Mapping[str, int] = field(default_factory=dict)  # characters of a field: external_id
    # fields that become one, with blanks between: {"name": ("first_name", "last_name")}
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # what stands before `end` around the names of properties that sending itself empties, or None
    unset: tuple[str, str] | None = None
