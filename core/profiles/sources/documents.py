"""JSON that is one document: an array of objects, or an object around one; made one a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np

from core.errors import SourceFailed
from core.profiles.sources.brackets import OPEN, Piece, check_lines, pieces
from core.profiles.sources.encodings import chunks
from core.texts import _

# Under which names APIs put what was asked for, in the order in which they are looked for.
AROUND = (
    *("data", "results", "records", "items", "rows", "value", "values"),
    *("profiles", "customers", "contacts", "people", "users", "members", "subscribers"),
)
KEY = re.compile(rb'"((?:[^"\\]|\\.)*)"\s*:\s*$')
LONGEST_KEY = 200  # bytes before a bracket in which its key is looked for
LINE_ENDS = bytes.maketrans(b"\r\n", b"  ")
BETWEEN = b", \t\r\n"


@dataclass(frozen=True, slots=True)
class Span:
    """Where rows lie: within how many brackets, and from which byte to which."""

    level: int
    start: int = 0
    stop: int | None = None


def as_lines(file: Path, plain: Path, target: Path) -> Path:
    """A path with one object a line: `plain` itself, else `target`, written now.

    `plain` is the text of `file` in UTF-8. Raises SourceFailed.
    """
    if span := _span(file, plain):
        if _write(file, plain, span, target):
            return target
        text = _("{path} has no objects. Write the profiles into it, then try again.")
        raise SourceFailed(text.format(path=file))
    check_lines(file, plain)
    return plain


def _span(file: Path, plain: Path) -> Span | None:
    """Where the rows of a document lie; None where each line is one."""
    head = next(chunks(plain), b"")
    start = head.lstrip()
    if start.startswith(b"["):
        return Span(1, len(head) - len(start) + 1)
    if not start.startswith(b"{") or (first := _first_value(file, plain)) is None:
        return None
    lines, is_alone = first
    enclosed = _enclosed(file, plain) if is_alone else None
    return enclosed or (Span(0) if lines > 1 else None)


def _first_value(file: Path, plain: Path) -> tuple[int, bool] | None:
    """How many lines the first value takes, and whether nothing follows; None if it never ends."""
    lines, ended = 1, False
    for piece in pieces(file, plain):
        rest = piece.chunk if ended else b""
        if not ended and (ends := piece.places[piece.depth == 0]).size:
            ended, place = True, int(ends[0]) + 1
            lines, rest = piece.line_of(place), piece.chunk[place:]
        if rest.strip():
            return lines, False
    return (lines, True) if ended else None


def _enclosed(file: Path, plain: Path) -> Span | None:
    """The array that an object is there for, by its key."""
    found: dict[str, Span] = {}
    before, opened = b"", 0
    for piece in pieces(file, plain):
        text = before + piece.chunk
        for place, depth in _arrays(piece):
            if depth == 2:
                opened = piece.offset + place + 1
                key = KEY.search(text[: len(before) + place][-LONGEST_KEY:])
                name = key.group(1).decode().lower() if key else ""
            elif opened:
                found.setdefault(name, Span(2, opened, piece.offset + place))
        before = text[-LONGEST_KEY:]
    return next((found[name] for name in AROUND if name in found), None)


def _arrays(piece: Piece) -> Iterator[tuple[int, int]]:
    """The places at which arrays right within an object open and close, with the depth after."""
    marks = np.frombuffer(piece.chunk, np.uint8)[piece.places]
    wanted = ((marks == ord("[")) & (piece.depth == 2)) | ((marks == ord("]")) & (piece.depth == 1))
    pairs = zip(piece.places[wanted].tolist(), piece.depth[wanted].tolist(), strict=True)
    return iter(pairs)


def _write(file: Path, plain: Path, span: Span, target: Path) -> int:
    """Write each object of the span as a line; gives how many. Raises SourceFailed."""
    starts, ends = _offsets(file, plain, span)
    with (
        plain.open("rb") as source,
        target.open("wb") as out,
        mmap(source.fileno(), 0, access=ACCESS_READ) as text,
    ):
        cursor = span.start
        for start, end in zip(starts, ends, strict=True):
            _check_between(file, text, cursor, start)
            out.write(text[start:end].translate(LINE_ENDS) + b"\n")
            cursor = end
        _check_between(file, text, cursor, span.stop or len(text))
    return len(starts)


def _offsets(file: Path, plain: Path, span: Span) -> tuple[list[int], list[int]]:
    """Where the values of the span begin and end. Raises SourceFailed where the file is cut off."""
    starts: list[int] = []
    ends: list[int] = []
    depth = 0
    for piece in pieces(file, plain):
        depth = int(piece.depth[-1]) if piece.places.size else depth
        places = piece.places + piece.offset
        held = (places >= span.start) & (places < (span.stop or places.max(initial=0) + 1))
        steps = OPEN[np.frombuffer(piece.chunk, np.uint8)[piece.places]]
        starts += places[held & (steps == 1) & (piece.depth == span.level + 1)].tolist()
        ends += (places[held & (steps == -1) & (piece.depth == span.level)] + 1).tolist()
    if depth != 0 or len(starts) != len(ends):
        text = _(
            "{path} ends before its brackets are closed, so part of it is missing. Export it again."
        )
        raise SourceFailed(text.format(path=file))
    return starts, ends


def _check_between(file: Path, text: mmap, start: int, end: int) -> None:
    """Between objects there are commas only: anything else is a value that is no object."""
    found = text[start:end].strip(BETWEEN)
    is_last = end == len(text)
    if found not in ((b"", b"]") if is_last else (b"",)) or not (is_last or text[end] in b"{]"):
        place = start + text[start:].find(found) if found else end
        line = text[:place].count(b"\n") + 1
        words = _("{path}, line {line}: a value that is not an object. Write objects {{…}} only.")
        raise SourceFailed(words.format(path=file, line=f"{line:,}"))
