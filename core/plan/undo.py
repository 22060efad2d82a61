"""What takes a run back, or a list to a former day: who comes off, who goes back, who stays.

Everything here is said by the ledger and the journal of a list. Who has been changed since, by a
later run of whichever export, is left alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from core.plan.journal import KEY
from core.plan.ledger import HERE, State

LEFT = pl.col("state") == State.left
ARRIVED = [State.sent, State.on_list]
# One row for each person; `alone` says why nothing is done to them, null where something is.
PEOPLE: dict[str, pl.DataType] = {
    "email": pl.String(),
    "change": pl.String(),  # one of Change
    "alone": pl.String(),  # one of Alone
    "by": pl.Int64(),  # the run that changed them since
    "export": pl.Int64(),  # as whose they are sent
    "hash": pl.UInt64(),  # of the body that it sent them last
    "former": pl.UInt64(),  # and of the one before, which is to be restored
    "sent_by": pl.Int64(),  # by this run
    "person": pl.UInt64(),
    "began": pl.Datetime("us", "UTC"),  # who was on the list before that isn't ours
}


@dataclass(frozen=True, slots=True)
class Undone:
    """A run that was taken back: by this undo, which touched these people (as a journal)."""

    undo: int
    touched: pl.DataFrame
    journal: pl.DataFrame  # of the parts that were taken back, as `journal.of_runs`
    complete: bool = True  # nothing of it is left to do


class Change(StrEnum):
    """What is done to a person, or would be if they weren't left alone."""

    take_off = "take_off"
    put_back = "put_back"
    restore = "restore"  # what this export had sent of them before


class Alone(StrEnum):
    """Why somebody is left as they are."""

    changed_since = "changed_since"  # by a later run, of this or of another export
    changed_address = "changed_address"  # the same person was on the list under another one
    not_there = "not_there"  # not on the list any more, and not by the run
    not_kept = "not_kept"  # what was sent before wasn't kept
    profile_stays = "profile_stays"  # the export joins no list, so there is none to leave
    # Found out once the destination is asked:
    joined_elsewhere = "joined_elsewhere"  # they were on the list before
    no_profile = "no_profile"  # deleted at the destination
    suppressed = "suppressed"
    erased = "erased"  # nothing is sent to them any more


def of_run(
    ledger: pl.DataFrame,
    journal: pl.DataFrame,
    export_id: int,
    later: Collection[int],
    kept: Collection[int],
    besides: pl.Series,
) -> pl.DataFrame:
    """PEOPLE of some runs of the export (one, or the parts of a split), by email.

    `journal` is what they changed, as `journal.of_runs`; `later` the runs that were recorded after
    them; `kept` those of which it is kept what they sent, `besides` the emails of those whose
    previous values are kept by themselves.
    """
    mine = journal.filter(export=export_id).unique("email", keep="first", maintain_order=True)
    now = _now(ledger, export_id, mine["email"], later)
    both = mine.drop("export").join(now, on="email", how="left")
    arrived = pl.col("after").is_in(ARRIVED)
    change = (
        pl.when(arrived & ~pl.col("here"))
        .then(pl.lit(Change.take_off))
        .when(arrived)
        .then(pl.lit(Change.restore))
        .when(pl.col("taken") & pl.col("here"))
        .then(pl.lit(Change.put_back))
    )
    # Who was sent the same once more has nothing to be restored.
    same = pl.col("hash").eq(pl.col("sent")).fill_null(value=False)
    again = pl.col("change").eq(Change.restore) & same
    found = both.with_columns(change=change).filter(pl.col("change").is_not_null() & ~again)
    found = found.with_columns(moved=_moved(found, ledger, mine["email"]))
    since = pl.col("newest").is_not_null()
    other = pl.col("other").is_not_null() & pl.col("change").eq(Change.take_off)
    is_kept = pl.col("sent_by").is_in(list(kept)) | pl.col("email").is_in(besides.implode())
    alone = _alone(since | other, is_kept)
    by = pl.when(since).then("newest").when(other).then("other")
    found = found.with_columns(alone=alone, by=by, export=pl.lit(export_id), former="hash")
    return _people(found.with_columns(hash="sent"))


