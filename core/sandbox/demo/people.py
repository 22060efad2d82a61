"""Made-up profiles with names, orders and faults like those of real data, the same every time."""

from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl

from core.errors import StorageFailed
from core.files import replacing
from core.sandbox.demo import faults, names, places, shopping
from core.sandbox.demo.draws import NUMBER, Draws
from core.texts import _

COLUMNS = (
    "customer_id",
    "email",
    "phone",
    "first_name",
    "last_name",
    "city",
    "country",
    "postcode",
    "consent",
    "loyalty_tier",
    "lifetime_value",
    "orders",
    "last_order_at",
    "birthday",
    "newsletter",
    "favourite_categories",
)
# Names of domains that nobody should get mail at
DOMAINS = {
    "LV": "example.lv",
    "EE": "example.ee",
    "LT": "example.lt",
    "DE": "example.de",
    "GB": "example.co.uk",
    "IE": "example.ie",
    "AT": "example.at",
}
MANY = 120_000
ELSEWHERE = ("example.com", "example.org", "example.net")


def write(path: Path, n: int = MANY, *, today: date, seed: int = 4821) -> None:
    """Writes n profiles as Parquet, all or nothing. Raises StorageFailed."""
    whole = BytesIO()  # polars itself reports a full disk as a fault of the file's format
    profiles(n, today=today, seed=seed).write_parquet(whole)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(whole.getbuffer())
    except OSError as error:
        raise StorageFailed(
            _("{path} can't be written: {why}. Check the disk space and the permissions.").format(
                path=path, why=error.strerror or error
            )
        ) from error


def profiles(n: int, *, today: date, seed: int) -> pl.DataFrame:
    """n people as COLUMNS, with last orders before `today`."""
    draw = Draws(seed)
    frame = pl.select(pl.int_range(1, n + 1, dtype=pl.UInt64).alias(NUMBER)).lazy()
    frame = places.reachable(places.settled(frame, draw), draw)
    frame = _addressed(names.named(frame, draw), draw)
    frame = frame.with_columns(
        customer_id=pl.col(NUMBER).cast(pl.String).str.pad_start(7, "0"),
        birthday=shopping.born(draw, today),
    )
    frame = faults.faulty(frame, draw)
    return shopping.shopped(frame, draw, today, eager=faults.refusing()).select(COLUMNS).collect()


def _addressed(frame: pl.LazyFrame, draw: Draws) -> pl.LazyFrame:
    """With email: no address twice."""
    first, last = pl.col("first_name in mail"), pl.col("last_name in mail")
    way = draw.below("email way", 10)
    local = (
        pl.when(way < 5)
        .then(pl.format("{}.{}", first, last))
        .when(way < 7)
        .then(pl.format("{}{}", first, last))
        .when(way < 9)
        .then(pl.format("{}.{}", first.str.head(1), last))
        .otherwise(pl.format("{}_{}", last, first))
    )
    frame = frame.with_columns(local=local)
    place = pl.int_range(1, pl.len() + 1).over("local")
    others = pl.when(place > 1).then(place.cast(pl.String)).otherwise(pl.lit(""))
    refused = pl.when(faults.refusing()).then(pl.lit(faults.REFUSED)).otherwise(pl.lit(""))
    email = pl.concat_str(refused, "local", others, pl.lit("@"), _domain(draw))
    return frame.with_columns(email=email)


def _domain(draw: Draws) -> pl.Expr:
    home = pl.col("country").replace_strict(DOMAINS, return_dtype=pl.String)
    other = pl.lit(pl.Series(ELSEWHERE)).gather(draw.below("domain", len(ELSEWHERE)))
    return pl.when(draw.share("domain of home") < 0.7).then(home).otherwise(other)
