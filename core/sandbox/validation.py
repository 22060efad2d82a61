"""What a profile in a request may hold; a fault is reported at its place, as Klaviyo does."""

import marshal
import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any, cast
from zoneinfo import available_timezones

from core.sandbox.jsonapi import ENCODER, Json, Problem, Refused, bad_request, invalid

MOST_PROFILES = 10_000
MOST_BYTES = 5_000_000
MOST_PROFILE_BYTES = 100_000
MOST_EXTERNAL_ID = 255
MALFORMED_PREFIX = "malformed"
"""Addresses that begin so count as malformed, to try what a stricter check than one's own does."""
INVALID_EMAIL = "Invalid email address"

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(
    rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+"
    r"[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
PHONE = re.compile(r"\+[1-9]\d{6,14}")
IDENTIFIERS = ("email", "phone_number", "external_id", "_kx")

Check = Callable[[Any], str | None]
Fault = tuple[str, str]
"""A JSON pointer below the profile and what is wrong there."""


def _text(value: Any) -> str | None:
    return None if value is None or isinstance(value, str) else "Must be a string."


def _place(value: Any) -> str | None:
    good = value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))
    return None if good else "Must be a string or a number."


def _email(value: Any) -> str | None:
    if value is None or value == "":
        return None
    good = isinstance(value, str) and EMAIL.fullmatch(value)
    return None if good and not value.lower().startswith(MALFORMED_PREFIX) else INVALID_EMAIL


def _external_id(value: Any) -> str | None:
    if isinstance(value, str) and len(value) > MOST_EXTERNAL_ID:
        return f"Ensure this field has no more than {MOST_EXTERNAL_ID} characters."
    return _text(value)


def _object(value: Any) -> str | None:
    return None if value is None or isinstance(value, dict) else "Must be an object."


TEXTS = ("first_name", "last_name", "organization", "locale", "title", "image")
LOCATION: Mapping[str, Check] = {
    **dict.fromkeys(
        ("address1", "address2", "city", "country", "region", "zip", "timezone", "ip"), _text
    ),
    "latitude": _place,
    "longitude": _place,
}
ATTRIBUTES: Mapping[str, Check] = {
    **dict.fromkeys((*TEXTS, "phone_number", "_kx"), _text),
    "email": _email,
    "external_id": _external_id,
    "location": _object,
    "properties": _object,
}


def profile_faults(profile: Any) -> Iterator[Fault]:
    """Each fault of one profile resource."""
    attributes = profile.get("attributes") if isinstance(profile, dict) else None
    if not isinstance(attributes, dict) or profile.get("type") != "profile":
        yield "", "A profile needs the type 'profile' and attributes."
        return
    for name, value in attributes.items():
        if (check := ATTRIBUTES.get(name)) is None:
            yield f"/attributes/{name}", f"'{name}' is not a valid field for a profile."
        elif fault := check(value):
            yield f"/attributes/{name}", fault
    if attributes.get("location"):
        yield from _location_faults(attributes["location"])
    if not profile.get("id") and not any(attributes.get(name) for name in IDENTIFIERS):
        yield "/attributes", "An email, phone_number or external_id is required."
    yield from _meta_faults(profile.get("meta"))
    if _too_large(profile):
        yield "", "The profile is larger than 100KB."


def checked_profile(document: Json) -> Json:
    """The one profile of a document; Refused (400) with each of its faults."""
    profile: Any = document.get("data")
    problems = [invalid(what, pointer=f"/data{where}") for where, what in profile_faults(profile)]
    if problems:
        raise Refused(400, problems)
    return cast(Json, profile)


def check_import(document: Json, *, first_only: bool) -> tuple[list[Json], str | None]:
    """The profiles and the list of an import; Refused (400) when any row is at fault.

    Nothing is taken in if one row is bad. All bad rows are named, or only the first.
    """
    profiles = _profiles(document)
    problems: list[Problem] = []
    for place, profile in enumerate(profiles):
        for where, what in profile_faults(profile):
            pointer = f"/data/attributes/profiles/data/{place}{where}"
            problems.append(invalid(what, pointer=pointer))
        if problems and first_only:
            break
    if problems:
        raise Refused(400, problems)
    return profiles, _list_id(document)


