"""Which format a file has: by its name, or by its first bytes where the name doesn't say."""

import gzip
from enum import Enum
from pathlib import Path
from typing import IO, Self, cast

from core.errors import SourceFailed
from core.texts import _

PACKED = ".gz"
KNOWN = _("Parquet, CSV or NDJSON")  # the formats, as sentences name them
PARQUET_MAGIC = b"PAR1"
WORKBOOK_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and its kin; the older xls


class Format(Enum):
    """The formats of files, with the endings of their names."""

    parquet = (".parquet", ".pq")
    csv = (".csv", ".tsv", ".tab", ".txt")
    ndjson = (".ndjson", ".jsonl", ".jsonlines", ".json")

    @classmethod
    def named(cls, path: Path) -> Self | None:
        """The format that a file's name stands for, if it does."""
        name = path.name.lower().removesuffix(PACKED)
        return next((form for form in cls if name.endswith(form.value)), None)

    @property
    def label(self) -> str:
        """The name people know it by."""
        return {"parquet": "Parquet", "csv": "CSV", "ndjson": "NDJSON"}[self.name]


def format_of(path: Path) -> Format:
    """The format of one file; raises SourceFailed when it is empty or not what its name says."""
    with opened(path) as file:
        start = file.read(4096)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        _refuse(_("{path} is empty. Write the profiles into it, then try again."), path)
    if start.startswith(WORKBOOK_MAGIC):
        _refuse(_("{path} is a spreadsheet or an archive. Save it as CSV, then try again."), path)
    named = Format.named(path)
    if start.startswith(PARQUET_MAGIC) and named is not Format.parquet:
        if named is None:
            return Format.parquet
        _refuse(_("{path} is a Parquet file. Rename it so that it ends in .parquet."), path)
    return named or (Format.ndjson if start.lstrip().startswith(b"{") else Format.csv)


def opened(path: Path) -> IO[bytes]:
    """The bytes of a text file, unpacked on the way where it is compressed with gzip."""
    if path.name.lower().endswith(PACKED):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def _refuse(text: str, path: Path) -> None:
    raise SourceFailed(text.format(path=path))
