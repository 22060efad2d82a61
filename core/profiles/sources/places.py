"""Which files a path means: one, those of a folder and of its partitions, or those of a glob."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from glob import glob, has_magic
from pathlib import Path, PurePath
from stat import S_ISREG
from urllib.parse import unquote

import polars as pl

from core.errors import SourceFailed
from core.profiles.sources.failures import UNREADABLE, sentence
from core.profiles.sources.fence import Fence
from core.profiles.sources.formats import KNOWN, Format
from core.profiles.sources.logged import check_not_logged
from core.texts import _

HIDDEN = (".", "_", "~")  # marks of other programs, such as _SUCCESS
Given = Mapping[str, str | int | date | None]
WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})")  # no leading zeros: such are postcodes
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NONE = "__HIVE_DEFAULT_PARTITION__"  # what partitions are named of rows that have no value


@dataclass(frozen=True, slots=True)
class Place:
    """Files in the order of their names, and the columns that their folders' names give each."""

    files: tuple[Path, ...]
    given: tuple[Given, ...]


def as_texts(given: Given, own: Collection[str]) -> list[pl.Expr]:
    """The columns that a file's folders give it, as texts, but for those that it has itself."""
    texts = {name: None if value is None else str(value) for name, value in given.items()}
    return [pl.lit(texts[name], pl.String).alias(name) for name in texts if name not in own]


def found(path: Path, fence: Fence | None) -> Place:
    """The files that a path means, each inside the fence. Raises Outside, SourceFailed."""
    try:
        files = _listed(path)
        check_not_logged(dict.fromkeys(file.parent for file in files))
        return Place(fence.checked(files) if fence else files, given_by_folders(files))
    except UNREADABLE as error:
        raise SourceFailed(sentence(error, str(path))) from error


def given_by_folders(files: Iterable[PurePath]) -> tuple[Given, ...]:
    """The columns that the names of its folders give each of the files."""
    return _typed([_given(file) for file in files])


def _listed(path: Path) -> tuple[Path, ...]:
    if path.is_dir():
        check_not_logged([path])
        return _some(path, _within(path))
    if path.exists() or not has_magic(str(path)):
        _check_is_file(path)
        return (path,)
    return _some(path, (Path(match) for match in glob(str(path), recursive=True)))


def _check_is_file(path: Path) -> None:
    """Raises SourceFailed for what is none, before it is opened: a pipe would be waited for."""
    if not S_ISREG(path.stat().st_mode):
        text = _("{path} is a pipe, a socket or a device. Only files and folders are read.")
        raise SourceFailed(text.format(path=path))


def _within(folder: Path) -> Iterator[Path]:
    """The known files of a folder and of its partitions; links to other folders aren't followed."""
    for entry in folder.iterdir():
        if entry.name.startswith(HIDDEN):
            continue
        if "=" in entry.name and entry.is_dir() and not entry.is_symlink():
            yield from _within(entry)
        elif Format.named(entry):
            yield entry


def _some(path: Path, found: Iterable[Path]) -> tuple[Path, ...]:
    files = tuple(sorted(file for file in found if file.is_file()))
    if not files:
        text = _("There is no {kinds} file at {path}. Put one there, or correct the path.")
        raise SourceFailed(text.format(path=path, kinds=KNOWN))
    return files


def _given(file: PurePath) -> Mapping[str, str | None]:
    """The columns of the partition that a file lies in: its nearest folders named name=value."""
    given: dict[str, str | None] = {}
    for folder in file.parents:
        name, sign, value = folder.name.partition("=")
        if not sign or not name:
            break
        given = {unquote(name): None if value == NONE else unquote(value), **given}
    return given


def _typed(texts: list[Mapping[str, str | None]]) -> tuple[Given, ...]:
    """The values as what all values of their column prove to be."""
    names = dict.fromkeys(name for given in texts for name in given)
    kinds = {name: _proven({given.get(name) for given in texts} - {None}) for name in names}
    return tuple(
        {name: None if text is None else kinds[name](text) for name, text in given.items()}
        for given in texts
    )


def _proven(texts: set[str | None]) -> Callable[[str], str | int | date]:
    filled = [text for text in texts if text is not None]
    if all(map(WHOLE.fullmatch, filled)):
        return int
    if all(map(DAY.fullmatch, filled)):
        with suppress(ValueError):  # 2026-02-30 looks like a day, but there is none
            for text in filled:
                date.fromisoformat(text)
            return date.fromisoformat
    return str
