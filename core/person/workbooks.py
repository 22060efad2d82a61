"""Takes people out of the parts of a workbook: their rows, and texts that only these had.

Numbers of rows and of shared texts stay, so that formulas, links and other sheets still hold.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape

from core.person.purging import Addresses

SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$")
SHARED = "xl/sharedStrings.xml"
ROW = re.compile(rb"<((?:\w+:)?)row\b(?:[^>]*/>|[^>]*>.*?</\1row>)", re.DOTALL)
CELL = re.compile(rb"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</\1c>)", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>(.*?)</", re.DOTALL)
ITEM = re.compile(rb"<((?:\w+:)?)si\b(?:[^>]*/>|[^>]*>.*?</\1si>)", re.DOTALL)
TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*?>(.*?)</", re.DOTALL)
SHARED_CELL = re.compile(rb"""\bt=["']s["']""")
XML = (".xml", ".rels", ".vml")


@dataclass(frozen=True, slots=True)
class Without:
    """The parts of a workbook without them, by name, and how many rows had them."""

    parts: Mapping[str, bytes]
    rows: int


def without(parts: Mapping[str, bytes], wanted: Addresses) -> Without:
    """Raises ValueError where they are still in a part, as in a macro."""
    items = [found.group() for found in ITEM.finditer(parts.get(SHARED, b""))]
    theirs = {n for n, item in enumerate(items) if _says(item, wanted)}
    sheets = {name: part for name, part in parts.items() if SHEET.match(name)}
    going = [row for part in sheets.values() for row in _rows(part, theirs, wanted)]
    every = Counter(place for part in sheets.values() for place in _places(part))
    uses = Counter(place for row in going for place in _places(row))
    alone = {place for place, n in uses.items() if n == every[place]}
    after = dict(parts) | {name: _left(part, frozenset(going)) for name, part in sheets.items()}
    if SHARED in parts:
        after[SHARED] = _blanked(parts[SHARED], theirs | alone)
    after = {name: _replaced(name, part, wanted) for name, part in after.items()}
    if any(wanted.are_in(part) for part in after.values()):
        raise ValueError("they are still in it")
    return Without(after, len(going))


def _left(sheet: bytes, going: frozenset[bytes]) -> bytes:
    """Each row has its number, so that no two are the same."""
    return ROW.sub(lambda row: b"" if row.group() in going else row.group(), sheet)


def _rows(sheet: bytes, theirs: Iterable[int], wanted: Addresses) -> list[bytes]:
    """The rows that have one of them, by a shared text or one of their own."""
    marked = frozenset(theirs)
    rows = (found.group() for found in ROW.finditer(sheet))
    return [row for row in rows if not marked.isdisjoint(_places(row)) or _says(row, wanted)]


def _places(part: bytes) -> list[int]:
    """The shared texts that cells have, by their places."""
    cells = (c for c in CELL.finditer(part) if c.group(3) and SHARED_CELL.search(c.group(2)))
    values = (VALUE.search(cell.group(3)) for cell in cells)
    return [int(value.group(1)) for value in values if value and value.group(1).strip().isdigit()]


def _says(part: bytes, wanted: Addresses) -> bool:
    """Whether its texts say one of them, also one that is written in several pieces."""
    pieces = b"".join(found.group(1) for found in TEXT.finditer(part))
    values = b" ".join(found.group(1) for found in VALUE.finditer(part))
    text = unescape(f"{pieces.decode(errors='replace')} {values.decode(errors='replace')}")
    return wanted.without(text) != text or wanted.are_in(part)


def _blanked(shared: bytes, places: set[int]) -> bytes:
    place = iter(range(len(shared)))

    def item(found: re.Match[bytes]) -> bytes:
        prefix = found.group(1)
        blank = b"<%bsi><%bt></%bt></%bsi>" % (prefix, prefix, prefix, prefix)
        return blank if next(place) in places else found.group()

    return ITEM.sub(item, shared)


def _replaced(name: str, part: bytes, wanted: Addresses) -> bytes:
    """What else names them: links, comments, properties."""
    if not name.endswith(XML) or not wanted.are_in(part):
        return part
    return str(wanted.without(part.decode())).encode()
