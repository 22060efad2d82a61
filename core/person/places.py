"""Where the data folder has people in files, and how one is taken out of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from core.audience.suppressed import FOLDER
from core.person.purging import Addresses, from_parquet
from core.person.uploads import from_upload
from core.profiles.sources.work import FETCHED
from core.settings import Settings

PARQUET = "*.parquet"
Purge = Callable[[Path, Addresses], int | None]  # rows; None where the file can't be changed


@dataclass(frozen=True, slots=True)
class Place:
    """Files of one kind, by its name in receipts."""

    name: str
    files: Callable[[Settings], Collection[Path]]
    purge: Purge = from_parquet


def _leftovers(settings: Settings) -> list[Path]:
    """What killed processes left of replacing files."""
    found = (path for folder in settings.folders for path in folder.rglob("*.part"))
    return [path for path in found if path.is_file()]


def _removed(file: Path, _wanted: Addresses) -> int:
    file.unlink(missing_ok=True)
    return 0


def _inside(folder: Path, pattern: str = PARQUET) -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file())


def _copies(settings: Settings, fetched: bool) -> list[Path]:
    """Converted copies of sources, or files that were fetched from stores as they are there."""
    files = _inside(settings.cache, "*" if fetched else PARQUET)
    return [file for file in files if (file.parents[1].suffix == FETCHED) is fetched]


PLACES = (
    Place("ledgers", lambda settings: _inside(settings.ledgers)),
    Place("runs", lambda settings: _inside(settings.runs)),
    Place("suppressed", lambda settings: _inside(settings.files / FOLDER)),
    Place("copies", lambda settings: _copies(settings, fetched=False)),
    Place("fetched", lambda settings: _copies(settings, fetched=True), from_upload),
    Place(
        "uploads",
        lambda settings: [
            file
            for folder in (settings.uploads, settings.arrivals, settings.home / "demo")
            for file in _inside(folder, "*")
        ],
        from_upload,
    ),
    Place("leftovers", _leftovers, _removed),
    # A run in another process may have written meanwhile what it had read before.
    Place("again", lambda settings: [*_inside(settings.ledgers), *_inside(settings.runs)]),
)
