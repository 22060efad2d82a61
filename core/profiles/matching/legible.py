"""Identifiers that are to be trusted: what a program rounded names nobody, or somebody else."""

import polars as pl

from core.profiles.matching.bodies import TEXTS, Dtype

EXACT = 2**53  # whole numbers below it are exact as floating point numbers
# As spreadsheets write long numbers: 4.47712E+11, 3,71261E+10, 1E+10. Without a decimal sign only
# with its plus: 12E5 is an article number.
ROUNDED = r"^\s*[+-]?(?:\d{1,3}[.,]\d+[eE][+-]?|\d{1,3}[eE]\+)\d{1,3}\s*$"


def legible_texts(texts: pl.Series, every: bytes) -> pl.Series:
    """The identifiers, null where digits of them are lost.

    `every` are all of them as one text: the series is the same where nothing can be found in it.
    """
    if b"e" in every or b"E" in every:
        fits = ~texts.str.contains(ROUNDED)
        return texts.to_frame("it").select(pl.when(fits).then("it").alias(texts.name)).to_series()
    return texts


def legible_numbers(value: pl.Expr) -> pl.Expr:
    """The floating point numbers, null where digits of them are lost."""
    return pl.when(value.abs() < EXACT).then(value)


def rounded(value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """Whether digits of the identifier are lost; null for null."""
    if isinstance(dtype, TEXTS):
        return value.cast(pl.String).str.contains(ROUNDED)
    return value.is_finite() & (value.abs() >= EXACT) if dtype.is_float() else pl.lit(False)
