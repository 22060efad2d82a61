"""The files of runs that are removed by their age: rejects by themselves, or whatever else."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from core.plan import frozen
from core.runs import rejects
from core.settings import Settings
from core.store.tables.runs import Run

BESIDE = frozenset({"refused", "missing"})  # folders of rejects, beside what was frozen


def remove_rejects(settings: Settings, group: Iterable[Run]) -> None:
    """Removes who was not exported, of all parts of a run. What isn't there is no error."""
    for run in group:
        folder = rejects.folder(settings, run)
        _remove(frozen.rejects_path(folder, run.part))
        for name in BESIDE:
            _remove(settings.runs / str(run.id) / name)
        _remove_empty(settings.runs / str(run.id), folder)


def remove_frozen(settings: Settings, group: Iterable[Run]) -> None:
    """Removes what was frozen of all parts of a run, but who was not exported."""
    for run in group:
        folder = rejects.folder(settings, run)
        for path in _inside(folder):
            if not is_of_rejects(path):
                _remove(path)
        _remove_empty(folder)


def remove_all(settings: Settings, group: Iterable[Run]) -> None:
    """Removes the folders of all parts of a run."""
    for run in group:
        _remove(settings.runs / str(run.id))


def is_of_rejects(path: Path) -> bool:
    """Whether a file of a run tells who was not exported."""
    return path.parent.name in BESIDE or path.name == frozen.REJECTS


def folders(settings: Settings) -> Iterator[tuple[int, Path]]:
    """The folders of runs, by their ids."""
    with suppress(OSError):  # there is none before the first run
        for path in settings.runs.iterdir():
            if path.name.isdecimal():
                yield int(path.name), path


def _inside(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        rmtree(path) if path.is_dir() else path.unlink()


def _remove_empty(*places: Path) -> None:
    """Folders in which nothing is left, the innermost first."""
    for folder in places:
        inner = sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else []
        for path in (*(one for one in inner if one.is_dir()), folder):
            with suppress(OSError):  # something is left in it, or it isn't there
                path.rmdir()
