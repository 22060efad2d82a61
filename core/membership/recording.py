"""The ledger after a run: what was really delivered, and who wants whom from now on."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.membership.ledger import MOMENT, OURS, SCHEMA, STATES, State


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a run. Frames of email and hash; `members` are all whom the export wants.

    `whole`: the members are everybody whom the export wants, so that others have left.
    """

    export_id: int
    run_id: int
    at: datetime
    accepted: pl.DataFrame
    refused: pl.DataFrame
    members: pl.DataFrame
    whole: bool
    left: pl.DataFrame | None = None  # email: taken off the list


def recorded(ledger: pl.DataFrame, run: Delivered) -> pl.DataFrame:
    """The new ledger, SCHEMA. Recording the same run twice changes nothing more."""
    ledger = _with(ledger, run.accepted, run, State.sent)
    known = ledger.filter(pl.col("state").is_in(list(OURS)))
    refused = run.refused.join(known, on="email", how="anti")  # an earlier version still stands
    ledger = _with(ledger, refused, run, State.refused).with_columns(claims=_claims(run))
    return ledger if run.left is None else _without(ledger, run.left)


def _without(ledger: pl.DataFrame, left: pl.DataFrame) -> pl.DataFrame:
    """Who was taken off the list is nobody's any more, and would be sent anew."""
    gone = pl.col("email").is_in(left["email"].implode())
    return ledger.with_columns(
        state=pl.when(gone).then(pl.lit(State.left, STATES)).otherwise("state"),
        claims=pl.when(gone).then(pl.lit([], pl.List(pl.Int64))).otherwise("claims"),
    )


def _with(ledger: pl.DataFrame, people: pl.DataFrame, run: Delivered, state: State) -> pl.DataFrame:
    """The people, sent by this run; what is known of them besides stays."""
    sent = people.unique("email").select(
        "email",
        new="hash",
        at=pl.lit(run.at, MOMENT),
        by=pl.lit(run.run_id, pl.Int64),
        how=pl.lit(state, STATES),
    )
    both = ledger.join(sent, on="email", how="full", coalesce=True)
    return both.select(
        "email",
        hash=pl.coalesce("new", "hash"),
        claims=pl.col("claims").fill_null([]),
        profile_id="profile_id",
        state=pl.coalesce("how", "state"),
        first_at=pl.coalesce("first_at", "at"),
        sent_at=pl.coalesce("at", "sent_at"),
        run=pl.coalesce("by", "run"),
    ).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _claims(run: Delivered) -> pl.Expr:
    """Members who arrived are wanted by the export; the others no more, if these are all."""
    mine = pl.lit([run.export_id], pl.List(pl.Int64))
    wanted = pl.col("email").is_in(run.members["email"].implode())
    here = wanted & pl.col("state").is_in(list(OURS))
    dropped = ~wanted if run.whole else pl.lit(value=False)
    return (
        pl.when(here)
        .then(pl.col("claims").list.set_union(mine))
        .when(dropped)
        .then(pl.col("claims").list.set_difference(mine))
        .otherwise("claims")
    )
