"""The file of a backup: a ZIP archive with a manifest, which has the checksum of each member."""

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

from core.errors import Invalid
from core.profiles.sources import Progress
from core.texts import _

MANIFEST = "manifest.json"
FORMAT = 1  # a higher one is a newer version's
AT_ONCE = 1 << 20  # bytes
MOST_MANIFEST = 256 * AT_ONCE
PACKED = (".parquet", ".gz", ".zip", ".xlsx")  # packing them again gains nothing

Written = Callable[[int], None]  # hears how many bytes more are done; may raise, to stop


def shares(total: int, progress: Progress, doing: str) -> Written:
    """Tells which share of so many bytes is done, and with what."""
    done = 0

    def written(n: int) -> None:
        nonlocal done
        done += n
        progress(min(1.0, done / max(1, total)), doing)

    return written


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the backup, by its path within the data folder."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup has, and what it was made of; `home` is the data folder that it was."""

    version: str
    revision: str  # newest migration of its database
    made_at: str
    home: str
    keys: str  # one of `keys.Keys`
    counts: Mapping[str, int]
    members: tuple[Member, ...] = ()
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        """Of all members."""
        return sum(member.bytes for member in self.members)


@dataclass(slots=True)
class Writer:
    """Packs one file after the other; none is ever whole in memory."""

    archive: zipfile.ZipFile
    written: Written
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, path: Path) -> None:
        """A file as it is when it is opened. Left out if it is gone by then. Raises OSError."""
        try:
            with path.open("rb") as file:
                self.add_from(name, file)
        except FileNotFoundError:
            return  # what a run removed meanwhile

    def add_from(self, name: str, file: IO[bytes]) -> None:
        """What is read from there."""
        info = zipfile.ZipInfo(name)
        stored = name.endswith(PACKED)
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self.archive.open(info, "w", force_zip64=True) as member:
            size, digest = _copied(file, member.write, self.written)
        self.members.append(Member(name, size, digest))

    def close(self, manifest: Manifest) -> None:
        """The manifest comes last, so that what broke off has none."""
        self.archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup to read, and its manifest. Raises Invalid for what is none, and OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _manifest(archive)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, zlib.error) as error:
        text = _("{path} is no whole backup of Segferry: {why}. Take another one.")
        raise Invalid(text.format(path=path, why=str(error).strip("'\"."))) from error


def unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, read: Written) -> None:
    """All members into the folder. Raises Invalid for one that isn't what the manifest says."""
    for member in manifest.members:
        place = folder / _safe(member.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as file:
            _read(archive, member, file.write, read)


def check(archive: zipfile.ZipFile, manifest: Manifest, read: Written) -> None:
    """Reads all members. Raises Invalid for one that isn't what the manifest says."""
    for member in manifest.members:
        _read(archive, member, len, read)


def _read(
    archive: zipfile.ZipFile, member: Member, write: Callable[[bytes], object], read: Written
) -> None:
    with archive.open(member.name) as packed:
        found = _copied(packed, write, read, member.bytes)
    if found != (member.bytes, member.sha256):
        text = _("{name} in the backup is damaged: its checksum differs. Take another backup.")
        raise Invalid(text.format(name=member.name))


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise ValueError(_("its manifest is too large"))
    data: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if data["format"] > FORMAT:
        raise Invalid(_("The backup was made by a newer Segferry. Install that version."))
    members = tuple(Member(**member) for member in data.pop("members"))
    return Manifest(**data, members=members)


def _safe(name: str) -> PurePosixPath:
    """A path that stays within the folder. Raises Invalid."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
        text = _("The backup has a file {name}, which is outside of a data folder.")
        raise Invalid(text.format(name=name))
    return path


def _copied(
    source: IO[bytes],
    write: Callable[[bytes], object],
    done: Written,
    most: int | None = None,
) -> tuple[int, str]:
    """How many bytes that were, and their SHA-256; no more than one piece beyond `most`."""
    digest, size = sha256(), 0
    while (piece := source.read(AT_ONCE)) and (most is None or size <= most):
        write(piece)
        digest.update(piece)
        size += len(piece)
        done(len(piece))
    return size, digest.hexdigest()
