"""What a run would change: who joins, who is updated, who is unchanged, who leaves."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from core.plan.ledger import HERE

FORMER = ("email", "person", "claimed", "sent_at")


@dataclass(frozen=True, slots=True)
class Plan:
    """Numbers of people, and the leavers: email, first_at (when anything of ours sent them first).

    `leave` are those that no other export of this installation wants on the list. Among the leavers
    are also the former addresses of members; their people don't leave.
    """

    add: int
    update: int
    unchanged: int
    refused: int  # as they are, by the destination, when they were sent last: not sent again
    changed_address: int  # of those updated: under another address than before
    leave: int
    clear: int  # of those added and updated: with fields that are emptied
    leavers: pl.DataFrame


def plan(ledger: pl.DataFrame, members: pl.LazyFrame, export_id: int) -> Plan:
    """The members (email, hash, clears, person; each email once) against their list's ledger."""
    before, own = refused(ledger, export_id), pl.col("export") == export_id
    here = ledger.lazy().filter(HERE)
    mine = here.filter(own)
    sent = members if before.is_empty() else _without(members, before)
    fresh = _fresh(sent, here)
    same = sent.join(mine, on=["email", "hash"], how="semi")
    clears = sent.filter(pl.col("clears")).join(mine, on=["email", "hash"], how="anti")
    gone = mine.join(members.select("email"), on="email", how="anti")
    counts = [frame.select(pl.len()) for frame in (members, sent, same, clears)]
    *numbers, new, former = pl.collect_all([*counts, fresh, gone.select(FORMER)])
    total, to_send, unchanged, clear = (int(one.item()) for one in numbers)
    moves = _moves(new, former, members)
    leavers = _leavers(here, former, export_id)
    moving = moves.join(new, on="email", how="semi").height
    going = leavers.join(moves.select(email="before"), on="email", how="anti").height
    known = to_send - new.height
    return Plan(
        add=new.height - moving,
        update=known - unchanged + moving,
        unchanged=unchanged,
        refused=total - to_send,
        changed_address=moving,
        leave=going,
        clear=clear,
        leavers=leavers,
    )


def moved(ledger: pl.DataFrame, members: pl.LazyFrame, export_id: int) -> pl.DataFrame:
    """Members who are the same person as before under another address: email, before.

    Whoever has their former address now keeps it; who says the same of themselves as somebody else
    among the members is nobody's former self.
    """
    here = ledger.lazy().filter(HERE)
    mine = here.filter(pl.col("export") == export_id)
    gone = mine.join(members.select("email"), on="email", how="anti")
    new, former = pl.collect_all([_fresh(members, here), gone.select(FORMER)])
    return _moves(new, former, members)


def _fresh(members: pl.LazyFrame, here: pl.LazyFrame) -> pl.LazyFrame:
    """Whose address nobody has on the list: email, person."""
    known = here.select("email").unique()
    return members.join(known, on="email", how="anti").select("email", "person")


def _moves(new: pl.DataFrame, former: pl.DataFrame, members: pl.LazyFrame) -> pl.DataFrame:
    nobody = pl.DataFrame(schema={"email": pl.String, "before": pl.String})
    last = former.drop_nulls("person").sort("sent_at").unique("person", keep="last")
    pairs = new.join(last.select("person", before="email"), on="person")
    if pairs.is_empty():
        return nobody
    same = members.filter(pl.col("person").is_in(pairs["person"].implode()))
    alone = same.group_by("person").len().filter(len=1).collect()
    return pairs.join(alone, on="person", how="semi").select("email", "before")


def _leavers(here: pl.LazyFrame, former: pl.DataFrame, export_id: int) -> pl.DataFrame:
    """Of those who are no members any more, whom nobody else wants: email, first_at of anybody."""
    left = former.filter("claimed").select("email").lazy()
    rows = here.join(left, on="email", how="semi").select("email", "export", "claimed", "first_at")
    others = pl.col("claimed") & (pl.col("export") != export_id)
    found = rows.group_by("email").agg(pl.col("first_at").min(), others=others.any())
    return found.filter(~pl.col("others")).select("email", "first_at").collect()


def _without(members: pl.LazyFrame, refused: pl.DataFrame) -> pl.LazyFrame:
    return members.join(refused.lazy().select("email", "hash"), on=["email", "hash"], how="anti")


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
    """The same person by person: email, change, before, why; by email.

    `change` is add, update, unchanged, refused (last time, and `why` in the destination's words),
    changed address (which was `before`) or leave.
    """
    here = ledger.filter(HERE)
    mine = here.filter(pl.col("export") == export_id).select("email", sent="hash")
    known = pl.col("email").is_in(here["email"].unique().implode())
    before = refused(ledger, export_id).with_columns(again=pl.lit(value=True))
    moves = moved(ledger, members.lazy(), export_id)
    both = members.join(before, on=["email", "hash"], how="left")
    both = both.join(moves, on="email", how="left")
    present = both.join(mine, on="email", how="left").select(
        "email",
        "before",
        "why",
        change=pl.when("again")
        .then(pl.lit("refused"))
        .when(pl.col("before").is_not_null())
        .then(pl.lit("changed address"))
        .when(pl.col("hash") == pl.col("sent"))
        .then(pl.lit("unchanged"))
        .when(known)
        .then(pl.lit("update"))
        .otherwise(pl.lit("add")),
    )
    leavers = plan(ledger, members.lazy(), export_id).leavers
    going = leavers.join(moves.select(email="before"), on="email", how="anti")
    left = going.select("email", change=pl.lit("leave"))
    told = pl.concat([present, left], how="diagonal").sort("email")
    return told.select("email", "change", "before", "why")


def newcomers(ledger: pl.DataFrame, members: pl.LazyFrame, export_id: int) -> pl.LazyFrame:
    """Those of the members (email, hash) who count as `Plan.add`."""
    sent = _without(members, refused(ledger, export_id))
    fresh = sent.join(moved(ledger, members, export_id).lazy(), on="email", how="anti")
    return fresh.join(ledger.lazy().filter(HERE).select("email").unique(), on="email", how="anti")


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
