"""Text files become one Parquet file in the cache, once per change of the files or the options."""

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from shutil import copyfileobj
from typing import Any, Self

import polars as pl

from core.errors import SourceFailed
from core.profiles.sources import Progress, silent
from core.profiles.sources.cell_sizes import check_cells
from core.profiles.sources.codepages import Guess
from core.profiles.sources.column_types import FormerColumn
from core.profiles.sources.encodings import PLAIN, copy_as_utf8, detect, known
from core.profiles.sources.failures import sentence, stored, translated
from core.profiles.sources.limits import USUAL, BoundedFile, Limits
from core.profiles.sources.notes import Note
from core.profiles.sources.packed import is_packed, opened
from core.profiles.sources.places import Given
from core.profiles.sources.trail import Trail
from core.profiles.sources.work import drop_abandoned, folder_for_work, taken
from core.texts import _

VERSION = 4  # raise it whenever the same text would become another Parquet file
KEPT = "segferry"  # the key of what was detected, in the metadata of the Parquet file
SAID = "segferry.said"  # and that of its options
CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Detected:
    """How files were read; None where it doesn't apply or shows nowhere.

    `notes` are what the reader changed or doubted in their cells: what a reader puts there becomes
    warnings of every plan that uses the column, see `sources.notes`.
    """

    encoding: str | None = None
    separator: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = field(default=(), compare=False)  # all of a workbook
    left_out: Mapping[str, str] = field(default_factory=dict)  # columns no reader knows; their type
    lacking: Mapping[str, str] = field(default_factory=dict)  # columns that a file lacks; that file
    # Another plausible encoding, and a word as it reads in the one that was taken and in that one.
    other: str | None = field(default=None, compare=False)
    readings: tuple[str, ...] = field(default=(), compare=False)
    skipped: int = field(default=0, compare=False)  # lines above the header
    footer: int = field(default=0, compare=False)  # lines after the rows
    notes: tuple[Note, ...] = field(default=(), compare=False)
    # Of text, and those of numbers in JSON.
    columns: Mapping[str, FormerColumn] = field(default_factory=dict, compare=False)
    whole: tuple[str, ...] = field(default=(), compare=False)  # as in Column
    vanished: tuple[str, ...] = field(default=(), compare=False)  # columns of the last reading
    before: Mapping[str, str] = field(default_factory=dict, compare=False)  # what differed then
    # Columns whose text is kept beside their numbers.
    written: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, kept: str) -> Self:
        """As it was kept: the JSON text of `asdict`."""
        data = json.loads(kept)
        lists = {n: tuple(data[n]) for n in ("written", "readings", "whole", "vanished", "sheets")}
        columns = {name: FormerColumn.read(one) for name, one in data["columns"].items()}
        notes = tuple(map(Note.read, data["notes"]))
        read = {**data, **lists, "columns": columns, "notes": notes}
        return cls(**{name: read[name] for name in cls.__slots__ if name in read})

    def compared(self, old: "Detected", names: Collection[str]) -> "Detected":
        """With what differs from the last reading; `names` are the columns that there are now."""
        pairs = {n: (getattr(old, n), getattr(self, n)) for n in ("encoding", "separator")}
        before = {n: was for n, (was, now) in pairs.items() if was and now and was != now}
        vanished = tuple(name for name in old.columns if name not in names)
        return replace(self, before=before, vanished=vanished)


@dataclass(frozen=True, slots=True)
class State:
    """What files were at one moment: path, size in bytes and time of writing in ns of each.

    Of those in a store also their ETags.
    """

    files: tuple[tuple[str, int, int], ...]
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, files: Sequence[Path]) -> Self:
        """The present state; raises SourceFailed when a file is missing or not to be reached."""
        return cls(tuple((str(file), *_facts(file)) for file in files))


@dataclass(frozen=True, slots=True)
class Task:
    """What a reader is given: the files, what their folders say, a place to work, a progress."""

    files: tuple[Path, ...]
    given: tuple[Given, ...]  # of each file, as in Place
    work: Path
    options: Mapping[str, Any]
    report: Progress
    former: Mapping[str, FormerColumn] = field(default_factory=dict)  # at the last reading
    limits: Limits = USUAL

    def plain(self, file: Path, name: str) -> tuple[Path, Guess]:
        """A path with the text in plain UTF-8, and the encoding of the file, as far as it shows.

        That is the file itself, or its copy of that name in the folder. Raises Invalid,
        SourceFailed.
        """
        given = self.options.get("encoding")
        guess = Guess(known(given)) if given else detect(file)
        if guess.encoding == PLAIN and not is_packed(file):
            return file, guess
        target = self.work / name
        self.report(0.1, _("Reading {name}").format(name=file.name))
        with BoundedFile(target, file, self.limits) as out:
            copy_as_utf8(file, guess.encoding, out)
        return target, replace(guess, encoding=guess.encoding.removesuffix("-sig"))

    def unpacked(self, file: Path, name: str) -> Path:
        """A path with the bytes of the file: itself, or its copy of that name in the folder.

        Raises SourceFailed.
        """
        if not is_packed(file):
            return file
        self.report(0.1, _("Unpacking {name}").format(name=file.name))
        target = self.work / name
        bounded = BoundedFile(target, file, self.limits)
        with translated(file), bounded as out, opened(file) as packed:
            copyfileobj(packed, out, CHUNK)
        return target


