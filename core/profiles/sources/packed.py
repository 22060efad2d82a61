"""Files that hold one other: packed by gzip, bzip2, xz or Zstandard, or alone in a zip."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from core.errors import SourceFailed
from core.texts import _

ASIDE = ("__MACOSX/", ".DS_Store", "Thumbs.db")  # what systems put into a zip by themselves
LOCKED = 0x1  # the flag of an entry that has a password
Opener = Callable[[Path], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Packing:
    """One way of packing: what people call it, how its files begin, and how they are opened."""

    name: str
    start: bytes
    opened: Opener


def _zstd(path: Path) -> IO[bytes]:
    from pyarrow import CompressedInputStream, OSFile  # heavy, and rarely needed

    return cast(IO[bytes], CompressedInputStream(OSFile(str(path)), "zstd"))


def _zip(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    entry = _entry(path, archive)
    if entry.flag_bits & LOCKED:
        text = _("{path} has a password. Pack the file again without one.")
        raise SourceFailed(text.format(path=path))
    try:
        return archive.open(entry)
    except NotImplementedError as error:
        text = _("{path} is packed in an unknown way. Pack the file again as zip.")
        raise SourceFailed(text.format(path=path)) from error


# By the ending of the name.
PACKINGS: Mapping[str, Packing] = {
    ".gz": Packing("gzip", b"\x1f\x8b", cast(Opener, gzip.GzipFile)),
    ".bz2": Packing("bzip2", b"BZh", cast(Opener, bz2.BZ2File)),
    ".xz": Packing("xz", b"\xfd7zXZ\0", cast(Opener, lzma.LZMAFile)),
    ".zst": Packing("Zstandard", b"\x28\xb5\x2f\xfd", _zstd),
    ".zip": Packing("zip", b"PK\x03\x04", _zip),
}


def is_packed(path: Path) -> bool:
    """Whether the name says that the file is packed."""
    return _ending(path.name) in PACKINGS


def bare(name: str) -> str:
    """A name without the ending of packing, in lower case."""
    ending = _ending(name)
    return name.lower().removesuffix(ending if ending in PACKINGS else "")


def within(path: Path) -> str:
    """The name of what is packed, in lower case: in a zip its own. Raises SourceFailed."""
    if _ending(path.name) == ".zip":
        with zipfile.ZipFile(path) as archive:
            return _entry(path, archive).filename.lower()
    return bare(path.name)


def opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked on the way where its name says that it is packed.

    Raises SourceFailed where its first bytes say otherwise, and UNREADABLE errors.
    """
    packing = PACKINGS.get(_ending(path.name))
    if packing is None:
        return path.open("rb")
    with path.open("rb") as file:
        start = file.read(len(packing.start))
    if start and start != packing.start and packing is not PACKINGS[".zip"]:
        text = _("{path} isn't {kind}, though its name ends in {ending}. Rename it.")
        ending = _ending(path.name)
        raise SourceFailed(text.format(path=path, kind=packing.name, ending=ending))
    return packing.opened(path)


def _ending(name: str) -> str:
    return Path(name.lower()).suffix


def _entry(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one file of a zip."""
    entries = [e for e in archive.infolist() if not e.is_dir() and not _is_aside(e.filename)]
    if len(entries) != 1:
        text = _("{path} has {n} files in it. Unpack it, and use one of them or their folder.")
        raise SourceFailed(text.format(path=path, n=f"{len(entries):,}"))
    return entries[0]


def _is_aside(name: str) -> bool:
    return name.startswith(ASIDE) or name.endswith(ASIDE)
