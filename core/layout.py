"""How a destination wants profiles written, as data.

A destination declares it, matching and cutting obey it: so it stands below both of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

IN_PROPERTIES = "properties."  # how the names of custom properties begin


@dataclass(frozen=True, slots=True)
class Layout:
    """The JSON text of one profile, and how many of them one request may carry.

    A profile is `start`, its fields, one object for each of `groups`, `end`. These texts are JSON
    as it is sent. Fields are named as in the matching of an export: first_name,
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
    # how names of properties begin that the destination keeps for itself
    reserved: str | None = None
    # optional fields that it may refuse, left out where they haven't their form: locale,
    # location.timezone, location.ip, location.latitude, location.longitude
    checked: frozenset[str] = frozenset()
    # fields that become one, with blanks between: {"name": ("first_name", "last_name")}
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # what stands in place of `end` around the names of properties that sending empties by itself
    unset: tuple[str, str] | None = None

    def empties(self, field: str) -> bool:
        """Whether sending a profile empties this field by itself, without anything being asked."""
        return self.unset is not None and field.startswith(IN_PROPERTIES)

    def values(self, profile: Mapping[str, Any]) -> dict[str, Any]:
        """What a profile that is written so holds, by the names of its fields: location.city.

        Fields that became one stand under the name that they have there.
        """
        empty, inside = json.loads(self.start + self.end), profile
        while empty:  # the fields stand in what comes last, and is empty so far
            *_others, last = empty
            empty, inside = empty[last], inside[last]
        alone = self.fields | self.merged.keys()
        found = {name: value for name, value in inside.items() if name in alone}
        for group, key in self.groups.items():
            found |= {f"{group}.{name}": value for name, value in inside.get(key, {}).items()}
        return found

    @property
    def around(self) -> int:
        """Bytes of what may stand around a profile's fields."""
        groups = sum(len(f',"{key}":{{}}') for key in self.groups.values())
        return len(self.start) + max(len(self.end), len("".join(self.unset or ()))) + groups
