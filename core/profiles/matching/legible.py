"""Identifiers that are to be trusted: what a program rounded names nobody, or somebody else."""

import polars as pl

from core.profiles.matching.bodies import TEXTS, Dtype

EXACT = 2**53  # whole numbers below it are exact as floating point numbers
# As spreadsheets write long numbers: 4.47712E+11, 3,71261E+10, 1E+10. Without a decimal sign only
# with its plus: 12E5 is an article number.
ROUNDED = r"^\s*[+-]?(?:\d{1,3}[.,]\d+[eE][+-]?|\d{1,3}[eE]\+)\d{1,3}\s*$"


def legible(value: pl.Expr, dtype: Dtype) -> tuple[pl.Expr, Dtype] | None:
    """The identifier, null where digits of it are lost; None for types that lose none."""
    if isinstance(dtype, TEXTS):
        texts = value.cast(pl.String)
        checked = texts.map_batches(_legible, return_dtype=pl.String, is_elementwise=True)
        return checked, pl.String()
    if dtype.is_float():
        return pl.when(value.abs() < EXACT).then(value), dtype
    return None


def left_out(given: pl.Expr, dtype: Dtype, readable: pl.Expr) -> pl.Expr:
    """Whether `legible` made null of what was given; null for null."""
    return rounded(given, dtype) if dtype.is_float() else given.is_not_null() & readable.is_null()


def rounded(value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """Whether digits of the identifier are lost; null for null."""
    if isinstance(dtype, TEXTS):
        return value.cast(pl.String).str.contains(ROUNDED)
    return value.is_finite() & (value.abs() >= EXACT) if dtype.is_float() else pl.lit(False)


def _legible(texts: pl.Series) -> pl.Series:
    """The same series where nothing in it could be rounded: looked at as one text, for speed."""
    every = texts.str.join("").cast(pl.Binary).item() or b""
    if b"e" not in every and b"E" not in every:
        return texts
    fits = ~texts.str.contains(ROUNDED)
    return texts.to_frame("text").select(pl.when(fits).then("text"))["text"]
