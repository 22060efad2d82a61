"""The destination's ids of people of whom nothing else says who they are but their address."""

import logging

import polars as pl

from core.configuration.export import Mode
from core.errors import DestinationFailed, Stopped
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.ledger import Deliveries

MOST = 20_000  # people of one run: two hundred requests
NOBODY = pl.DataFrame(schema={"email": pl.String, "profile_id": pl.String})
log = logging.getLogger(__name__)


def profile_ids(work: RunAtWork, deliveries: Deliveries) -> pl.DataFrame:
    """email, profile_id of those whom a mirror delivered without a key or an external ID.

    By them it knows its own people again once they have another address. Asked in vain, nothing is
    known, and nothing else is lost.
    """
    run = work.run
    if run.order.export.mode is not Mode.mirror or run.stop_asked_by or run.error:
        return NOBODY
    unknown = deliveries.accepted.filter(pl.col("person").is_null())["email"].head(MOST)
    if unknown.is_empty():
        return NOBODY
    try:
        with work.destination() as destination:
            found = destination.ids_of(unknown)
    except (DestinationFailed, Stopped) as error:
        log.info("The ids of the people of run %s could not be asked for: %s", run.id, error)
        return NOBODY
    return pl.DataFrame({"email": list(found), "profile_id": list(found.values())}, NOBODY.schema)