def to_day(ledger: pl.DataFrame, journal: pl.DataFrame, export_id: int) -> pl.DataFrame:
    """PEOPLE whom all runs after a day put on the list or took off it, by email.

    `journal` is what all of these runs changed, in their order. Who goes back is sent as the export
    that had them, or as this one where it had them too.
    """
    off = pl.col("after") == State.left
    joined = pl.col("after").is_in(ARRIVED) & ~pl.col("here")
    then = journal.group_by("email", maintain_order=True).agg(
        pl.col("here").first(),
        pl.col("taken").filter(off).last(),
        began=pl.coalesce(pl.col("began").filter(joined).last(), pl.col("began").first()),
    )
    own = journal.filter(off).sort(pl.col("export") == export_id, maintain_order=True)
    former = own.unique("email", keep="last").select("email", "export")
    both = then.join(former, on="email", how="left").join(
        _anybody(ledger, then["email"]), on="email", how="left"
    )
    theirs = ledger.select("email", "export", "state", "hash")
    both = both.join(theirs, on=["email", "export"], how="left")
    there = pl.col("there").fill_null(value=False)
    change = (
        pl.when(there & ~pl.col("here"))
        .then(pl.lit(Change.take_off))
        .when(~there & pl.col("here"))
        .then(pl.lit(Change.put_back))
    )
    both = both.with_columns(change=change, former=None, sent_by=None, by=None)
    both = both.filter(pl.col("change").is_not_null())
    both = both.with_columns(moved=_moved(both, ledger, then["email"]))
    return _people(both.with_columns(alone=_alone(pl.lit(value=False), pl.lit(value=True))))


def rewound(ledger: pl.DataFrame, undos: Iterable[Undone]) -> pl.DataFrame:
    """The ledger as if these undos, and what they took back, had not been; newest first of those.

    Who stands as an undo left them has the run that sent them before what it took back. Whom an
    export sent first by that, and who stayed as others had put them there, is nobody's there.
    """
    for one in undos:
        former = one.journal.unique(KEY, keep="first").select(*KEY, "before", "sent_by")
        touched = one.touched.select(*KEY, touched=pl.lit(value=True))
        rows = ledger.join(former, on=KEY, how="left", maintain_order="left")
        rows = rows.join(touched, on=KEY, how="left", maintain_order="left")
        by_it = pl.col("run").is_in(one.journal["run"].unique().implode())
        back = pl.col("touched") & (pl.col("run").eq(one.undo) | by_it & LEFT)
        back, same = back.fill_null(value=False), pl.lit(one.complete) & by_it
        was_here = pl.col("before").is_in(ARRIVED).fill_null(value=False)
        stands = (back | same).fill_null(value=False)
        nobodys = stands & HERE & ~was_here
        run = pl.when(~stands).then("run").when(~nobodys).then("sent_by")
        export = pl.when(~nobodys).then("export")
        ledger = rows.with_columns(run=run, export=export).select(ledger.columns)
    return ledger


def as_if_not(former: pl.DataFrame, mine: pl.DataFrame, undone: Collection[int]) -> pl.DataFrame:
    """What a run changed (`mine`) of how it would have been without those undone since.

    `former` is what the runs before it changed, in their order. Each person was before it as the
    last of these that still counts had left them.
    """
    known = former.filter(pl.col("after").ne(State.refused).fill_null(value=False))
    both = pl.concat([known, mine]).filter(pl.col("email").is_in(mine["email"].implode()))
    counts = pl.col("run").is_in(list(undone)) | pl.col("run").is_in(mine["run"].implode())
    both = both.with_row_index("n").with_columns(counts=~counts)
    own = _since_last(both, KEY).select(*KEY, "before", "hash", "sent_by")
    anybody = _since_last(both, ["email"]).select("email", "here", "began")
    bare = mine.drop("before", "hash", "sent_by", "here", "began")
    rows = bare.join(own, on=KEY, how="left", maintain_order="left")
    rows = rows.join(anybody, on="email", how="left", maintain_order="left")
    return rows.select(mine.columns)


