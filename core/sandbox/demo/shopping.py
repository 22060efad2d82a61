"""What made-up people did: agreed to, ordered, spent, liked."""

from datetime import UTC, date, datetime, time
from itertools import pairwise

import polars as pl

from core.sandbox.demo.draws import Draws

DAY = 86_400  # seconds
# Of all people, up to which share the last order was at most so many days ago; others have none.
LAST_ORDER = ((0.0, 0, 1.0), (0.6513, 90, 1.3), (0.8554, 180, 1.0), (0.96, 1_090, 1.8))
SAID_YES, NOT_SAID_NO = 0.6185, 0.9599
# What people spent falls like a Lomax distribution: most little, a few very much.
SCALE, STEEPNESS, CENTS = 118.0, 1.77, 2
FEW_NANS = 0.0003
CATEGORIES = ("Jackets", "Boots", "Tents", "Skis", "Running", "Climbing", "Kids", "Sale")
FAVOURITES = 3  # categories at most


def shopped(frame: pl.LazyFrame, draw: Draws, today: date, *, eager: pl.Expr) -> pl.LazyFrame:
    """With consent, orders and what follows; `eager` people agreed, bought recently, spent much."""
    mood, last = draw.share("consent"), draw.share("last order")
    spending = draw.share("spending")
    frame = frame.with_columns(
        consent=_consent(pl.when(eager).then(mood * SAID_YES).otherwise(mood)),
        last_order_at=_last_order(pl.when(eager).then(last / 2).otherwise(last), today),
        spent=_spent(pl.when(eager).then(0.93 + spending * 0.05).otherwise(spending)),
    )
    ordered = pl.col("last_order_at").is_not_null()
    orders = 1 + (pl.col("spent").pow(0.8) / (8 + 25 * draw.share("basket"))).floor()
    lucky = pl.col("spent") * (0.5 + draw.share("tier"))
    odd = (draw.share("not a number") < FEW_NANS) & ~eager
    return frame.with_columns(
        loyalty_tier=pl.when(ordered).then(_tier(lucky)),
        lifetime_value=pl.when(odd).then(float("nan")).when(ordered).then("spent"),
        orders=pl.when(ordered).then(orders).otherwise(0).cast(pl.Int64),
        newsletter=(pl.col("consent") == "yes") & (draw.share("newsletter") < 0.8),
        favourite_categories=_favourites(draw),
    ).drop("spent")


def born(draw: Draws, today: date) -> pl.Expr:
    """A birthday 18 to 85 years ago; null where it is unknown."""
    age = 18 * 365.25 + draw.share("age").pow(1.4) * 67 * 365.25
    day = pl.lit(today) - pl.duration(days=age.cast(pl.Int64))
    return pl.when(draw.share("birthday told") < 0.9).then(day)


def _consent(mood: pl.Expr) -> pl.Expr:
    return (
        pl.when(mood < SAID_YES)
        .then(pl.lit("yes"))
        .when(mood < NOT_SAID_NO)
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("no"))
    )


def _last_order(share: pl.Expr, today: date) -> pl.Expr:
    """A moment in UTC before today, by the share of people who ordered later than this one."""
    days = pl.coalesce(
        pl.when(share < high).then(
            fewest + (most - fewest) * ((share - low) / (high - low)).clip(0).pow(bend)
        )
        for (low, fewest, _), (high, most, bend) in pairwise(LAST_ORDER)
    )
    midnight = datetime.combine(today, time.min, UTC)
    back = pl.duration(seconds=1 + (days * DAY).floor().cast(pl.Int64))
    return (pl.lit(midnight) - back).cast(pl.Datetime("ms", "UTC"))


def _spent(share: pl.Expr) -> pl.Expr:
    return (SCALE * ((1 - share).pow(-1 / STEEPNESS) - 1)).round(CENTS)


def _tier(lucky: pl.Expr) -> pl.Expr:
    return (
        pl.when(lucky > 450)
        .then(pl.lit("gold"))
        .when(lucky > 200)
        .then(pl.lit("silver"))
        .when(lucky > 40)
        .then(pl.lit("bronze"))
    )


def _favourites(draw: Draws) -> pl.Expr:
    """Up to three categories, each once."""
    names = pl.lit(pl.Series(CATEGORIES))
    # Beyond the last name there is null: so many people name fewer, or none.
    chosen = [
        names.gather(draw.below(f"favourite {place}", 2 * len(CATEGORIES)), null_on_oob=True)
        for place in range(FAVOURITES)
    ]
    return pl.concat_list(chosen).list.drop_nulls().list.unique(maintain_order=True)
