"""Sources of the type file: Parquet, CSV and NDJSON; one file, a folder or a glob of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from core.errors import Invalid, SourceFailed
from core.profiles.sources import ROW, Kind, Progress, Reading, delimited, ndjson
from core.profiles.sources.conversion import Conversion, Detected, Reader, State, converted
from core.profiles.sources.failures import UNREADABLE, sentence, translated
from core.profiles.sources.fence import Fence
from core.profiles.sources.formats import Format, format_of
from core.profiles.sources.frames import kinds, normalised
from core.texts import _

HIDDEN = (".", "_")  # marks of other programs, such as _SUCCESS
READERS: Mapping[Format, Reader] = {Format.csv: delimited.read, Format.ndjson: ndjson.read}
OPTIONS = frozenset({"encoding", "separator", "decimal"})


@dataclass(frozen=True, slots=True)
class FileSource:
    """Files that were found, and the Parquet files that are scanned in their place."""

    name: str
    path: Path  # as configured
    files: tuple[Path, ...]  # the originals, in order
    parquet: tuple[Path, ...]  # the originals themselves, or their one conversion
    state: State  # what the originals were when opened
    detected: Detected | None  # of text files only

    @property
    def label(self) -> str:
        """How messages call it."""
        return _("The source “{name}” ({path})").format(name=self.name, path=self.path)

    def schema(self) -> Mapping[str, Kind]:
        """Each field and what it holds, in the order of the file. Raises SourceFailed."""
        return kinds(self._frame())

    def scan(self) -> nw.LazyFrame[Any]:
        """All rows, lazily, with their number in ROW. Raises SourceFailed."""
        return nw.from_native(self._frame())

    def unchanged(self) -> None:
        """Raises SourceFailed when a file is missing or was written again since it was opened."""
        if self.state != State.of(self.files):
            raise SourceFailed(
                _("{name} changed while it was being read. Try again once it is written.").format(
                    name=self.label
                )
            )

    def _frame(self) -> pl.LazyFrame:
        with translated(self):
            frame = pl.scan_parquet(
                list(self.parquet),
                glob=False,
                hive_partitioning=False,
                row_index_name=ROW,
                row_index_offset=1,
            )
            return normalised(frame)


def open_source(reading: Reading, cache: Path, progress: Progress | None = None) -> FileSource:
    """Find the files, and convert text files once per change into the folder `cache`.

    Raises Invalid for options, SourceFailed for the files and StorageFailed for the cache.
    """
    options, path = _options(reading), _path(reading)
    files = _files(path, reading.fence)
    form = _one_format(path, files)
    state = State.of(files)
    if form is Format.parquet:
        return _parquet(reading, files, state)
    conversion = Conversion(reading.name, files, options, READERS[form])
    parquet, detected = converted(conversion, cache, progress)
    return FileSource(reading.name, path, files, (parquet,), state, detected)


def state_of(reading: Reading) -> State:
    """What the files are at this moment, not opened. Raises Invalid, SourceFailed."""
    return State.of(_files(_path(reading), reading.fence))


def _options(reading: Reading) -> Mapping[str, str]:
    options = {k: v for k, v in (reading.options or {}).items() if v is not None}
    return {k: str(v) for k, v in options.items() if k in OPTIONS}


def _path(reading: Reading) -> Path:
    if reading.path is None:
        raise Invalid(_("The source “{name}” has no path.").format(name=reading.name), "path")
    return reading.path


def _files(path: Path, fence: Fence | None) -> tuple[Path, ...]:
    """The files a path means, ordered by name."""
    if fence:
        fence.check_place(path)
    try:
        return fence.checked(_listed(path)) if fence else _listed(path)
    except UNREADABLE as error:
        raise SourceFailed(sentence(error, str(path))) from error


def _listed(path: Path) -> tuple[Path, ...]:
    if path.is_dir():
        known = (p for p in path.iterdir() if Format.named(p) and not p.name.startswith(HIDDEN))
        return _some(path, known)
    if path.exists() or not has_magic(str(path)):
        path.stat()
        return (path,)
    return _some(path, (Path(match) for match in glob(str(path), recursive=True)))


def _some(path: Path, found: Iterable[Path]) -> tuple[Path, ...]:
    files = tuple(sorted(file for file in found if file.is_file()))
    if not files:
        raise SourceFailed(
            _("{path} holds no Parquet, CSV or NDJSON file. Put one there, or correct it.").format(
                path=path
            )
        )
    return files


def _one_format(path: Path, files: tuple[Path, ...]) -> Format:
    """The one format that the files share."""
    try:
        forms = {file: format_of(file) for file in files}
    except UNREADABLE as error:
        raise SourceFailed(sentence(error, str(path))) from error
    first = next(iter(forms.values()))
    if other := next((file for file, form in forms.items() if form is not first), None):
        raise SourceFailed(
            _(
                "{path} mixes kinds of files: {other} isn't {kind} like the first. Part them."
            ).format(path=path, other=other.name, kind=first.label)
        )
    return first


def _parquet(reading: Reading, files: tuple[Path, ...], state: State) -> FileSource:
    path = reading.path or files[0]
    _alike(files)
    source = FileSource(reading.name, path, files, files, state, None)
    with translated(source):
        rows = pl.scan_parquet(list(files), glob=False, hive_partitioning=False)
        empty = rows.select(pl.len()).collect().item() == 0
    if empty:
        raise SourceFailed(_("{path} has columns but no rows.").format(path=path))
    return source


def _alike(files: tuple[Path, ...]) -> None:
    """Raises SourceFailed for a file that can't be read, or has other columns than the first."""
    first: Mapping[str, Any] | None = None
    for file in files:
        with translated(file):
            columns = dict(pl.scan_parquet(file, glob=False).collect_schema())
        first = columns if first is None else first
        if columns != first:
            raise SourceFailed(_difference(file, files[0], columns, first))
        if ROW in columns:
            raise SourceFailed(
                _("{path} has a column named {column}, which is kept for the row's number.").format(
                    path=file, column=ROW
                )
            )


def _difference(
    file: Path, first: Path, columns: Mapping[str, Any], known: Mapping[str, Any]
) -> str:
    name = next(n for n in [*known, *columns] if columns.get(n) != known.get(n))
    return _(
        "{path} has other columns than {first}: “{column}” differs. Make them alike, or part them."
    ).format(path=file, first=first.name, column=name)
