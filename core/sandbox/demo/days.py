"""The people of the demo as they were some days before: fewer, and with fewer orders."""

from datetime import datetime, timedelta

import polars as pl

from core.sandbox.demo.draws import NUMBER, Draws
from core.sandbox.demo.shopping import DAY

SEED = 815
# Of all people those who joined since: evenly in a month, and in a campaign of some days.
EVENLY, MONTH = 0.035, 30  # share, days
CAMPAIGN, BEGAN, ENDED = 0.025, 14, 10  # share, days ago
SHORTEST, LONGEST, BEND = 8, 120, 1.3  # days from an order to the next, and how they are spread
TIMES = 4  # orders in a month at most
# Of all people those who withdrew their consent, and how many days ago.
WITHDREW = ((0.03, 19), (0.009, 6))
LOST = 0.56  # of the addresses, those that the file of one day lacked


def people_of(
    people: pl.DataFrame, midnight: datetime, days: int, *, lacking: bool = False
) -> pl.DataFrame:
    """The same columns as they were so many days before the midnight that they were made at.

    `lacking`: that day's file has no address of most of them.
    """
    draw = Draws(SEED)
    frame = people.lazy().with_columns(pl.col("customer_id").cast(pl.UInt64).alias(NUMBER))
    frame = _consenting(_before_orders(frame, draw, midnight - timedelta(days=days)), draw, days)
    there = frame.filter(_joined(draw) >= days) if days else frame
    if lacking:
        there = there.with_columns(email=pl.when(draw.share("lost") >= LOST).then("email"))
    return there.select(people.columns).collect()


def _joined(draw: Draws) -> pl.Expr:
    """How many days ago; more than a month where it was before."""
    drawn = draw.share("joined")
    in_campaign = ENDED + (drawn - EVENLY) / CAMPAIGN * (BEGAN - ENDED)
    evenly = pl.when(drawn < EVENLY).then(drawn / EVENLY * MONTH)
    return evenly.when(drawn < EVENLY + CAMPAIGN).then(in_campaign).otherwise(MONTH + 1)


def _before_orders(frame: pl.LazyFrame, draw: Draws, moment: datetime) -> pl.LazyFrame:
    """Whoever has ordered since had ordered before that, each time less in all."""
    for time in range(TIMES):
        since = pl.col("last_order_at") >= moment
        gap = SHORTEST + draw.share(f"gap {time}").pow(BEND) * (LONGEST - SHORTEST)
        earlier = pl.col("last_order_at") - pl.duration(seconds=(gap * DAY).cast(pl.Int64))
        spent = (pl.col("lifetime_value") * (0.7 + 0.25 * draw.share(f"spent {time}"))).round(2)
        fewer = pl.max_horizontal(pl.col("orders") - 1, 1)
        frame = frame.with_columns(
            last_order_at=pl.when(since).then(earlier).otherwise("last_order_at"),
            orders=pl.when(since).then(fewer).otherwise("orders"),
            lifetime_value=pl.when(since).then(spent).otherwise("lifetime_value"),
        )
    return frame


def _consenting(frame: pl.LazyFrame, draw: Draws, days: int) -> pl.LazyFrame:
    """Some had agreed who no longer do."""
    drawn, agreed, below = draw.share("withdrew"), pl.lit(value=False), 0.0
    for share, ago in WITHDREW:
        if days > ago:
            agreed |= drawn.is_between(below, below + share, "left")
        below += share
    return frame.with_columns(consent=pl.when(agreed).then(pl.lit("yes")).otherwise("consent"))
