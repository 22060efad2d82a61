"""Empties fields of profiles that a run delivered, where the export wants that."""

import json
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.destinations import Destination
from core.errors import DestinationFailed, Missing, Stopped
from core.profiles.matching.fields import IN_PROPERTIES
from core.runs.steps.ledger import Came
from core.runs.steps.logbook import Logbook, Way
from core.store.tables.runs import Stage

AT_ONCE = 1_000  # people between two looks at whether to stop
NAMES = pl.col("clear").str.json_decode(pl.List(pl.String))
# Custom properties were emptied by the import itself.
NEEDS_ASKING = NAMES.list.eval(~pl.element().str.starts_with(IN_PROPERTIES)).list.any()


def clear(log: Logbook, way: Way, came: Came) -> Came:
    """What came of the run once fields are emptied; recorded with it, how many people had some.

    May be repeated: what is empty already is left alone. Where it fails, or is stopped, those that
    are left count as sent in an older form, so that the next run sends and empties them.
    """
    wanting = came.accepted.filter(pl.col("clear").is_not_null())
    waiting = wanting.filter(NEEDS_ASKING)
    left = pl.Series("email", [], pl.String)
    if not waiting.is_empty():
        left = _worked_off(log, way, waiting)
    log.record(cleared=wanting.height - left.len())
    undone = pl.when(~pl.col("email").is_in(left.implode())).then("hash")
    return replace(came, accepted=came.accepted.with_columns(hash=undone))


def _worked_off(log: Logbook, way: Way, waiting: pl.DataFrame) -> pl.Series:
    """The emails of those that were not reached."""
    done = 0
    log.record(stage=Stage.clearing, stage_share=0.0)
    try:
        with way(log) as destination:
            for some in waiting.iter_slices(AT_ONCE):
                if log.stop_asked():
                    break
                _empty(destination, dict(some.select("email", "clear").iter_rows()))
                done += some.height
                log.record(stage_share=done / waiting.height)
    except Stopped:
        pass
    except DestinationFailed as error:
        log.fail(str(error))
    return waiting["email"][done:]


def _empty(destination: Destination, people: Mapping[str, str]) -> None:
    """Asks first which of the fields hold anything, a hundred people in one request."""
    wanted = {email: frozenset(_fields(text)) for email, text in people.items()}
    fields = frozenset().union(*wanted.values())
    for email, found in destination.filled(people, fields).items():
        if full := sorted(found.fields & wanted[email]):
            try:
                destination.clear(found.id, full)
            except Missing:  # deleted meanwhile
                continue


def _fields(text: str) -> list[str]:
    return [name for name in json.loads(text) if not name.startswith(IN_PROPERTIES)]
