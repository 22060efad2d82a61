"""Parquet files read as one: columns that fit are widened, one that a file lacks is null there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from core import columns
from core.errors import SourceFailed
from core.profiles.sources import ROW
from core.profiles.sources.column_names import lacking
from core.profiles.sources.failures import translated
from core.profiles.sources.frames import kind_of
from core.profiles.sources.parquet_file import Columns, Part
from core.profiles.sources.widening import common
from core.texts import _

SAFE = 2**53  # whole numbers up to here are exact as floating ones
WIDENED = pl.ScanCastOptions(
    integer_cast="upcast",
    float_cast="upcast",
    datetime_cast=["nanosecond-downcast", "convert-timezone"],
    missing_struct_fields="insert",
    categorical_to_string="allow",
)
UUID = r"^(.{8})(.{4})(.{4})(.{4})(.{12})$"


@dataclass(frozen=True, slots=True)
class Parts:
    """Files in their order, and the columns that they have together."""

    parts: tuple[Part, ...]
    columns: Columns

    @property
    def lacking(self) -> Mapping[str, str]:
        """Columns that some file lacks, and the first one's name: they are empty there.

        Raises SourceFailed for a file that has none in common with those before it.
        """
        return lacking([part.origin for part in self.parts], [part.columns for part in self.parts])

    def frame(self) -> pl.LazyFrame:
        """All rows with their number in ROW."""
        groups = [list(group) for _key, group in groupby(self.parts, key=lambda part: part.alike)]
        if len(groups) == 1:
            return self._scan(groups[0], ROW)
        return pl.concat([self._scan(group) for group in groups]).with_row_index(ROW, 1)

    def _scan(self, group: list[Part], row: str | None = None) -> pl.LazyFrame:
        first = group[0]
        frame = pl.scan_parquet(
            [part.file for part in group],
            glob=False,
            hive_partitioning=False,
            schema={name: self._scanned(name, of) for name, of in first.own.items()},
            cast_options=WIDENED,
            row_index_name=row,
            row_index_offset=1,
        )
        if not first.uuids and list(first.own.items()) == list(self.columns.items()):
            return frame
        columns = [self._column(first, name, of) for name, of in self.columns.items()]
        return frame.select(*([row] if row else []), *columns)

    def _scanned(self, name: str, own: pl.DataType) -> pl.DataType:
        """Nested columns are widened while they are scanned, the others after."""
        return self.columns[name] if own.is_nested() else own

    def _column(self, part: Part, name: str, wanted: pl.DataType) -> pl.Expr:
        if name in part.given:
            return pl.lit(part.given[name], wanted).alias(name)
        if name not in part.own:
            return pl.lit(None, wanted).alias(name)
        if name in part.uuids:
            text = columns.column(name).bin.encode("hex")
            return text.str.replace(UUID, "${1}-${2}-${3}-${4}-${5}")
        own = part.own[name]
        if own == wanted or own.is_nested():
            return columns.column(name)
        # Whole numbers are wanted of floating ones only where all are, but for not-a-number.
        return columns.column(name).cast(wanted, strict=not own.is_float())


def together(parts: tuple[Part, ...]) -> Parts:
    """The files as one. Raises SourceFailed for a column that doesn't fit, with both types."""
    known: dict[str, tuple[pl.DataType, Part]] = {}
    for part in parts:
        for name, of in part.columns.items():
            wide, first = known.setdefault(name, (of, part))
            fit = common(wide, of)
            if fit is None:
                raise _misfit(name, part, first)
            known[name] = fit, part if wide == pl.Null else first
    columns = {name: _exact(parts, name, of) for name, (of, _part) in known.items()}
    return Parts(parts, columns)


def _misfit(name: str, part: Part, first: Part) -> SourceFailed:
    here, there = part.columns[name], first.columns[name]
    text = _(
        "{path} doesn't fit {first}: “{column}” has {here} ({type}) here, but {there} "
        "({other}) there. Give them the same types, or make them two sources."
    )
    kinds = {"here": kind_of(here).several, "there": kind_of(there).several}
    names = {"path": part.origin, "first": first.origin.name, "column": name}
    return SourceFailed(text.format(**names, **kinds, type=here, other=there))


def _exact(parts: tuple[Part, ...], name: str, wide: pl.DataType) -> pl.DataType:
    """Whole numbers beside floating ones: pandas writes those where a number is missing.

    Whole they stay where all of them are. Raises SourceFailed where the floating type would round
    a whole number.
    """
    whole = [part for part in parts if part.columns.get(name, wide).is_integer()]
    if not wide.is_float() or not whole:
        return wide
    floats = [part for part in parts if part.columns.get(name, pl.Null()).is_float()]
    value = columns.column(name).fill_nan(None)
    if _all(floats, (value == value.floor()) & (value.abs() <= SAFE)):
        return pl.Int64()
    if not _all(whole, columns.column(name).is_between(-SAFE, SAFE)):
        raise _misfit(name, floats[0], whole[0])
    return wide


def _all(parts: Iterable[Part], holds: pl.Expr) -> bool:
    """Whether it holds of all rows that aren't null."""
    frames = [pl.scan_parquet(part.file, glob=False).select(holds.all()) for part in parts]
    with translated(next(iter(parts)).file):
        return all(frame.item() for frame in pl.collect_all(frames))
