"""Draws the people that stand for many, where asking about everybody would take too long."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

MOST = 2_000  # people asked about; within a percent or two of what all of them would give
SEED = 5  # always the same: who asks twice about the same people gets the same answer


@dataclass(frozen=True, slots=True)
class Sample:
    """Emails in lower case, each once, drawn from `of` different ones."""

    emails: tuple[str, ...]
    of: int


def sample(emails: pl.Series | Iterable[str], most: int = MOST) -> Sample:
    """All of them, or `most` at random: the same ones for the same people, whatever their order."""
    given = emails if isinstance(emails, pl.Series) else pl.Series(list(emails), dtype=pl.String)
    people = given.drop_nulls().str.to_lowercase().unique().sort()
    drawn = people if len(people) <= most else people.sample(most, seed=SEED)
    return Sample(tuple(drawn), len(people))
