"""A stable share of people: the same ones in each run, and in each engine.

Whoever's text has a number below the share's is in it: the first 32 bits, as a number from 0 to
2^32 - 1, of the MD5 of the seed, “/” and the text (cleaned and composed, UTF-8).
"""

import hashlib
from decimal import Decimal
from math import ceil
from typing import Annotated

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.texts import _

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
    """The digits of each text; null where it is null."""
    start = hashlib.md5(prefix.encode(), usedforsecurity=False)

    def one(text: str) -> str:
        found = start.copy()
        found.update(text.encode())
        return found.hexdigest()[:DIGITS]

    found = [None if text is None else one(text) for text in texts]
    return pl.Series(texts.name, found, pl.String)
