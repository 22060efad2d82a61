"""The ledger after a run: what was really delivered, and which export wants which people now."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from core.plan.ledger import HERE, SCHEMA, STATES, TIMESTAMP, State


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a run. Frames of email, hash, person; `members` are all that the export wants.

    `whole`: the members are everybody that the export wants, so that others have left.
    """

    export_id: int
    run_id: int
    at: datetime
    accepted: pl.DataFrame
    refused: pl.DataFrame  # besides, where it is known: why, in words
    members: pl.DataFrame
    whole: bool
    left: pl.DataFrame | None = None  # email: taken off the list
    missing: pl.DataFrame | None = None  # as `refused`: provably not on the list
    ids: pl.DataFrame | None = None  # email, profile_id: the destination's, of some of them


def recorded(ledger: pl.DataFrame, run: Delivered) -> pl.DataFrame:
    """The new ledger, SCHEMA. Recording the same run twice changes nothing more."""
    mine = ledger.filter(pl.col("export") == run.export_id)
    mine = _with(mine, run.accepted, run, State.sent)
    if run.ids is not None and not run.ids.is_empty():
        mine = _with_ids(mine, run.ids)
    if run.missing is not None:
        mine = _with(mine, run.missing, run, State.missing)
    arrived = mine.filter(HERE)
    refused = run.refused.join(arrived, on="email", how="anti")  # an earlier version still stands
    mine = _refused(_claimed(_with(mine, refused, run, State.refused), run), run.refused)
    both = pl.concat([ledger.filter(pl.col("export") != run.export_id), mine])
    return both if run.left is None else _without(both, run.left)


def _with(mine: pl.DataFrame, people: pl.DataFrame, run: Delivered, state: State) -> pl.DataFrame:
    """The people, sent by this run; what is known of them besides stays."""
    sent = people.unique("email").select(
        "email",
        words=_words(people),
        who=_person(people),
        new="hash",
        at=pl.lit(run.at, TIMESTAMP),
        by=pl.lit(run.run_id, pl.Int64),
        how=pl.lit(state, STATES),
    )
    both = mine.join(_with_since(mine, sent), on="email", how="full", coalesce=True)
    rows = both.select(
        "email",
        export=pl.lit(run.export_id),
        # A body whose hash is null was sent too: what was known of the one before holds no longer.
        hash=pl.when(pl.col("how").is_null()).then("hash").otherwise("new"),
        claimed=pl.col("claimed").fill_null(value=False),
        profile_id="profile_id",
        state=pl.coalesce("how", "state"),
        # Under another address before: there since then, for the destination may keep the profile.
        first_at=pl.coalesce("first_at", "since", "at"),
        sent_at=pl.coalesce("at", "sent_at"),
        run=pl.coalesce("by", "run"),
        refused=pl.when(pl.col("how").is_null()).then("refused"),
        why=pl.when(pl.col("how").is_null()).then("why").otherwise("words"),
        person=pl.coalesce("who", "person"),
        by_polars=pl.col("how").is_null() & pl.col("by_polars"),
    )
    return rows.cast(pl.Schema(SCHEMA))


def _with_since(mine: pl.DataFrame, sent: pl.DataFrame) -> pl.DataFrame:
    """Since when each person who is new under this address is there under another one."""
    new = sent.filter(pl.col("who").is_not_null()).join(mine, on="email", how="anti")
    here = mine.filter(HERE, pl.col("person").is_in(new["who"].implode()))
    since = here.group_by("person").agg(since=pl.col("first_at").min())
    return sent.join(since, left_on="who", right_on="person", how="left")


def _with_ids(mine: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    """Whose profile is that of another address is there since that one was sent first."""
    known = ids.unique("email").select("email", new="profile_id")
    both = mine.join(known, on="email", how="left", maintain_order="left")
    both = both.with_columns(profile_id=pl.coalesce("new", "profile_id"))
    here = both.filter(HERE, pl.col("profile_id").is_in(ids["profile_id"].implode()))
    since = here.group_by("profile_id").agg(since=pl.col("first_at").min())
    both = both.join(since, on="profile_id", how="left", maintain_order="left")
    return both.with_columns(first_at=pl.min_horizontal("first_at", "since")).select(list(SCHEMA))


def _person(people: pl.DataFrame) -> pl.Expr:
    """Nobody's where several of them say the same of themselves."""
    if "person" not in people.columns:
        return pl.lit(None, pl.UInt64)
    return pl.when(pl.col("person").is_unique()).then("person")


def _words(people: pl.DataFrame) -> pl.Expr:
    return pl.col("why") if "why" in people.columns else pl.lit(None, pl.String)


def _refused(mine: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """The body that was refused, and why: it needn't be sent again as it is."""
    if refused.is_empty():
        return mine
    known = refused.unique("email").select("email", body="hash", words=_words(refused))
    both = mine.join(known, on="email", how="left", maintain_order="left")
    is_refused = pl.col("body").is_not_null()
    rows = both.with_columns(
        refused=pl.when(is_refused).then("body").otherwise("refused"),
        why=pl.when(is_refused).then("words").otherwise("why"),
    )
    return rows.select(list(SCHEMA)).cast(pl.Schema(SCHEMA))


def _claimed(mine: pl.DataFrame, run: Delivered) -> pl.DataFrame:
    """Members who arrived are wanted; the others no more, if these are all."""
    people = run.members.select("email", who=_person(run.members), member=pl.lit(value=True))
    both = mine.join(people.unique("email"), on="email", how="left", maintain_order="left")
    here = pl.col("member").fill_null(value=False) & HERE
    return both.with_columns(
        person=pl.coalesce("who", "person"),
        claimed=here if run.whole else here | pl.col("claimed"),
    ).drop("who", "member")


def _without(ledger: pl.DataFrame, left: pl.DataFrame) -> pl.DataFrame:
    """Who was taken off the list is claimed by no export any more, and would be sent again."""
    taken_off = pl.col("email").is_in(left["email"].implode())
    return ledger.with_columns(
        state=pl.when(taken_off).then(pl.lit(State.left, STATES)).otherwise("state"),
        claimed=pl.col("claimed") & ~taken_off,
    )
