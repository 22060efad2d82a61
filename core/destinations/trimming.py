"""Profiles without the optional fields that a destination refused; the rest byte by byte as it was.

Read and written again, a number such as 12345678901234567890.25 would lose digits.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from json import JSONDecoder

# Numbers stay text, so that none is too long or too large to be read.
DECODER = JSONDecoder(parse_float=str, parse_int=str)
BLANK = re.compile(r"[ \t\n\r]*")


def without(body: str, paths: Iterable[Sequence[str]]) -> str | None:
    """The profile's JSON text without these members; None where one of them isn't in it."""
    for path in dict.fromkeys(tuple(path) for path in paths):
        if (less := _without(body, path)) is None:
            return None
        body = less
    return body


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of an object: its name, and where it, its value and what follows begin."""

    name: str
    start: int
    value: int
    end: int


def _without(body: str, path: Sequence[str]) -> str | None:
    start = 0
    for group in path[:-1]:
        found = next((one for one in _members(body, start) if one.name == group), None)
        if found is None:
            return None
        start = found.value
    members = list(_members(body, start))
    for place, member in enumerate(members):
        if member.name == path[-1]:
            if place + 1 < len(members):
                return body[: member.start] + body[members[place + 1].start :]
            before = members[place - 1].end if place else member.start
            return body[:before] + body[member.end :]
    return None


def _members(text: str, start: int) -> Iterator[_Member]:
    """The members of the object that begins there; none of anything else."""
    at = _behind_blanks(text, start + 1)
    while text[start] == "{" and text[at : at + 1] == '"':
        name, colon = DECODER.raw_decode(text, at)
        value = _behind_blanks(text, _behind_blanks(text, colon) + 1)
        end = DECODER.raw_decode(text, value)[1]
        yield _Member(name, at, value, end)
        at = _behind_blanks(text, _behind_blanks(text, end) + 1)


def _behind_blanks(text: str, at: int) -> int:
    match = BLANK.match(text, at)
    return match.end() if match else at
