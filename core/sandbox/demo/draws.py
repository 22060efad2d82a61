"""Chance that is no chance: numbers drawn for each row, the same with every machine and version."""

from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

NUMBER = "n"  # the column that counts the rows from 1


@dataclass(frozen=True, slots=True)
class Draws:
    """Numbers drawn for each row of a frame with NUMBER; those of two names are independent."""

    seed: int

    def share(self, name: str) -> pl.Expr:
        """From 0 to below 1, each as likely as any other."""
        return (self._bits(name) // 2**11).cast(pl.Float64) / 2**53

    def below(self, name: str, n: int | pl.Expr) -> pl.Expr:
        """A whole number from 0 to below n."""
        return (self.share(name) * n).floor().cast(pl.UInt32)

    def _bits(self, name: str) -> pl.Expr:
        """SplitMix64 of the row's number: polars' own hash may change from version to version."""
        salt = blake2b(f"{self.seed} {name}".encode(), digest_size=8).digest()
        mixed = (pl.col(NUMBER).cast(pl.UInt64) + _lit(int.from_bytes(salt) // 2)) * _lit(GOLDEN)
        mixed = (mixed ^ (mixed // 2**30)) * _lit(FIRST)
        mixed = (mixed ^ (mixed // 2**27)) * _lit(SECOND)
        return mixed ^ (mixed // 2**31)


def _lit(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt64)


GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
