"""Sources of the type file: one file, a folder or a glob of them, of any format that is read."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from core.errors import Invalid, SourceFailed
from core.profiles.sources import (
    ROW,
    WRITTEN,
    Kind,
    Progress,
    Reading,
    arrow,
    delimited,
    ndjson,
    rewriting,
    workbooks,
)
from core.profiles.sources.calendar_bounds import TEMPORAL, doubtful_of, outside, within
from core.profiles.sources.cell_sizes import check_once
from core.profiles.sources.conversion import Conversion, Detected, Reader, State, converted
from core.profiles.sources.delta import log_of, open_table
from core.profiles.sources.failures import UNREADABLE, sentence, translated
from core.profiles.sources.formats import Format, format_of
from core.profiles.sources.frames import kinds, normalised
from core.profiles.sources.logged import is_delta
from core.profiles.sources.notes import Note
from core.profiles.sources.packed import is_packed
from core.profiles.sources.parquet_file import part_of, unknown_columns
from core.profiles.sources.parts import Parts, together
from core.profiles.sources.places import Place, found
from core.profiles.sources.trail import Trail
from core.texts import _

READERS: Mapping[Format, Reader] = {
    Format.csv: delimited.read,
    Format.ndjson: ndjson.read,
    Format.parquet: rewriting.read,
    Format.excel: workbooks.read,
    Format.arrow: arrow.read,
}
OPTIONS = frozenset(
    {
        *("encoding", "separator", "decimal", "null_words", "dates", "sheet"),
        *("header", "skip", "comment", "quote"),
    }
)


class Rows(Protocol):
    """What is scanned in place of the files."""

    def frame(self) -> pl.LazyFrame:
        """All rows with their number in ROW. Raises polars' errors."""
        ...


