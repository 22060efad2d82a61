"""Which format a file has: by its first bytes where they say it, else by its name."""

import re
import zipfile
from contextlib import suppress
from enum import Enum
from pathlib import Path, PurePath
from typing import Self

from core.errors import SourceFailed
from core.profiles.sources.packed import PACKINGS, bare, opened, within
from core.profiles.sources.signatures import document, foreign
from core.texts import _

KNOWN = _("Parquet, CSV, JSON, Excel or Arrow")  # the formats, as sentences name them
WORKBOOK = "xl/workbook."  # what every workbook of Excel holds
ZIP = PACKINGS[".zip"].start
JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*[\[{"\]])')
BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"


class Format(Enum):
    """The formats of files, with the endings of their names."""

    parquet = (".parquet", ".pq")
    csv = (".csv", ".tsv", ".tab", ".txt")
    ndjson = (".ndjson", ".jsonl", ".jsonlines", ".json")
    excel = (".xlsx", ".xlsm")
    arrow = (".arrow", ".feather", ".ipc", ".arrows")

    @classmethod
    def named(cls, path: PurePath) -> Self | None:
        """The format that a file's name stands for, if it does, packed or not."""
        return cls._ending(bare(path.name))

    @classmethod
    def _ending(cls, name: str) -> Self | None:
        return next((form for form in cls if name.endswith(form.value)), None)

    @property
    def label(self) -> str:
        """The name people know it by."""
        labels = {"parquet": "Parquet", "csv": "CSV", "ndjson": "JSON"}
        return labels.get(self.name, self.name.capitalize())


# How the files of these begin, whatever they are called.
STARTS = ((b"PAR1", Format.parquet), (b"ARROW1", Format.arrow), (b"\xff\xff\xff\xff", Format.arrow))


def format_of(path: Path) -> Format:
    """The format of one file. Raises SourceFailed when it is empty, or not what its name says.

    And UNREADABLE errors.
    """
    with opened(path) as file:
        start = file.read(4096)
    if not start.strip(BLANK):
        _refuse(_("{path} is empty. Write the profiles into it, then try again."), path)
    named = Format._ending(within(path))
    if shown := _shown(path, start):
        return _agreed(path, named, shown)
    _check_foreign(path, start)
    if JSON.match(start) and named is not Format.ndjson:
        return _agreed(path, named, Format.ndjson)
    return named or Format.csv


def _shown(path: Path, start: bytes) -> Format | None:
    """The format that the first bytes show, if they do."""
    if any(name.startswith(WORKBOOK) for name in _entries(path, start)):
        return Format.excel
    return next((form for mark, form in STARTS if start.startswith(mark)), None)


def _entries(path: Path, start: bytes) -> list[str]:
    """What lies in a zip, as documents of offices are; nothing in what is none."""
    if not start.startswith(ZIP):
        return []
    with suppress(zipfile.BadZipFile), opened(path) as file, zipfile.ZipFile(file) as archive:
        return archive.namelist()
    return []


def _agreed(path: Path, named: Format | None, shown: Format) -> Format:
    if named in (None, shown):
        return shown
    text = _(
        "{path} is {kind}, although its name says otherwise. Rename it so that it ends in {ending}."
    )
    raise SourceFailed(text.format(path=path, kind=shown.label, ending=shown.value[0]), "path")


def _check_foreign(path: Path, start: bytes) -> None:
    """Raises SourceFailed for what is known to be no table, or is packed without saying so."""
    if what := document(_entries(path, start)) or foreign(start):
        text = _("{path} is {what}, not a table of profiles. {advice}")
        raise SourceFailed(text.format(path=path, what=what.name, advice=what.advice), "path")
    for ending, packing in PACKINGS.items():
        if start.startswith(packing.start):
            name = path.name + ending
            text = _(
                "{path} is packed by {kind}, not a table. Rename it to {name}; then it is unpacked."
            )
            raise SourceFailed(text.format(path=path, kind=packing.name, name=name), "path")


def _refuse(text: str, path: Path) -> None:
    raise SourceFailed(text.format(path=path), "path")
