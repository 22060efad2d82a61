"""JSON, one object a line or as a document: polars finds the types over the whole file.

What is text may prove to be dates.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from core.columns import column
from core.errors import SourceFailed
from core.profiles.sources.codepages import readings
from core.profiles.sources.column_names import lacking
from core.profiles.sources.column_types import DATES
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.documents import as_lines
from core.profiles.sources.encodings import PLAIN
from core.profiles.sources.failures import translated
from core.profiles.sources.interpretation import interpreted
from core.profiles.sources.json_objects import Lines, objects_of
from core.profiles.sources.json_types import types_of
from core.profiles.sources.number_fields import filled_shares, numbers
from core.profiles.sources.reading_options import ReadingOptions
from core.texts import _

PLACE = "__place__"  # where an object is from
HALF = re.compile("[\ud800-\udfff]")
SAFE = 2**53  # whole numbers up to here are exact as floating ones


@dataclass(frozen=True, slots=True)
class Scanned:
    """All objects of all files, not read yet, and what is known of their fields."""

    frame: pl.LazyFrame
    missing: Mapping[str, str]  # those that some file lacks; that file
    filled: Mapping[str, float]  # the share of objects that have a value, 0 to 1


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of all files with types, and how the first was read. Raises SourceFailed."""
    plains = [task.plain(file, f"{place}.ndjson") for place, file in enumerate(task.files)]
    parts = [_lines(task, place, plain) for place, (plain, _guess) in enumerate(plains)]
    task.report(0.3, _("Finding the types of the fields"))
    with translated(task.files[0]):
        scanned = _scanned(task, parts)
        schema = scanned.frame.collect_schema()
    if not schema:
        text = _("{path} has objects without fields. Write the profiles into it.")
        raise SourceFailed(text.format(path=task.files[0]))
    with translated(task.files[0]):
        texts = [name for name, dtype in schema.items() if dtype == pl.String]
        guess = plains[0][1]
        cells = ReadingOptions.of(task, guess, usual_null_words=())  # JSON has null
        found = interpreted(scanned.frame, texts, DATES, cells)
    figures = numbers(schema, scanned.filled, task.former)
    wide = [column(name).cast(pl.String) for name, dtype in schema.items() if dtype == pl.Int128]
    read = found.frame.with_columns(wide)
    return read, Detected(
        guess.encoding,
        lacking=scanned.missing,
        other=guess.other,
        readings=tuple(readings(guess)),
        notes=found.notes,
        written=found.written,
        whole=(*found.whole, *(name for name, one in figures.items() if one.whole)),
        columns={**figures, **found.columns},
    )


def _lines(task: Task, place: int, plain: Path) -> Lines:
    file = task.files[place]
    path = as_lines(file, plain, task.work / f"{place}.lines.ndjson")
    return Lines(path, file, path != plain, task.given[place])


def _scanned(task: Task, parts: list[Lines]) -> Scanned:
    """All files; a field whose values have no type in common is text. Raises polars' errors."""
    try:
        scanned = _checked(parts)
        fields = _rounded(scanned.frame, parts)
    except pl.exceptions.PolarsError:
        fields = _mixed(parts)
    else:
        if not fields:
            return scanned
    return _checked([_flattened(task, place, part, fields) for place, part in enumerate(parts)])


def _checked(parts: list[Lines]) -> Scanned:
    schema, each = types_of(parts)
    own = [[*fields, *part.given] for fields, part in zip(each, parts, strict=True)]
    missing = lacking([part.file for part in parts], own)
    if not schema:
        return Scanned(pl.LazyFrame(), missing, {})
    paths = [part.path for part in parts]
    filled = filled_shares(pl.scan_ndjson(paths, schema=schema))
    if not (folders := _of_folders(parts, schema)):
        return Scanned(pl.scan_ndjson(paths, schema=schema), missing, filled)
    frame = pl.scan_ndjson(paths, schema=schema, include_file_paths=PLACE)
    return Scanned(frame.with_columns(folders).drop(PLACE), missing, filled)


def _of_folders(parts: list[Lines], own: Collection[str]) -> list[pl.Expr]:
    """The columns that the folders of files give them, but for those that they have themselves."""
    names = dict.fromkeys(name for part in parts for name in part.given if name not in own)
    paths = [str(part.path) for part in parts]
    values = {name: pl.Series([part.given.get(name) for part in parts]) for name in names}
    place = pl.col(PLACE)
    return [place.replace_strict(paths, values[name]).alias(name) for name in names]


def _rounded(frame: pl.LazyFrame, parts: list[Lines]) -> frozenset[str]:
    """Fields of whole numbers that became floating ones for the sake of others, and lost digits."""
    floats = [name for name, of in frame.collect_schema().items() if of.is_float()]
    if not floats:
        return frozenset()
    large = [(column(name).abs() >= SAFE).any().alias(name) for name in floats]
    found = frame.select(large).collect(engine="streaming").row(0, named=True)
    doubtful = {name for name, is_large in found.items() if is_large}
    rows = (row for _part, _number, row in objects_of(parts)) if doubtful else ()
    return frozenset(name for row in rows for name in doubtful if _loses_digits(row.get(name)))


def _loses_digits(value: object) -> bool:
    return isinstance(value, int) and abs(value) > SAFE


def _mixed(parts: list[Lines]) -> frozenset[str]:
    """Read patiently: the fields of mixed types, failing that the nested ones.

    Raises SourceFailed with the line that is broken.
    """
    first: dict[str, type] = {}
    mixed: set[str] = set()
    for _part, _number, row in objects_of(parts):
        for field, value in row.items():
            of = float if type(value) is int else type(value)
            if value is not None and first.setdefault(field, of) is not of:
                mixed.add(field)
    nested = {field for field, of in first.items() if of in (dict, list)}
    return frozenset(mixed or nested)


def _flattened(task: Task, place: int, part: Lines, fields: frozenset[str]) -> Lines:
    """A copy in which these fields are text: what isn't stays as it is written in JSON."""
    target = task.work / f"{place}.flat.ndjson"
    with part.path.open(encoding=PLAIN) as lines, target.open("w", encoding=PLAIN) as out:
        for number, line in enumerate(lines, 1):
            if line.strip():
                row = json.loads(line)
                changed = {field: _as_text(row[field]) for field in fields & row.keys()}
                out.write(_encodable(part, number, {**row, **changed}) + "\n")
    return replace(part, path=target)


def _encodable(part: Lines, number: int, row: Mapping[str, object]) -> str:
    """The object as JSON. Raises SourceFailed where a text holds half a letter, as “\\ud83d” is."""
    text = json.dumps(row, ensure_ascii=False)
    if half := HALF.search(text):
        said = _("“\\u{code:x}” is half a letter. Write both halves, or leave it out")
        raise part.failed(number, said.format(code=ord(half.group())))
    return text


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
