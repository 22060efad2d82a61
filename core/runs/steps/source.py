"""What a run takes from its source: all of it by a reader, so that no file harms the server.

A reader that is ended, by a bound or because somebody stops the run, leaves nothing half done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.audience import erased, gather
from core.plan import freeze as plan
from core.plan.frozen import Frozen
from core.plan.hashes import FORMER_HASH, HASH
from core.profiles.matching.reasons import Reason
from core.profiles.matching.rows import hashed
from core.profiles.sources import Kind, Progress, silent, translated
from core.profiles.sources.notes import Note
from core.profiles.summary import Summary
from core.readers import by_reader_for_run
from core.runs import rejects
from core.runs.steps import ledger
from core.store import Store
from core.store.tables.runs import Run


@dataclass(frozen=True, slots=True)
class FromSource:
    """All people of a run's segments, frozen, and what the run records of where they are from."""

    frozen: Frozen
    changes: list[dict[str, int]]  # of each part, against the ledger
    segments: Mapping[str, int]
    schema: Mapping[str, Kind]  # of the source
    kinds: Mapping[str, Kind]  # of columns sent with their own type
    notes: tuple[Note, ...]
    summary: Summary | None  # of the source; None where it is for one person alone


@by_reader_for_run
def people(store: Store, run: Run, now: datetime, progress: Progress | None = None) -> pl.Series:
    """The different addresses of the run's people: email. Raises SourceFailed, Invalid."""
    found = erased.gathered(store, run.order, now, progress)
    return gather.people(run.order, found)


@by_reader_for_run
def people_in_both_forms(
    store: Store, run: Run, now: datetime, progress: Progress | None = None
) -> pl.DataFrame:
    """The run's people as `rehash.rehashed` needs them. Raises SourceFailed, Invalid."""
    found = erased.gathered(store, run.order, now, progress)
    with translated(found.source):
        people = hashed(found.frame, found.matching, HASH, FORMER_HASH)
        return people.drop("clears").collect(engine="streaming")


@by_reader_for_run
def freeze(
    store: Store,
    run: Run,
    now: datetime,
    suppressed: pl.Series | None,
    progress: Progress | None = None,
) -> FromSource:
    """Freezes the run's people as the source has them now, without those suppressed (emails).

    Raises OverLimit, SourceFailed, Invalid, StorageFailed, and what `progress` raises.
    """
    order, settings = run.order, store.settings
    alone = order.only_email is not None
    found = erased.gathered(
        store, order, now, progress, summarises=not alone, numbers_segments=True
    )
    if suppressed is not None:
        found = gather.without(found, suppressed, Reason.suppressed)
    frozen = plan.freeze(
        found.frame,
        found.matching,
        rejects.folder(settings, run),
        limit=order.export.limit,
        over=order.export.over_limit,
        progress=progress or silent,
        only_email=order.only_email,
        known=ledger.known(settings, run, order),
        refused=ledger.refused(settings, run, order),
        notes=found.notes,
    )
    changes = ledger.changes(store, run, frozen.parts)
    segments, schema = dict(found.counts.segments), dict(found.source.schema())
    seen = found.kinds, found.notes, found.summary
    return FromSource(frozen, changes, segments, schema, *seen)
