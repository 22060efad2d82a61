"""NDJSON, one object a line: polars finds the types over the whole file; text may prove dates."""

import json
from pathlib import Path
from typing import NoReturn

import polars as pl

from core.errors import SourceFailed
from core.profiles.sources.column_types import DATES
from core.profiles.sources.conversion import Detected, Task
from core.profiles.sources.encodings import PLAIN
from core.profiles.sources.failures import translated
from core.profiles.sources.proving import how_of, interpreted
from core.texts import _

Found = dict[str, type]


class BareWord(ValueError):
    """NaN, Infinity or -Infinity, which Python writes and reads, but which JSON doesn't have."""


def _refuse(word: str) -> NoReturn:
    raise BareWord(word)


STRICT = json.JSONDecoder(parse_constant=_refuse)


def read(task: Task) -> tuple[pl.LazyFrame, Detected]:
    """The rows of all files with types, and how the first was read. Raises SourceFailed."""
    plains = [task.plain(file, f"{place}.ndjson") for place, file in enumerate(task.files)]
    task.report(0.3, _("Finding the types of the fields"))
    with translated(task.files[0]):
        frame = _scanned(task, [path for path, _encoding in plains])
        schema = frame.collect_schema()
    if not schema:
        text = _("{path} holds objects with no fields. Write the profiles into it.")
        raise SourceFailed(text.format(path=task.files[0]))
    with translated(task.files[0]):
        texts = [name for name, dtype in schema.items() if dtype == pl.String]
        how = how_of(task.options, usual=())  # JSON has null
        found = interpreted(frame, texts, DATES, how)
    wide = [pl.col(name).cast(pl.String) for name, dtype in schema.items() if dtype == pl.Int128]
    read = found.frame.with_columns(wide)
    return read, Detected(plains[0][1], notes=found.notes)


def _scanned(task: Task, plains: list[Path]) -> pl.LazyFrame:
    """All files; a field whose values have no type in common is text. Raises polars' errors."""
    try:
        return _checked(plains)
    except pl.exceptions.PolarsError:
        fields = _mixed(task.files, plains)
    flat = [_flattened(task, place, path, fields) for place, path in enumerate(plains)]
    return _checked(flat)


def _checked(plains: list[Path]) -> pl.LazyFrame:
    schema = pl.scan_ndjson(plains, infer_schema_length=None).collect_schema()
    frame = pl.scan_ndjson(plains, schema=dict(schema))
    frame.select(pl.all().count()).collect(engine="streaming")
    return frame


def _mixed(files: tuple[Path, ...], plains: list[Path]) -> frozenset[str]:
    """Read patiently: the fields of mixed types, failing that the nested ones.

    Raises SourceFailed with the line that is broken.
    """
    first: dict[str, type] = {}
    mixed: set[str] = set()
    for file, plain in zip(files, plains, strict=True):
        with plain.open(encoding=PLAIN) as lines:
            for number, line in enumerate(lines, 1):
                for field, value in _object(file, number, line).items():
                    of = float if type(value) is int else type(value)
                    if value is not None and first.setdefault(field, of) is not of:
                        mixed.add(field)
    nested = {field for field, of in first.items() if of in (dict, list)}
    return frozenset(mixed or nested)


def _flattened(task: Task, place: int, plain: Path, fields: frozenset[str]) -> Path:
    """A copy in which these fields are text: what isn't stays as it is written in JSON."""
    target = task.work / f"{place}.flat.ndjson"
    with plain.open(encoding=PLAIN) as lines, target.open("w", encoding=PLAIN) as out:
        for line in lines:
            if line.strip():
                row = json.loads(line)
                changed = {field: _as_text(row[field]) for field in fields & row.keys()}
                out.write(json.dumps({**row, **changed}, ensure_ascii=False) + "\n")
    return target


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _object(file: Path, number: int, line: str) -> dict[str, object]:
    if not line.strip():
        return {}
    try:
        value = STRICT.decode(line)
    except BareWord as error:
        text = _("{path}, line {line}: {word} is not JSON. Write null or a number in its place.")
        raise SourceFailed(text.format(path=file, line=f"{number:,}", word=error)) from error
    except ValueError as error:
        if line.lstrip().startswith("["):
            return _object(file, number, "[]")
        text = _("{path}, line {line}: not valid JSON ({reason}). Mend the line.")
        reason = str(error).partition(":")[0]
        raise SourceFailed(text.format(path=file, line=f"{number:,}", reason=reason)) from error
    if not isinstance(value, dict):
        text = _("{path}, line {line}: not an object. NDJSON has one object {{…}} on each line.")
        raise SourceFailed(text.format(path=file, line=f"{number:,}"))
    return value
