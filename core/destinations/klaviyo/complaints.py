"""Reads the complaints in Klaviyo's answers: which row is at fault, and why in Klaviyo's words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.destinations.http import Response

ROW = re.compile(r"^/data/attributes/profiles/data/(\d+)(?:/|$)")  # the row's place in the request
ONE = re.compile(r"^/data/(?=attributes/)")  # before a place in a profile whose row isn't named
ALL_ROWS = re.compile(r"^/data/attributes/profiles(?:/data)?/?$")  # all of them together
IDENTIFIERS = frozenset({"", "email", "external_id"})  # what a profile is known by
GROUPS = frozenset({"location", "properties"})
# A private key or a token, should Klaviyo ever quote it.
KEY, TOKEN = re.compile(r"\bpk_\w+"), re.compile(r"(?<=Bearer )\S+")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One entry of a JSON:API list of errors."""

    words: str
    pointer: str


def rejected_rows(complaints: Iterable[Complaint]) -> dict[int, str]:
    """The reason of each row that a complaint points at, by its place in the request."""
    rows: dict[int, list[str]] = {}
    for complaint in complaints:
        if (row := row_of(complaint.pointer)) is not None:
            rows.setdefault(row, []).append(complaint.words)
    return {row: " ".join(dict.fromkeys(words)) for row, words in rows.items()}


def optional_fields(complaints: Iterable[Complaint]) -> dict[int, list[tuple[str, ...]]]:
    """The paths of the fields at fault of the rows that have no other fault, by their place."""
    found: dict[int, list[tuple[str, ...] | None]] = {}
    for complaint in complaints:
        if (row := row_of(complaint.pointer)) is not None:
            found.setdefault(row, []).append(optional_field(complaint.pointer))
    return {
        row: [path for path in paths if path] for row, paths in found.items() if None not in paths
    }


def optional_field(pointer: str) -> tuple[str, ...] | None:
    """The path in the profile of the optional attribute that a pointer names, if it names one.

    Of a group its member; what is deeper, such as an item of a list, costs all of the member.
    """
    inside = ONE.sub("", ROW.sub("", pointer))
    parts = [part.replace("~1", "/").replace("~0", "~") for part in inside.split("/")]
    if len(parts) < 2 or parts[0] != "attributes" or parts[1] in IDENTIFIERS:
        return None
    return tuple(parts[: 3 if parts[1] in GROUPS else 2])


def row_of(pointer: str) -> int | None:
    """The place of the row that a JSON pointer names, or None."""
    match = ROW.match(pointer)
    return int(match[1]) if match else None


def of_all_rows(complaints: Iterable[Complaint]) -> bool:
    """Whether there is one about the rows as a whole, such as that they are too many."""
    return any(ALL_ROWS.match(complaint.pointer) for complaint in complaints)


def complaints_in(response: Response) -> list[Complaint]:
    """The errors that an answer lists; none when it isn't Klaviyo's JSON."""
    try:
        errors = response.json()["errors"]
    except (ValueError, KeyError, TypeError):
        return []
    return [complaint(e) for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []


def complaint(error: Mapping[str, Any]) -> Complaint:
    """One error; whatever is missing in it is empty text."""
    source = error.get("source")
    pointer = source.get("pointer") or source.get("parameter") if isinstance(source, dict) else ""
    words = str(error.get("detail") or error.get("title") or error.get("code") or "")
    return Complaint(TOKEN.sub("…", KEY.sub("pk_…", words)), str(pointer or ""))
