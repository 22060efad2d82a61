"""What the files of runs have of some addresses, without reading more of them than that."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from core.errors import StorageFailed
from core.plan import frozen, journal
from core.profiles.matching.emails import WHITE_SPACE
from core.profiles.sources import Progress, silent
from core.runs import membership, rejects
from core.runs.steps import ledger
from core.settings import Settings
from core.store.tables.runs import Run
from core.texts import _

AT_ONCE = 100  # files
EMAIL = pl.col("email")


class Trace(StrEnum):
    """Which file of a run has the person."""

    rejected = "rejected"  # before sending
    sent = "sent"
    waiting = "waiting"  # in a batch that isn't deleted yet
    refused = "refused"
    missing = "missing"
    member = "member"
    journal = "journal"


# What is read of each, and what former versions didn't keep: that is null then.
COLUMNS: dict[Trace, tuple[str, ...]] = {
    Trace.rejected: ("email", "reason", "detail", "segments"),
    Trace.sent: ("email", "body", "clear", "batch", "segments"),
    Trace.waiting: ("email",),
    Trace.refused: ("email", "reason", "detail"),
    Trace.missing: ("email", "reason", "detail"),
    Trace.member: ("email", "member", "segments"),
    Trace.journal: ("email", "export", "before", "after"),
}
LATER = {"segments": pl.Int64()}


@dataclass(frozen=True, slots=True)
class File:
    """A file, and the run that it belongs to."""

    path: Path
    run: int


@dataclass(slots=True)
class Traces:
    """The rows by kind, each with its run; and the files that can't be read."""

    rows: dict[Trace, list[dict[str, Any]]] = field(default_factory=dict)
    unreadable: list[Path] = field(default_factory=list)


def files_of(settings: Settings, run: Run) -> dict[Trace, list[Path]]:
    """The files of a run that name people, as far as they are there."""
    folder, own = rejects.folder(settings, run), settings.runs / str(run.id)
    part = frozen.rejects_path(folder, run.part).parent
    known = {
        Trace.rejected: [frozen.rejects_path(folder, run.part)],
        Trace.sent: [frozen.sent_path(folder, run.part)],
        Trace.waiting: sorted(part.glob("batch-*.parquet")),
        Trace.refused: sorted((own / "refused").glob("*.parquet")),
        Trace.missing: sorted((own / "missing").glob("*.parquet")),
        Trace.member: [membership.path(settings, run)],
        Trace.journal: [journal.path(ledger.path(settings, run), run.id)],
    }
    return {kind: [path for path in some if path.exists()] for kind, some in known.items()}


def find(
    settings: Settings, runs: Sequence[Run], emails: Sequence[str], progress: Progress = silent
) -> Traces:
    """The rows of these addresses, as they are sent, in the files of the runs.

    Raises what `progress` raises, which is asked between every AT_ONCE files.
    """
    files: dict[Trace, list[File]] = {kind: [] for kind in Trace}
    for run in runs:
        for kind, paths in files_of(settings, run).items():
            files[kind] += [File(path, run.id) for path in paths]
    total, done, found = sum(map(len, files.values())), 0, Traces()
    for kind, some in files.items():
        found.rows[kind] = []
        for chunk in _chunks(some):
            progress(done / total, _("Looking in the files of runs"))
            found.rows[kind] += _rows(kind, chunk, emails, found.unreadable)
            done += len(chunk)
    _add_waiting(settings, runs, emails, found)
    return found


def _chunks(files: Sequence[File]) -> Iterator[Sequence[File]]:
    for start in range(0, len(files), AT_ONCE):
        yield files[start : start + AT_ONCE]


def _rows(
    kind: Trace, files: Sequence[File], emails: Sequence[str], unreadable: list[Path]
) -> list[dict[str, Any]]:
    """Where one file of many can't be read, each is read by itself."""
    try:
        return _scanned(kind, files, emails)
    except (OSError, PolarsError):
        if len(files) == 1:
            unreadable.append(files[0].path)
            return []
    return [row for file in files for row in _rows(kind, [file], emails, unreadable)]


def _scanned(kind: Trace, files: Sequence[File], emails: Sequence[str]) -> list[dict[str, Any]]:
    """What was rejected is kept as the source had it, all else as it is sent."""
    email = EMAIL.str.strip_chars(WHITE_SPACE).str.to_lowercase()
    known = {str(file.path): file.run for file in files}
    wanted = (email if kind is Trace.rejected else EMAIL).is_in(list(emails))
    frame = _frame(kind, list(known))
    found = frame.filter(wanted).select("file", *COLUMNS[kind]).collect()
    named = found.with_columns(email=email, run=pl.col("file").replace_strict(known))
    return named.drop("file").to_dicts()


def _frame(kind: Trace, paths: list[str]) -> pl.LazyFrame:
    """The files as one, each row with its file; their other columns are as in the first."""
    first = pl.read_parquet_schema(paths[0])
    later = {name: dtype for name, dtype in LATER.items() if name in COLUMNS[kind]}
    return pl.scan_parquet(
        paths,
        glob=False,
        include_file_paths="file",
        schema={**first, **later},
        missing_columns="insert",
        extra_columns="ignore",
    )


def _add_waiting(
    settings: Settings, runs: Iterable[Run], emails: Sequence[str], found: Traces
) -> None:
    """What batches have that are kept for another try, as if it were among what was sent."""
    having = {row["run"] for row in found.rows.pop(Trace.waiting)}
    for run in runs:
        if run.id in having:
            rows = _in_batches(settings, run, emails, found.unreadable)
            found.rows[Trace.sent] += [row | {"run": run.id} for row in rows]


def _in_batches(
    settings: Settings, run: Run, emails: Sequence[str], unreadable: list[Path]
) -> list[dict[str, Any]]:
    folder = rejects.folder(settings, run)
    try:
        return frozen.sent(folder, run.part).filter(EMAIL.is_in(list(emails))).collect().to_dicts()
    except (OSError, PolarsError, StorageFailed):
        unreadable.append(frozen.batch_path(folder, run.part, 1).parent)
        return []