def check_fields(profiles: list[Json]) -> None:
    """Refused (400) for optional fields that have not the form that is recommended for them.

    Whether Klaviyo looks at them is not documented: this is a fault that is switched on.
    """
    problems = [
        invalid(what, pointer=f"{ROWS}/{place}{where}")
        for place, profile in enumerate(profiles)
        for where, what in field_faults(profile)
    ]
    if problems:
        raise Refused(400, problems)


def field_faults(profile: Json) -> Iterator[Fault]:
    """Each optional field of one profile that has not its form."""
    for name, fits in STRICT.items():
        if (value := _value(profile, name)) is not None and not fits(value):
            yield f"/attributes/{name}", f"Invalid {name.rpartition('/')[2]}."


def _value(profile: Json, name: str) -> Any:
    value = profile.get("attributes")
    for part in name.split("/"):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _is_ip(text: Any) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def _within(most: int) -> Callable[[Any], bool]:
    return lambda degrees: -most <= float(degrees) <= most


ROWS = "/data/attributes/profiles/data"
STRICT: Mapping[str, Callable[[Any], bool]] = {
    "image": lambda text: text.startswith(("http://", "https://")),
    "locale": lambda text: re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text) is not None,
    "location/timezone": lambda text: text in available_timezones(),
    "location/ip": _is_ip,
    "location/latitude": _within(90),
    "location/longitude": _within(180),
}


def _location_faults(location: Any) -> Iterator[Fault]:
    for name, value in location.items() if isinstance(location, dict) else ():
        if (check := LOCATION.get(name)) is None:
            yield f"/attributes/location/{name}", f"'{name}' is not a valid field for a location."
        elif fault := check(value):
            yield f"/attributes/location/{name}", fault


def _meta_faults(meta: Any) -> Iterator[Fault]:
    """Of the changes to properties, the sandbox knows unset only."""
    if not meta:
        return
    patch = meta.get("patch_properties") if isinstance(meta, dict) else None
    unset = patch.get("unset") if isinstance(patch, dict) and set(patch) <= {"unset"} else None
    names = [unset] if isinstance(unset, str) else unset
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        yield "/meta", "Only patch_properties with unset is known here."


def _too_large(profile: Json) -> bool:
    # No value is more than six times as long in JSON (a control character, \u0001): only where
    # that could be too much is the exact size worth its time.
    if len(marshal.dumps(profile, 0)) * 6 <= MOST_PROFILE_BYTES:
        return False
    return len(ENCODER.encode(profile).encode()) > MOST_PROFILE_BYTES


def _profiles(document: Json) -> list[Json]:
    data = document.get("data")
    if not isinstance(data, dict) or data.get("type") != "profile-bulk-import-job":
        raise bad_request("The resource type must be 'profile-bulk-import-job'.", pointer="/data")
    try:
        profiles = data["attributes"]["profiles"]["data"]
    except (KeyError, TypeError):
        profiles = None
    where = "/data/attributes/profiles/data"
    if not isinstance(profiles, list) or not profiles:
        raise bad_request("At least one profile is required.", pointer=where)
    if len(profiles) > MOST_PROFILES:
        raise bad_request(f"At most {MOST_PROFILES} profiles may be imported.", pointer=where)
    return profiles


def _list_id(document: Json) -> str | None:
    try:
        lists = document["data"].get("relationships", {}).get("lists", {}).get("data", [])
        ids = [entry["id"] for entry in lists if entry["type"] == "list"]
    except (AttributeError, KeyError, TypeError):
        ids = lists = [None, None]
    if len(lists) > 1 or len(ids) != len(lists):
        raise bad_request("One list at most may be given.", pointer="/data/relationships/lists")
    return ids[0] if ids else None
