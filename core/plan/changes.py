"""What a run would change: who joins, who is updated, who is unchanged, who leaves."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from core.plan.ledger import HERE


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of people, and the leavers: email, first_at (when anything of ours sent them first).

    `leave` are those that no other export of this installation wants on the list.
    """

    add: int
    update: int
    unchanged: int
    refused: int  # as they are, by the destination, when they were sent last: not sent again
    leave: int
    clear: int  # of those added and updated: with fields that are emptied
    leavers: pl.DataFrame


def plan(ledger: pl.DataFrame, members: pl.LazyFrame, export_id: int) -> Plan:
    """The members (email, hash, clears; each email once) against the ledger of their list."""
    here = ledger.lazy().filter(HERE)
    mine = here.filter(pl.col("export") == export_id)
    every, before = members, refused(ledger, export_id).lazy().select("email", "hash")
    members = every.join(before, on=["email", "hash"], how="anti")
    known = members.join(here.select("email").unique(), on="email", how="semi")
    same = members.join(mine, on=["email", "hash"], how="semi")
    clears = members.filter(pl.col("clears")).join(mine, on=["email", "hash"], how="anti")
    left = mine.filter("claimed").join(every, on="email", how="anti")
    others = here.filter(pl.col("claimed") & (pl.col("export") != export_id))
    since = here.group_by("email").agg(pl.col("first_at").min())
    leaving = left.select("email").join(others, on="email", how="anti").join(since, on="email")
    counts = [frame.select(pl.len()) for frame in (every, members, known, same, clears)]
    *numbers, leavers = pl.collect_all([*counts, leaving])
    all_, total, before_, unchanged, clear = (int(frame.item()) for frame in numbers)
    return Plan(
        add=total - before_,
        update=before_ - unchanged,
        unchanged=unchanged,
        refused=all_ - total,
        leave=leavers.height,
        clear=clear,
        leavers=leavers,
    )


def refused(ledger: pl.DataFrame, export_id: int) -> pl.DataFrame:
    """Those that the destination refused when they were sent last: email, hash of the body, why.

    They needn't be sent again before their row changes.
    """
    mine = ledger.filter(pl.col("export") == export_id, pl.col("refused").is_not_null())
    return mine.select("email", "why", hash="refused")


def forgiven(ledger: pl.DataFrame) -> pl.DataFrame:
    """The ledger as if nobody had been refused, so that all of them are sent again."""
    return ledger.with_columns(refused=pl.lit(None, pl.UInt64))


def changes(ledger: pl.DataFrame, members: pl.DataFrame, export_id: int) -> pl.DataFrame:
    """The same person by person: email, change (add, update, unchanged, refused, leave), by email.

    `why` somebody was refused last time, in the destination's words.
    """
    here = ledger.filter(HERE)
    mine = here.filter(pl.col("export") == export_id).select("email", sent="hash")
    known = pl.col("email").is_in(here["email"].unique().implode())
    before = refused(ledger, export_id).with_columns(again=pl.lit(value=True))
    both = members.join(before, on=["email", "hash"], how="left")
    present = both.join(mine, on="email", how="left").select(
        "email",
        "why",
        change=pl.when("again")
        .then(pl.lit("refused"))
        .when(pl.col("hash") == pl.col("sent"))
        .then(pl.lit("unchanged"))
        .when(known)
        .then(pl.lit("update"))
        .otherwise(pl.lit("add")),
    )
    leavers = plan(ledger, members.lazy(), export_id).leavers
    left = leavers.select("email", change=pl.lit("leave"))
    told = pl.concat([present, left], how="diagonal").sort("email")
    return told.select("email", "change", "why")


def newcomers(ledger: pl.DataFrame, members: pl.LazyFrame, export_id: int) -> pl.LazyFrame:
    """Those of the members (email, hash) who count as `Plan.add`."""
    before = refused(ledger, export_id).lazy().select("email", "hash")
    sent = members.join(before, on=["email", "hash"], how="anti")
    return sent.join(ledger.lazy().filter(HERE).select("email").unique(), on="email", how="anti")


def unchanged(
    ledger: pl.DataFrame, members: pl.LazyFrame, export_id: int, runs: Collection[int]
) -> pl.Series:
    """The emails of the members (email, hash) as they were sent before any of these runs."""
    mine = pl.col("export") == export_id
    before = ledger.lazy().filter(HERE, mine, ~pl.col("run").is_in(list(runs)))
    same = members.join(before, on=["email", "hash"], how="semi").select("email")
    return same.collect(engine="streaming")["email"]


def ours(ledger: pl.DataFrame) -> int:
    """How many are on the list by us."""
    return ledger.filter(HERE, "claimed")["email"].n_unique()


def known_hashes(ledger: pl.DataFrame, export_id: int) -> pl.Series:
    """The hashes of the bodies that needn't be sent again; a body holds its email."""
    return ledger.filter(HERE, pl.col("export") == export_id)["hash"].drop_nulls()
