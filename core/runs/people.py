"""The people of a run by what became of them, as far as that is known by now."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from core.access import Action, Person, may
from core.errors import Conflict
from core.store import Store, removed
from core.store.tables.runs import Run

if TYPE_CHECKING:
    import polars as pl


class Outcome(StrEnum):
    """What became of a member, in an address too."""

    rejected = "rejected"  # before sending
    refused = "refused"  # by the destination; or provably not on the list
    new = "new"  # sent first by this run, and accepted
    changed = "changed"  # accepted, and sent before
    same = "same"  # not sent again
    undelivered = "undelivered"  # not sent, or not taken; a retry sends them


LEFT_OUT = frozenset({Outcome.rejected, Outcome.refused})  # who they were is kept for a while


def of_run(store: Store, person: Person, parts: Sequence[Run], outcome: Outcome) -> "pl.DataFrame":
    """Email, reason, detail of each, all parts of a run together.

    Those accepted whom a later run has sent again are no longer known as this run's. Addresses are
    masked for those who may not see them. Raises Denied, StorageFailed; Conflict where who they
    were was removed by its age.
    """
    import polars as pl

    from core.runs import rejects

    store.require(person, Action.look)
    if gone := removed_since(parts[0], outcome):
        raise Conflict(gone)
    if outcome in LEFT_OUT:
        found = pl.concat([_left_out(store, part, outcome) for part in parts])
    elif outcome is Outcome.undelivered:
        found = pl.concat([_undelivered(store, part) for part in parts])
    else:
        emails = pl.DataFrame({"email": _sent(store, parts, outcome)}, {"email": pl.String})
        nothing = pl.lit(None, pl.String)
        found = emails.with_columns(reason=nothing, detail=nothing)
    if may(person, Action.see_addresses):
        return found
    return rejects.masked(found)


def removed_since(run: Run, outcome: Outcome) -> str | None:
    """That these people of the run were removed by its age, as a sentence; None where not."""
    if outcome in LEFT_OUT:
        return removed.rejects(run)
    return removed.files(run) if outcome is Outcome.undelivered else None


def _left_out(store: Store, run: Run, outcome: Outcome) -> "pl.DataFrame":
    import polars as pl

    from core.runs import rejects

    found = rejects.of_run(store.settings, run)
    later = pl.concat(
        [rejects.refused(store.settings, run), rejects.missing(store.settings, run).drop("batch")]
    )
    by_destination = pl.col("row").is_in(later["row"].implode())
    wanted = by_destination if outcome is Outcome.refused else ~by_destination
    return found.filter(wanted).select("email", "reason", "detail")


def _undelivered(store: Store, run: Run) -> "pl.DataFrame":
    from core.runs import undelivered
    from core.store import jobs

    with store.begin() as session:
        sent = jobs.of_run(session, run.id)
    return undelivered.people(store.settings, run, sent)


def _sent(store: Store, parts: Sequence[Run], outcome: Outcome) -> "pl.Series":
    """The emails by the ledger: of those accepted, or left as they were."""
    import polars as pl

    from core.plan import ledger as ledgers
    from core.runs.steps import ledger

    run = parts[0]
    if outcome is Outcome.same:
        return ledger.unchanged(store.settings, run, parts).sort()
    rows = ledgers.read(ledger.path(store.settings, run)).filter(ledgers.HERE)
    own = (pl.col("export") == run.export_id) & pl.col("run").is_in([part.id for part in parts])
    first = rows.group_by("email").agg(first=pl.col("first_at").min())
    mine = rows.filter(own).join(first, on="email")
    is_new = pl.col("first") == pl.col("sent_at")
    return mine.filter(is_new if outcome is Outcome.new else ~is_new)["email"].sort()
