"""JSON, one object a line or as a document: polars finds the types over the whole file.

What is text may prove to be dates.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from math import isinf
from pathlib import Path
from typing import NoReturn

import polars as pl
from polars.datatypes import DataTypeClass

from core.columns import column
from core.errors import SourceFailed
from core.profiles.sources.codepages import readings
from core.profiles.sources.column_types import DATES
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.documents import as_lines
from core.profiles.sources.encodings import PLAIN
from core.profiles.sources.failures import translated
from core.profiles.sources.interpretation import interpreted
from core.profiles.sources.places import Given
from core.profiles.sources.reading_options import ReadingOptions
from core.texts import _

MOST_FIELDS = 10_000  # of all objects together, those within others counted
FIRST = 1_000  # objects after which the fields are counted for the first time
LONGEST_WHOLE = 38  # digits: what 128 bits hold
PLACE = "__place__"  # where an object is from
SAFE = 2**53  # whole numbers up to here are exact as floating ones


class Odd(ValueError):
    """What Python reads, but nobody here can use; its text says what to do instead."""


def _word(word: str) -> NoReturn:
    """NaN and the like, which Python writes, but which JSON doesn't have."""
    text = _("{word} is not JSON. Write null or a number in its place")
    raise Odd(text.format(word=word))


def _float(text: str) -> float:
    if isinf(value := float(text)):
        _too_large(text)
    return value


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > LONGEST_WHOLE:
        _too_large(text)
    return int(text)


def _too_large(number: str) -> NoReturn:
    text = _("the number {number} is too large. Write it in quotes, as text")
    raise Odd(text.format(number=number[:40]))


STRICT = json.JSONDecoder(parse_constant=_word, parse_float=_float, parse_int=_whole)


@dataclass(frozen=True, slots=True)
class Lines:
    """A file with one object a line, and the original that it stands for."""

    path: Path
    file: Path
    is_document: bool  # made of one: its lines are not those of the original
    given: Given  # the columns that its folders give it

    def failed(self, number: int, text: str) -> SourceFailed:
        """What is wrong with an object, with its place."""
        place = _("object {n}") if self.is_document else _("line {n}")
        where = {"path": self.file, "place": place.format(n=f"{number:,}")}
        return SourceFailed(_("{path}, {place}: {text}.").format(**where, text=text))


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of all files with types, and how the first was read. Raises SourceFailed."""
    plains = [task.plain(file, f"{place}.ndjson") for place, file in enumerate(task.files)]
    parts = [_lines(task, place, plain) for place, (plain, _guess) in enumerate(plains)]
    task.report(0.3, _("Finding the types of the fields"))
    with translated(task.files[0]):
        frame = _scanned(task, parts)
        schema = frame.collect_schema()
    if not schema:
        text = _("{path} holds objects with no fields. Write the profiles into it.")
        raise SourceFailed(text.format(path=task.files[0]))
    with translated(task.files[0]):
        texts = [name for name, dtype in schema.items() if dtype == pl.String]
        guess = plains[0][1]
        cells = ReadingOptions.of(task, guess, usual_null_words=())  # JSON has null
        found = interpreted(frame, texts, DATES, cells)
    wide = [column(name).cast(pl.String) for name, dtype in schema.items() if dtype == pl.Int128]
    read = found.frame.with_columns(wide)
    return read, Detected(
        guess.encoding,
        other=guess.other,
        readings=tuple(readings(guess)),
        notes=found.notes,
        **found.kept,
    )


def _lines(task: Task, place: int, plain: Path) -> Lines:
    file = task.files[place]
    path = as_lines(file, plain, task.work / f"{place}.lines.ndjson")
    return Lines(path, file, path != plain, task.given[place])


def _scanned(task: Task, parts: list[Lines]) -> pl.LazyFrame:
    """All files; a field whose values have no type in common is text. Raises polars' errors."""
    try:
        frame = _checked(parts)
        fields = _rounded(frame, parts)
    except pl.exceptions.PolarsError:
        fields = _mixed(parts)
    else:
        if not fields:
            return frame
    return _checked([_flattened(task, place, part, fields) for place, part in enumerate(parts)])


def _checked(parts: list[Lines]) -> pl.LazyFrame:
    paths = [part.path for part in parts]
    schema, known, length = _inferred(parts, FIRST), 0, FIRST
    while _fields(schema) - known > length // 100:  # there are ever more of them
        known, length = _fields(schema), 2 * length
        schema = _inferred(parts, length)
    schema = _inferred(parts, None)
    kept = {name: held for name, of in schema.items() if (held := _held(of)) is not None}
    if not kept:
        return pl.LazyFrame()
    pl.scan_ndjson(paths, schema=kept).select(pl.all().count()).collect(engine="streaming")
    if not (folders := _of_folders(parts, kept)):
        return pl.scan_ndjson(paths, schema=kept)
    frame = pl.scan_ndjson(paths, schema=kept, include_file_paths=PLACE)
    return frame.with_columns(folders).drop(PLACE)


