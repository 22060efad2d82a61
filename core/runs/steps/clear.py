"""Empties fields of profiles that a run delivered, where the export wants that."""

import json
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.destinations import Destination
from core.errors import DestinationFailed, Missing, Stopped
from core.layout import Layout
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.ledger import Deliveries
from core.store.tables.runs import ENDED, Stage

AT_ONCE = 1_000  # people between two looks at whether to stop


def clear(work: RunAtWork, deliveries: Deliveries) -> Deliveries:
    """The deliveries once fields are emptied; recorded with the run, how many people had some.

    May be repeated: what is empty already is left alone. Where it fails, or the run is stopped or
    has ended, those that are left count as sent in an older form, so that the next run sends and
    empties them.
    """
    wanting = deliveries.accepted.filter(pl.col("clear").is_not_null())
    layout = work.run.order.capabilities.layout
    waiting = wanting.filter(
        pl.col("clear").map_elements(lambda text: bool(_fields(text, layout)), pl.Boolean)
    )
    left = waiting["email"]
    if work.run.status not in ENDED and not waiting.is_empty():
        left = _work_off(work, waiting, layout)
    work.record(cleared=max(work.run.cleared, wanting.height - left.len()))
    undone = pl.when(~pl.col("email").is_in(left.implode())).then("hash")
    return replace(deliveries, accepted=deliveries.accepted.with_columns(hash=undone))


def _work_off(work: RunAtWork, waiting: pl.DataFrame, layout: Layout) -> pl.Series:
    """The emails of those that were not reached."""
    done = 0
    work.record(stage=Stage.clearing, stage_share=0.0)
    try:
        with work.destination() as destination:
            for some in waiting.iter_slices(AT_ONCE):
                if work.stop_requested():
                    break
                texts = some.select("email", "clear").iter_rows()
                _empty(destination, {email: _fields(text, layout) for email, text in texts})
                done += some.height
                work.record(stage_share=done / waiting.height)
    except Stopped:
        pass
    except DestinationFailed as error:
        work.fail(str(error))
    return waiting["email"][done:]


def _empty(destination: Destination, wanted: Mapping[str, frozenset[str]]) -> None:
    """Asks first which of the fields hold anything, a hundred people in one request."""
    fields = frozenset().union(*wanted.values())
    for email, found in destination.filled(wanted, fields).items():
        if full := sorted(found.fields & wanted[email]):
            try:
                destination.clear(found.id, full)
            except Missing:  # deleted meanwhile
                continue


def _fields(text: str, layout: Layout) -> frozenset[str]:
    """What is to be emptied now, of a JSON list of names; the rest was emptied by sending."""
    return frozenset(name for name in json.loads(text) if not layout.empties(name))
