"""What a run would change: who joins, whose data changed, who is as they were, who leaves."""

from dataclasses import dataclass

import polars as pl

from core.membership.ledger import OURS


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of people, and the leavers: email, profile_id, first_at.

    `leave` are those whom no other export of this installation wants on the list.
    """

    add: int
    update: int
    unchanged: int
    leave: int
    leavers: pl.DataFrame


def plan(ledger: pl.DataFrame, members: pl.LazyFrame, export_id: int) -> Plan:
    """The members (email, hash; each email once) against the ledger of their list."""
    ours = ledger.lazy().filter(pl.col("state").is_in(list(OURS)))
    known = members.join(
        ours.select("email", before="hash", known=pl.lit(value=True)), on="email", how="left"
    )
    same = pl.col("hash") == pl.col("before")
    counted = known.select(
        add=pl.col("known").is_null().sum(),
        unchanged=same.fill_null(value=False).sum(),
        update=(pl.col("known") & ~same.fill_null(value=False)).sum(),
    )
    claimed = ours.filter(pl.col("claims").list.contains(export_id))
    gone = claimed.join(members, on="email", how="anti")
    numbers, left = pl.collect_all([counted, gone])
    leavers = left.filter(pl.col("claims").list.len() == 1)
    row = {name: int(n or 0) for name, n in numbers.row(0, named=True).items()}
    return Plan(**row, leave=leavers.height, leavers=leavers.select(LEAVER))


LEAVER = ["email", "profile_id", "first_at"]


def ours(ledger: pl.DataFrame) -> int:
    """How many are on the list by us."""
    return ledger.filter(
        pl.col("state").is_in(list(OURS)) & (pl.col("claims").list.len() > 0)
    ).height


def known_hashes(ledger: pl.DataFrame) -> pl.Series:
    """The hashes of the bodies that needn't be sent again; a body holds its email."""
    return ledger.filter(pl.col("state").is_in(list(OURS)))["hash"].drop_nulls()
