"""The step before freezing, once after an update: the ledger's hashes in the form of today."""

import logging
from datetime import datetime

from core.plan import ledger, rehash
from core.profiles.sources import Progress
from core.runs.steps import source
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.ledger import WRITING, path

log = logging.getLogger(__name__)


def rehash_ledger(work: RunAtWork, now: datetime, progress: Progress) -> None:
    """Brings the hashes of the run's export to the form of today where they are in the one before.

    The source is read once more for that. Doing it again changes nothing. Raises SourceFailed,
    Invalid, StorageFailed, and what `progress` raises.
    """
    run, place = work.run, path(work.store.settings, work.run)
    made_by = ledger.made_by(place)
    if run.order.only_email is not None or not ledger.has_former(made_by):
        return
    if not ledger.is_comparable(made_by):
        text = "%s people of list %s are sent once more: another polars made the ledger's hashes"
        log.warning(text, f"{ledger.lost(place):,}", run.order.list_id)
        return
    export_id = run.export_id or 0
    if not rehash.needed(ledger.read(place), export_id):
        return
    people = source.people_in_both_forms(work.store, run, now, progress)
    with WRITING:
        ledger.write(place, rehash.rehashed(ledger.read(place), people, export_id))
