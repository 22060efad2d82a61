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
    leave: int
    clear: int  # of those added and updated: with fields that are emptied
    leavers: pl.DataFrame


def plan(ledger: pl.DataFrame, members: pl.LazyFrame, export_id: int) -> Plan:
    """The members (email, hash, clears; each email once) against the ledger of their list."""
    here = ledger.lazy().filter(HERE)
    mine = here.filter(pl.col("export") == export_id)
    known = members.join(here.select("email").unique(), on="email", how="semi")
    same = members.join(mine, on=["email", "hash"], how="semi")
    clears = members.filter(pl.col("clears")).join(mine, on=["email", "hash"], how="anti")
    left = mine.filter("claimed").join(members, on="email", how="anti")
    others = here.filter(pl.col("claimed") & (pl.col("export") != export_id))
    since = here.group_by("email").agg(pl.col("first_at").min())
    leaving = left.select("email").join(others, on="email", how="anti").join(since, on="email")
    counts = [frame.select(pl.len()) for frame in (members, known, same, clears)]
    *numbers, leavers = pl.collect_all([*counts, leaving])
    total, before, unchanged, clear = (int(frame.item()) for frame in numbers)
    return Plan(total - before, before - unchanged, unchanged, leavers.height, clear, leavers)


def changes(ledger: pl.DataFrame, members: pl.DataFrame, export_id: int) -> pl.DataFrame:
    """The same person by person: email, change (add, update, unchanged, leave), by email."""
    here = ledger.filter(HERE)
    mine = here.filter(pl.col("export") == export_id).select("email", sent="hash")
    known = pl.col("email").is_in(here["email"].unique().implode())
    present = members.join(mine, on="email", how="left").select(
        "email",
        change=pl.when(pl.col("hash") == pl.col("sent"))
        .then(pl.lit("unchanged"))
        .when(known)
        .then(pl.lit("update"))
        .otherwise(pl.lit("add")),
    )
    leavers = plan(ledger, members.lazy(), export_id).leavers
    left = leavers.select("email", change=pl.lit("leave"))
    return pl.concat([present, left]).sort("email")


def newcomers(ledger: pl.DataFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    """Those of the members (email) who count as `Plan.add`."""
    return members.join(ledger.lazy().filter(HERE).select("email").unique(), on="email", how="anti")


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
