"""Which rows of a batch the destination refused, at once or by its job, and in what words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from core.destinations import Ended, Outcome, Refusal
from core.destinations.delivery import Sent
from core.profiles.sources import ROW
from core.runs.rejects import HELD_BACK, REFUSED, TOO_LARGE
from core.texts import _, many

NOBODY = pl.DataFrame(
    schema={"place": pl.UInt32, "detail": pl.String, "reason": pl.String, "nth": pl.UInt32}
)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one job: profiles accepted and refused, the refused rows, or what is wrong.

    `without`: by row, the paths of optional fields in its profile, where only these are at fault.
    """

    accepted: int
    refused: int
    rows: pl.DataFrame  # row, email, reason, detail
    error: str | None = None
    without: Mapping[int, Sequence[Sequence[str]]] = field(default_factory=dict)


def refused_at_once(batch: pl.DataFrame, sent: Sent) -> pl.DataFrame:
    """The rows taken out of the batch, with the destination's words: row, email, reason, detail."""
    places = pl.Series("place", list(sent.refused), dtype=pl.UInt32)
    details = pl.Series("detail", list(sent.refused.values()), dtype=pl.String)
    reason = pl.lit(TOO_LARGE if sent.too_large else REFUSED)
    return _rows(batch, pl.DataFrame([places, details]).with_columns(reason=reason))


def settle(batch: pl.DataFrame, at_once: pl.DataFrame, outcome: Outcome, title: str) -> Settled:
    """What a finished job says of a batch, less the rows that were taken out of it before.

    `title` is the destination's.
    """
    sent = batch.join(at_once, left_on=ROW, right_on="row", how="anti", maintain_order="left")
    if outcome.status is Ended.cancelled:
        text = _(
            "{destination} cancelled this import job. Its profiles are undelivered; retry the run."
        )
        return Settled(0, 0, _rows(sent, NOBODY), text.format(destination=title))
    rows = _rows(sent, _refusals(sent, outcome))
    refused = min(sent.height, max(outcome.failed_count, rows.height))
    accepted = min(sent.height - refused, outcome.accepted)
    unnamed, lost = refused - rows.height, sent.height - refused - accepted
    errors = [
        *([_unnamed(unnamed, outcome, title)] if unnamed else []),
        *([_lost(lost, sent.height, title)] if lost else []),
    ]
    whose = rows.select("row", "nth").iter_rows()
    paths = ((row, outcome.refusals[nth].without) for row, nth in whose)
    without = {row: path for row, path in paths if path}
    return Settled(accepted, refused, rows.drop("nth"), " ".join(errors) or None, without)


def _lost(n: int, sent: int, title: str) -> str:
    """The job is complete, and its counts don't add up to what was sent."""
    return many(
        "{destination} finished an import of {sent} profiles and counts {n} of them neither as "
        "imported nor as refused. It is undelivered; the next run or a retry sends it.",
        "{destination} finished an import of {sent} profiles and counts {n} of them neither as "
        "imported nor as refused. They are undelivered; the next run or a retry sends them.",
        n,
        destination=title,
        sent=f"{sent:,}",
    )


def _unnamed(n: int, outcome: Outcome, title: str) -> str:
    """Profiles were refused without saying which: its words are all that there is."""
    words = {r.detail for r in outcome.refusals if r.email is None and r.place is None}
    text = many(
        "{destination} refused {n} profile of this batch without naming it.",
        "{destination} refused {n} profiles of this batch without naming them.",
        n,
        destination=title,
    )
    return f"{text} {_('It says:')} {'; '.join(sorted(words)[:3])}" if words else text


def _refusals(sent: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    """As NOBODY: place in the request by email where it was given back, else by its pointer.

    `nth` is the refusal's among those of the outcome.
    """
    answers = pl.DataFrame(
        [(r.email, r.place, r.detail, _reason(r), n) for n, r in enumerate(outcome.refusals)],
        schema={"email": pl.String} | dict(NOBODY.schema),
        orient="row",
    )
    places = sent.select("email", found=pl.int_range(pl.len(), dtype=pl.UInt32))
    return (
        answers.join(places, on="email", how="left")
        .select("detail", "reason", "nth", place=pl.coalesce("found", "place"))
        .drop_nulls("place")
        .unique("place", keep="first", maintain_order=True)
    )


def _rows(batch: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    numbered = batch.select(ROW, "email", place=pl.int_range(pl.len(), dtype=pl.UInt32))
    return numbered.join(refused, on="place").drop("place").rename({ROW: "row"})


def _reason(refusal: Refusal) -> str:
    return HELD_BACK if refusal.held_back else REFUSED
