"""A stable share of people: the same ones in each run, and in each engine.

Whoever's text has a number below the share's is in it: the first 32 bits, as a number from 0 to
2^32 - 1, of the MD5 of the seed, “/” and the text (cleaned and composed, UTF-8).
"""

import hashlib
from decimal import Decimal
from functools import cache
from math import ceil
from typing import TYPE_CHECKING, Annotated

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.texts import _

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DIGITS = 8  # hexadecimal, of 32 bits
BOUNDS = Field(gt=0, le=100)
SEED = r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$"
WRONG = _(
    "a share is {percent: 10, seed: spring}: percent above 0 and up to 100, and a seed of up to "
    "60 letters (A to Z), digits, blanks, “.”, “_” and “-”, which begins with a letter or a digit"
)
EVERYBODY = "g"  # above all hexadecimal digits


class Share(BaseModel):
    """Percent of the people (above 0, up to 100); another seed gives other ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    percent: Annotated[int, BOUNDS] | Annotated[float, BOUNDS]
    seed: Annotated[str, Field(pattern=SEED)]

    @property
    def prefix(self) -> str:
        """What stands before the text in what is hashed."""
        return f"{self.seed}/"

    @property
    def end(self) -> str:
        """What the digits of those in it are below, as texts."""
        end = ceil(Decimal(str(self.percent)) * 2 ** (4 * DIGITS) / 100)
        return EVERYBODY if end == 2 ** (4 * DIGITS) else f"{end:0{DIGITS}x}"


def read(value: object) -> Share:
    """The share that a mapping names. Raises ValueError, with a sentence."""
    try:
        return Share.model_validate(value)
    except ValidationError:
        raise ValueError(WRONG) from None


def digits(prefix: str, text: str) -> str:
    """The first 32 bits of the MD5 of both, as hexadecimal digits, which sort as numbers do."""
    whole = f"{prefix}{text}".encode()
    return hashlib.md5(whole, usedforsecurity=False).hexdigest()[:DIGITS]


def numbered(texts: pl.Series, prefix: str) -> pl.Series:
    """The digits of each text; null where it is null.

    By DuckDB: polars has no MD5, and a loop in Python takes three times as long.
    """
    with _engine().cursor() as connection:
        connection.register("texts", texts.alias("text").to_frame().to_arrow())
        wanted = f"select left(md5(? || text), {DIGITS}) from texts"  # noqa: S608  a number of ours
        found = connection.sql(wanted, params=[prefix]).to_arrow_table()
    return pl.Series(texts.name, found.column(0), pl.String)


@cache
def _engine() -> "DuckDBPyConnection":
    """One for the process, for a first connection takes longer than most questions."""
    import duckdb  # heavy

    return duckdb.connect(config={"enable_external_access": False})
