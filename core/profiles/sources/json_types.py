"""The types of the fields of JSON, over all objects of all files; what a file lacks is null there.

polars finds them file by file; what two of them have in common is found here.
"""

from collections.abc import Mapping, Sequence

import polars as pl
from polars.datatypes import DataTypeClass

from core.errors import SourceFailed
from core.profiles.sources.json_objects import Lines, objects_of
from core.profiles.sources.widening import common
from core.texts import _

MOST_FIELDS = 10_000  # of all objects together, those within others counted
FIRST = 1_000  # objects after which the fields are counted for the first time

Fields = Mapping[str, pl.DataType]
Dtype = pl.DataType | DataTypeClass


def types_of(
    parts: Sequence[Lines],
) -> tuple[Mapping[str, Dtype], list[Fields]]:
    """The types of the fields of all files together, and those of each file.

    Objects that are always empty are left out of the first. Raises SourceFailed for too many
    fields, and polars' errors: SchemaError where the types of two files have none in common.
    """
    known, length = 0, FIRST
    seen = _together(parts, [_inferred(part, length) for part in parts])
    while _fields(seen) - known > length // 100:  # there are ever more of them
        known, length = _fields(seen), 2 * length
        seen = _together(parts, [_inferred(part, length) for part in parts])
    each = [_inferred(part, None) for part in parts]
    every = _together(parts, each)
    return {name: held for name, of in every.items() if (held := _held(of)) is not None}, each


def _inferred(part: Lines, length: int | None) -> Fields:
    return pl.scan_ndjson(part.path, infer_schema_length=length).collect_schema()


def _together(parts: Sequence[Lines], each: Sequence[Fields]) -> Fields:
    every: dict[str, pl.DataType] = {}
    for fields in each:
        for name, of in fields.items():
            fit = _common(every.get(name, pl.Null()), of)
            if fit is None:
                raise pl.exceptions.SchemaError(name)
            every[name] = fit
    if _fields(every) > MOST_FIELDS:
        raise _too_wide(parts)
    return every


def _common(one: pl.DataType, other: pl.DataType) -> pl.DataType | None:
    """Whole numbers of 128 bits stay such beside smaller ones."""
    if one.is_integer() and other.is_integer() and pl.Int128 in (one, other):
        return pl.Int128()
    return common(one, other)


def _fields(schema: Fields) -> int:
    return sum(map(_parts, schema.values()))


def _parts(dtype: Dtype) -> int:
    """How many fields a column is, those within it counted."""
    if isinstance(dtype, pl.List):
        return _parts(dtype.inner)
    if isinstance(dtype, pl.Struct):
        return 1 + sum(_parts(field.dtype) for field in dtype.fields)
    return 1


def _held(dtype: Dtype) -> Dtype | None:
    """The type without objects that are always empty; None where it is nothing else."""
    if isinstance(dtype, pl.List):
        inner = _held(dtype.inner)
        return None if inner is None else pl.List(inner)
    if isinstance(dtype, pl.Struct):
        fields = {field.name: _held(field.dtype) for field in dtype.fields}
        held = {name: of for name, of in fields.items() if of is not None}
        return pl.Struct(held) if held else None
    return dtype


def _too_wide(parts: Sequence[Lines]) -> SourceFailed:
    """Names the object that has too many fields, failing that the first file."""
    text = _("more than {n} different fields. Write the names of the fields as values")
    words = text.format(n=f"{MOST_FIELDS:,}")
    for part, number, row in objects_of(parts):
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