def _of_folders(parts: list[Lines], own: Collection[str]) -> list[pl.Expr]:
    """The columns that the folders of files give them, but for those that they have themselves."""
    names = dict.fromkeys(name for part in parts for name in part.given if name not in own)
    paths = [str(part.path) for part in parts]
    values = {name: pl.Series([part.given.get(name) for part in parts]) for name in names}
    place = pl.col(PLACE)
    return [place.replace_strict(paths, values[name]).alias(name) for name in names]


def _inferred(parts: list[Lines], length: int | None) -> pl.Schema:
    """The types of the first objects. Raises SourceFailed for too many fields."""
    frame = pl.scan_ndjson([part.path for part in parts], infer_schema_length=length)
    schema = frame.collect_schema()
    if _fields(schema) > MOST_FIELDS:
        raise _too_wide(parts)
    return schema


def _fields(schema: pl.Schema) -> int:
    return sum(map(_parts, schema.values()))


def _parts(dtype: pl.DataType | DataTypeClass) -> int:
    """How many fields a column is, those within it counted."""
    if isinstance(dtype, pl.List):
        return _parts(dtype.inner)
    if isinstance(dtype, pl.Struct):
        return 1 + sum(_parts(field.dtype) for field in dtype.fields)
    return 1


def _held(dtype: pl.DataType | DataTypeClass) -> pl.DataType | DataTypeClass | None:
    """The type without objects that are always empty; None where it is nothing else."""
    if isinstance(dtype, pl.List):
        inner = _held(dtype.inner)
        return None if inner is None else pl.List(inner)
    if isinstance(dtype, pl.Struct):
        fields = {field.name: _held(field.dtype) for field in dtype.fields}
        held = {name: of for name, of in fields.items() if of is not None}
        return pl.Struct(held) if held else None
    return dtype


def _too_wide(parts: list[Lines]) -> SourceFailed:
    """Names the object that has too many fields, failing that the first file."""
    text = _("more than {n} different fields. Write what they are named by as values")
    words = text.format(n=f"{MOST_FIELDS:,}")
    for part, number, row in _objects(parts):
        if _widest(row) > MOST_FIELDS:
            return part.failed(number, words)
    return SourceFailed(f"{parts[0].file}: {words}.")


def _widest(value: object) -> int:
    """The most fields that an object has among a value and all within it."""
    most, left = 0, [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            most = max(most, len(one))
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
    return most


def _rounded(frame: pl.LazyFrame, parts: list[Lines]) -> frozenset[str]:
    """Fields of whole numbers that became floating ones for the sake of others, and lost digits."""
    floats = [name for name, of in frame.collect_schema().items() if of.is_float()]
    if not floats:
        return frozenset()
    large = [(column(name).abs() >= SAFE).any().alias(name) for name in floats]
    found = frame.select(large).collect(engine="streaming").row(0, named=True)
    doubtful = {name for name, is_large in found.items() if is_large}
    rows = (row for _part, _number, row in _objects(parts)) if doubtful else ()
    return frozenset(name for row in rows for name in doubtful if _loses_digits(row.get(name)))


def _loses_digits(value: object) -> bool:
    return isinstance(value, int) and abs(value) > SAFE


def _mixed(parts: list[Lines]) -> frozenset[str]:
    """Read patiently: the fields of mixed types, failing that the nested ones.

    Raises SourceFailed with the line that is broken.
    """
    first: dict[str, type] = {}
    mixed: set[str] = set()
    for _part, _number, row in _objects(parts):
        for field, value in row.items():
            of = float if type(value) is int else type(value)
            if value is not None and first.setdefault(field, of) is not of:
                mixed.add(field)
    nested = {field for field, of in first.items() if of in (dict, list)}
    return frozenset(mixed or nested)


def _objects(parts: list[Lines]) -> Iterator[tuple[Lines, int, dict[str, object]]]:
    """Each object with the file it is in and its number there. Raises SourceFailed."""
    for part in parts:
        with part.path.open(encoding=PLAIN) as lines:
            for number, line in enumerate(lines, 1):
                yield part, number, _object(part, number, line)


def _flattened(task: Task, place: int, part: Lines, fields: frozenset[str]) -> Lines:
    """A copy in which these fields are text: what isn't stays as it is written in JSON."""
    target = task.work / f"{place}.flat.ndjson"
    with part.path.open(encoding=PLAIN) as lines, target.open("w", encoding=PLAIN) as out:
        for line in lines:
            if line.strip():
                row = json.loads(line)
                changed = {field: _as_text(row[field]) for field in fields & row.keys()}
                out.write(json.dumps({**row, **changed}, ensure_ascii=False) + "\n")
    return replace(part, path=target)


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _object(part: Lines, number: int, line: str) -> dict[str, object]:
    if not line.strip():
        return {}
    try:
        value = STRICT.decode(line)
    except Odd as error:
        raise part.failed(number, str(error)) from error
    except ValueError as error:
        text = _("not valid JSON ({reason}). Mend it")
        reason = str(error).partition(":")[0]
        raise part.failed(number, text.format(reason=reason)) from error
    if not isinstance(value, dict):
        raise part.failed(number, _("not an object. Each line has to be one object {{…}}").format())
    return value