Reader = Callable[[Task], tuple[pl.LazyFrame, Detected]]


@dataclass(frozen=True, slots=True)
class Conversion:
    """Files of one source, and how they are to be read."""

    source: str  # its name
    files: tuple[Path, ...]
    given: tuple[Given, ...]  # of each file, as in Place
    options: Mapping[str, Any]
    reader: Reader
    limits: Limits = USUAL
    trail: Trail | None = None  # of the files, where a fence stands around them

    def target(self, cache: Path, state: State) -> Path:
        """Its place in the cache: the source, then everything that would change the outcome."""
        outcome = digest(VERSION, state.files, dict(self.options))
        return cache / f"{self.prefix}{outcome}.parquet"

    @property
    def prefix(self) -> str:
        """How the names of its files begin."""
        return prefix_of(self.source)

    @property
    def said(self) -> str:
        """What the options say, in short."""
        return digest(dict(self.options))


def prefix_of(source: str) -> str:
    """How the names of a source's files in the cache begin, by its name."""
    return f"{digest(source)}-"


def converted(
    conversion: Conversion, cache: Path, progress: Progress | None
) -> tuple[Path, Detected]:
    """The Parquet file of these text files and how they were read, made now unless it exists.

    Raises SourceFailed, and StorageFailed when the cache can't be written.
    """
    state = State.of(conversion.files)
    target = conversion.target(cache, state)
    if not target.exists():
        with stored(cache):
            cache.mkdir(parents=True, exist_ok=True)
            _convert(conversion, state, target, progress or silent)
            _clear(target)
    with translated(conversion.files[0]):
        return target, Detected.read(pl.read_parquet_metadata(target)[KEPT])


def _convert(conversion: Conversion, state: State, target: Path, report: Progress) -> None:
    """Into a folder of its own first, so that processes side by side can't meet half a file."""
    prefix, files = conversion.prefix, conversion.files
    old = _last(conversion, target) or Detected()
    with folder_for_work(target.parent, prefix) as work:
        frame, detected = conversion.reader(
            Task(
                *(files, conversion.given, work, conversion.options, report, old.columns),
                conversion.limits,
            )
        )
        names = frame.collect_schema().names()
        conversion.limits.check_columns(len(names) - len(detected.written), files[0])
        detected = detected.compared(old, names)
        report(0.7, _("Writing"))
        made, kept = work / "made.parquet", json.dumps(asdict(detected))
        with translated(files[0]):
            frame.sink_parquet(made, metadata={KEPT: kept, SAID: conversion.said})
        if state != State.of(files):
            text = _("{path} changed while it was being read. Try again once it is written.")
            raise SourceFailed(text.format(path=_changed(state, files)))
        if conversion.trail:
            conversion.trail.check()
        check_cells(made, files[0] if len(files) == 1 else files[0].parent, conversion.limits)
        _check_copies(conversion, target.parent, made)
        os.replace(made, target)
    report(1.0, _("Done"))


def _check_copies(conversion: Conversion, cache: Path, made: Path) -> None:
    """Raises StorageFailed where the new copy, beside those of other sources, is too much."""
    size = made.stat().st_size + taken(cache, but_for=f"{conversion.prefix}*.parquet")
    conversion.limits.check_copies(size, conversion.files[0])


def _last(conversion: Conversion, target: Path) -> Detected | None:
    """How the source was read last, if it was with the same options.

    Its former conversion says so, which goes once the new one is there. Other options are a
    person's word that it is to be read otherwise, so then nothing is known.
    """
    files = list(target.parent.glob(f"{conversion.prefix}*.parquet"))
    for old in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True):
        with suppress(OSError, ValueError, TypeError, KeyError, pl.exceptions.PolarsError):
            kept = pl.read_parquet_metadata(old)
            return Detected.read(kept[KEPT]) if kept[SAID] == conversion.said else None
    return None


def _changed(state: State, files: Sequence[Path]) -> Path:
    now = State.of(files)
    pairs = zip(files, state.files, now.files, strict=True)
    return next((file for file, old, new in pairs if old != new), files[0])


def _clear(target: Path) -> None:
    """Remove older conversions of the same source, and what killed processes left."""
    drop_abandoned(target.parent)
    prefix = target.stem.partition("-")[0]
    for old in target.parent.glob(f"{prefix}-*.parquet"):
        if old != target:
            with suppress(OSError):
                old.unlink()


def _facts(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError as error:
        raise SourceFailed(sentence(error, str(file))) from error
    return found.st_size, found.st_mtime_ns


def digest(*parts: object) -> str:
    """A short name for what is the same in all its parts, which JSON has to know."""
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
