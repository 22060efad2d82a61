"""The texts that rules compare: cleaned and composed, beside those that the source has."""

from collections.abc import Iterable, Mapping
from typing import Any

import narwhals as nw
import polars as pl

from core.columns import column, own
from core.profiles.cleaning import comparable, holds_text
from core.profiles.segments.rules import Group

Names = Mapping[str, str]  # of the columns with what is compared, by field


def compared(frame: nw.LazyFrame[Any], rules: Iterable[Group]) -> tuple[nw.LazyFrame[Any], Names]:
    """The frame with columns of ours beside it, for the texts that the rules look at.

    In another engine than polars texts are compared as they are.
    """
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        return frame, {}
    schema = native.collect_schema()
    fields = {rule.field for group in rules for rule in group.rules()}
    names = {name: own(f"compared {name}") for name in fields if holds_text(schema[name])}
    texts = [
        column(name)
        .map_batches(comparable, return_dtype=schema[name], is_elementwise=True)
        .alias(ours)
        for name, ours in names.items()
    ]
    return nw.from_native(native.with_columns(texts)), names