@dataclass(frozen=True, slots=True)
class FileSource:
    """Files that were found, and the rows that are scanned in their place."""

    name: str
    path: Path | str  # as configured
    files: tuple[Path, ...]  # the originals, in order
    rows: Rows  # of the originals themselves, or of their one conversion
    state: State  # what the originals were when opened
    detected: Detected | None  # of converted files only
    trail: Trail  # of the originals
    present: Callable[[], State]  # what the originals are now
    odd: tuple[Note, ...] = ()  # on days and moments outside the calendar, which are left out

    @property
    def label(self) -> str:
        """How messages call it."""
        return _("The source “{name}” ({path})").format(name=self.name, path=self.path)

    def fetched(
        self,
        frame: nw.LazyFrame[Any],
        names: Collection[str] | None = None,  # noqa: ARG002  only what is used is read anyway
    ) -> pl.LazyFrame:
        """The same rows, lazily."""
        native: pl.LazyFrame = frame.to_native()
        return native

    def small(self, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
        """The result. Raises polars' errors: see `translated`."""
        return self.fetched(frame).collect(engine="streaming")

    def schema(self) -> Mapping[str, Kind]:
        """Each field and what it holds, in the order of the file. Raises SourceFailed."""
        with translated(self):
            rows = self.rows.frame()
            known, nothing = kinds(self._readable(rows, ())), self._unknown(rows)
        return {name: Kind.nothing if name in nothing else kind for name, kind in known.items()}

    def scan(self, written: Collection[str] = ()) -> nw.LazyFrame[Any]:
        """All rows, lazily, with their number in ROW. Raises SourceFailed."""
        with translated(self):
            return nw.from_native(self._readable(self.rows.frame(), written))

    def notes(self) -> tuple[Note, ...]:
        """What reading changed or doubted in their cells."""
        return (*(self.detected.notes if self.detected else ()), *self.odd)

    def alone(self) -> "FileSource":
        """Itself."""
        return self

    def whole(self) -> tuple[str, ...]:
        """The columns of whole numbers among which fractions turned up."""
        return self.detected.whole if self.detected else ()

    def written(self) -> datetime | None:
        """When the latest of its files was written, UTC."""
        latest = max((mtime for _path, _size, mtime in self.state.files), default=0)
        return None if not latest else datetime.fromtimestamp(latest / 1e9, UTC)

    def unchanged(self) -> None:
        """Raises SourceFailed when a file is missing or was written again since it was opened."""
        if self.state != self.present():
            raise SourceFailed(
                _("{name} changed while it was being read. Try again once it is written.").format(
                    name=self.label
                )
            )
        self.trail.check()

    def _unknown(self, rows: pl.LazyFrame) -> frozenset[str]:
        """The columns that hold nothing yet: of no type, or of text that nobody has filled."""
        schema = rows.collect_schema()
        untyped = {name for name, dtype in schema.items() if dtype == pl.Null}
        texts = {name for name, dtype in schema.items() if dtype == pl.String}
        read = self.detected.columns if self.detected else {}
        if texts - read.keys() and rows.select(ROW).head(1).collect().is_empty():
            return frozenset(untyped | texts)
        unfilled = {name for name in texts & read.keys() if not read[name].filled}
        return frozenset(untyped | unfilled)

    def _readable(self, rows: pl.LazyFrame, written: Collection[str]) -> pl.LazyFrame:
        """The rows as others know them; of the columns `written` also the text."""
        if self.detected:
            left = [WRITTEN + name for name in self.detected.written if name not in written]
            rows = rows.drop(left)
        if self.odd:
            schema = rows.collect_schema()
            rows = rows.with_columns(within(one.column, schema[one.column]) for one in self.odd)
        return normalised(rows)


def open_source(reading: Reading, cache: Path, progress: Progress | None = None) -> FileSource:
    """Find the files, and convert those that can't be scanned once per change into `cache`.

    Raises Invalid for options, SourceFailed for the files and StorageFailed for the cache.
    """
    path = _path(reading)
    if is_delta(path):
        return checked(_delta(reading, path), reading)
    place = found(path, reading.fence)
    trail = Trail.of(place.files, reading.fence)
    return checked(opened(reading, path, place, trail, cache, progress), reading)


def checked(source: FileSource, reading: Reading) -> FileSource:
    """The source, if it is within the limits. Raises SourceFailed."""
    with translated(source):
        frame = source.rows.frame()
        columns, rows = len(frame.collect_schema()) - 1, frame.select(pl.len()).collect().item()
    texts = len(source.detected.written) if source.detected else 0
    reading.limits.check_columns(columns - texts, source.label)
    reading.limits.check_rows(rows, source.label)
    with translated(source):
        return replace(source, odd=outside(frame, _doubtful(source.rows, frame), source.label))


def _doubtful(rows: Rows, frame: pl.LazyFrame) -> Collection[str]:
    """The columns that may have days or moments outside the calendar."""
    if isinstance(rows, Parts):
        return doubtful_of(State.of([part.file for part in rows.parts]).files)
    return [name for name, of in frame.collect_schema().items() if of in TEMPORAL]


def opened(
    reading: Reading,
    path: Path | str,
    place: Place,
    trail: Trail,
    cache: Path,
    progress: Progress | None,
) -> FileSource:
    """The files as a source, converted if need be. Raises as `open_source`."""
    options = _options(reading)
    with trail.kept():
        form = _one_format(path, place.files)
        state = State.of(place.files)
        if form is Format.parquet and not any(map(_needs_rewriting, place.files)):
            return _parquet(reading, path, place, state, trail)
        conversion = Conversion(
            *(reading.name, place.files, place.given, options, READERS[form], reading.limits),
            trail,
        )
        parquet, detected = converted(conversion, cache, progress)
    rows = together((part_of(parquet, {}),))
    return _source(reading, path, place.files, rows, state, trail, detected)


def state_of(reading: Reading) -> State:
    """What the files are at this moment, not opened. Raises Invalid, SourceFailed."""
    path = _path(reading)
    return State.of(log_of(path) if is_delta(path) else found(path, reading.fence).files)


def _options(reading: Reading) -> Mapping[str, Any]:
    options = {k: v for k, v in (reading.options or {}).items() if v is not None}
    return {k: v for k, v in options.items() if k in OPTIONS}


def _path(reading: Reading) -> Path:
    """Raises Invalid where there is none, Outside where nothing may be read."""
    if reading.path is None:
        raise Invalid(_("The source “{name}” has no path.").format(name=reading.name), "path")
    if reading.fence:
        reading.fence.check_place(reading.path)
    return reading.path


def _one_format(path: Path | str, files: tuple[Path, ...]) -> Format:
    """The one format that the files share."""
    try:
        forms = {file: format_of(file) for file in files}
    except UNREADABLE as error:
        raise SourceFailed(sentence(error, str(path))) from error
    first = next(iter(forms.values()))
    if other := next((file for file, form in forms.items() if form is not first), None):
        raise SourceFailed(
            _(
                "{path} mixes types of files: {other} isn't {kind} like the first. Make "
                "them two sources."
            ).format(path=path, other=other.name, kind=first.label)
        )
    return first


def _needs_rewriting(file: Path) -> bool:
    return is_packed(file) or bool(unknown_columns(file))


def _parquet(
    reading: Reading, path: Path | str, place: Place, state: State, trail: Trail
) -> FileSource:
    pairs = zip(place.files, place.given, strict=True)
    rows = together(tuple(part_of(file, given) for file, given in pairs))
    missing = rows.lacking
    detected = Detected(lacking=missing) if missing else None
    _check_cells(state, reading)
    return _source(reading, path, place.files, rows, state, trail, detected)


def _delta(reading: Reading, path: Path) -> FileSource:
    table = open_table(path, reading.fence)
    state = State.of(table.files)
    trail = Trail.of(table.files, reading.fence)
    _check_cells(state, reading)
    return _source(reading, path, table.files, table, state, trail)


def _source(
    reading: Reading,
    path: Path | str,
    files: tuple[Path, ...],
    rows: Rows,
    state: State,
    trail: Trail,
    detected: Detected | None = None,
) -> FileSource:
    now = partial(State.of, files)
    return FileSource(reading.name, path, files, rows, state, detected, trail, now)


def _check_cells(state: State, reading: Reading) -> None:
    for file in state.files:
        check_once(file, reading.limits)