def _since_last(rows: pl.DataFrame, keys: Collection[str]) -> pl.DataFrame:
    """Of each of the keys the first row after the last that counts."""
    last = pl.col("n").cast(pl.Int64).filter("counts").max().over(keys).fill_null(-1)
    return rows.filter(pl.col("n") > last).unique(keys, keep="first", maintain_order=True)


def without_list(people: pl.DataFrame) -> pl.DataFrame:
    """The same of an export that joins no list: whoever it sent first keeps their profile."""
    first = pl.col("change").eq(Change.take_off) & pl.col("alone").is_null()
    stays = pl.when(first).then(pl.lit(Alone.profile_stays)).otherwise("alone")
    return people.with_columns(alone=stays)


def _anybody(ledger: pl.DataFrame, emails: pl.Series, later: Collection[int] = ()) -> pl.DataFrame:
    """Who these people are, whether they are there by anybody, the newest of `later` they have."""
    rows = ledger.lazy().filter(pl.col("email").is_in(emails.implode()))
    newest = pl.col("run").filter(HERE | LEFT, pl.col("run").is_in(list(later))).max()
    person = pl.col("person").drop_nulls().last()
    return rows.group_by("email").agg(person, there=HERE.any(), newest=newest).collect()


def _now(
    ledger: pl.DataFrame, export_id: int, emails: pl.Series, later: Collection[int]
) -> pl.DataFrame:
    """Where these people stand by now for the export; `other` is a run by which another has them.

    What was sent them last has the hash `sent`.
    """
    own = ledger.filter(export=export_id).select("email", "state", sent="hash")
    others = ledger.filter(HERE, pl.col("export") != export_id)
    others = others.group_by("email").agg(other=pl.col("run").max())
    both = _anybody(ledger, emails, later).join(own, on="email", how="left")
    return both.join(others, on="email", how="left")


def _moved(found: pl.DataFrame, ledger: pl.DataFrame, changed: pl.Series) -> pl.Expr:
    """Whether somebody is the same person as another one who is here, or is one of `changed`.

    `changed` are all whose rows the runs changed: who got another address was not taken off, and is
    in no plan under the former one.
    """
    persons = found["person"].drop_nulls().unique()
    rows = ledger.filter(pl.col("person").is_in(persons.implode()))
    near = rows.filter(HERE | pl.col("email").is_in(changed.implode()))
    several = near.group_by("person").agg(pl.col("email").n_unique()).filter(pl.col("email") > 1)
    moved = pl.col("person").is_in(several["person"].implode())
    return moved.fill_null(value=False) & pl.col("change").ne(Change.restore)


def _alone(since: pl.Expr, is_kept: pl.Expr) -> pl.Expr:
    change, there = pl.col("change"), pl.col("there").fill_null(value=False)
    off = pl.col("state").eq(State.left).fill_null(value=False)
    taken = pl.col("taken").fill_null(value=False)
    return (
        pl.when(since)
        .then(pl.lit(Alone.changed_since))
        .when("moved")
        .then(pl.lit(Alone.changed_address))
        .when(change.ne(Change.put_back) & ~there)
        .then(pl.lit(Alone.not_there))
        .when(change.eq(Change.put_back) & there)
        .then(pl.lit(Alone.changed_since))
        .when(change.eq(Change.put_back) & ~(off & taken))
        .then(pl.lit(Alone.not_there))
        .when(change.eq(Change.restore) & ~is_kept.fill_null(value=False))
        .then(pl.lit(Alone.not_kept))
    )


def _people(found: pl.DataFrame) -> pl.DataFrame:
    return found.select(list(PEOPLE)).cast(pl.Schema(PEOPLE)).sort("email")
