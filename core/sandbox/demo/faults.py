"""What is wrong with real data: bad addresses, people who are there twice, broken numbers."""

from collections.abc import Sequence

import polars as pl

from core.sandbox.demo.draws import NUMBER, Draws

REFUSING = 10_000  # one person in so many has an address that the local Klaviyo refuses
FIRST_REFUSED = 4_821
REFUSED = "refused."
BAD_EMAILS = 0.02
TWICE = 0.005
BROKEN_PHONES = 0.015
ODD_NAMES = 0.03
EARLIER = 1_000  # rows before someone is where they were entered the first time
# What makes a person
IDENTITY = ("email", "first_name", "last_name", "city", "country", "postcode", "phone", "birthday")


def refusing() -> pl.Expr:
    """The people with an address that the local Klaviyo refuses; all else is right."""
    return pl.col(NUMBER) % REFUSING == FIRST_REFUSED


def faulty(frame: pl.LazyFrame, draw: Draws) -> pl.LazyFrame:
    """With the faults of real data in email, first_name, last_name and phone."""
    harmed = pl.when(refusing()).then(1.0).otherwise(draw.share("email fault"))
    frame = _twice(frame, draw, harmed.is_between(BAD_EMAILS, BAD_EMAILS + TWICE, "left"))
    return frame.with_columns(
        email=_one_of(_bad_emails(), harmed, BAD_EMAILS).otherwise(_spelled(draw)),
        first_name=_odd("first_name", draw),
        last_name=_odd("last_name", draw),
        phone=_one_of(_broken_phones(), draw.share("phone fault"), BROKEN_PHONES).otherwise(
            pl.col("phone")
        ),
    )


def _twice(frame: pl.LazyFrame, draw: Draws, chosen: pl.Expr) -> pl.LazyFrame:
    """Some are a person who is there already, their address in other case or with white space."""
    again = chosen & (pl.col(NUMBER) > EARLIER) & ~refusing().shift(EARLIER, fill_value=False)
    frame = frame.with_columns(again=again)
    email = pl.col("email").shift(EARLIER)
    way = draw.below("spelling", 3)
    spelled = (
        pl.when(way == 0)
        .then(email.str.to_uppercase())
        .when(way == 1)
        .then(pl.format(" {}", email))
        .otherwise(pl.format("{}\t", email))
    )
    same = {name: pl.col(name).shift(EARLIER) for name in IDENTITY} | {"email": spelled}
    return frame.with_columns(
        pl.when("again").then(there).otherwise(pl.col(name)).alias(name)
        for name, there in same.items()
    ).drop("again")


def _bad_emails() -> list[pl.Expr]:
    """Missing, or wrong in the ways in which addresses are."""
    email = pl.col("email")
    return [
        pl.lit(None, pl.String),
        pl.lit("  "),
        email.str.replace("@", "", literal=True),
        email.str.replace("@", "@@", literal=True),
        pl.format("{}.", email),
        pl.format("mailto:{}", email),
        pl.format("jürgen.{}", email),
        email.str.replace("@", " @ ", literal=True),
        email.str.replace(".", ". ", literal=True),
        pl.lit("n/a"),
    ]


def _broken_phones() -> list[pl.Expr]:
    """Too short, too long, or no number at all."""
    phone = pl.col("phone")
    return [
        pl.lit("n/a"),
        phone.str.head(4),
        pl.format("{}{}", phone, phone),
        pl.lit("0000000000"),
        pl.lit("+371"),
        pl.lit("call after 18:00"),
        pl.lit("😀"),
    ]


def _odd(name: str, draw: Draws) -> pl.Expr:
    """A name as some people enter theirs."""
    given = pl.col(name)
    ways = [
        pl.format("={}", given),
        pl.format('{} "Džons"', given),
        pl.format("{} 🌸", given),
        pl.format("“{}”", given),
        given.str.to_uppercase(),
        given.str.to_lowercase(),
        pl.format(" {} ", given),
        pl.lit(None, pl.String),
        pl.format("{}’s", given),
        pl.lit(""),
    ]
    return _one_of(ways, draw.share(f"odd {name}"), ODD_NAMES).otherwise(given)


def _spelled(draw: Draws) -> pl.Expr:
    """A good address, now and then with capitals or white space that do no harm."""
    email, way = pl.col("email"), draw.share("harmless")
    return (
        pl.when(way < 0.01)
        .then(email.str.to_titlecase())
        .when(way < 0.015)
        .then(pl.format("{} ", email))
        .otherwise(email)
    )


def _one_of(faults: Sequence[pl.Expr], harmed: pl.Expr, share: float) -> "pl.expr.whenthen.Then":
    """Each fault for an equal part of the share."""
    return pl.when(harmed < share).then(
        pl.coalesce(
            pl.when((harmed * len(faults) / share).floor() == place).then(fault)
            for place, fault in enumerate(faults)
        )
    )
