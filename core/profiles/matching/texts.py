"""The texts of profiles as they are sent: cleaned, identifiers that are rounded left out.

All texts of a slice of rows go through one function, which looks at each column as one text: nearly
all are sent as they are, and cost no more than that look.
"""

from collections.abc import Collection, Mapping
from functools import partial

import polars as pl

from core.columns import own
from core.profiles.cleaning import cleaned, cleaned_texts, joined
from core.profiles.matching.bodies import Dtype
from core.profiles.matching.legible import legible_texts

UNSEEN = own("unseen")  # whether any text of the row had characters that it is sent without


def sent(
    texts: Mapping[str, pl.Expr], types: Mapping[str, Dtype], exact: Collection[str]
) -> pl.Expr:
    """A struct of the texts by their names, as they are sent, and UNSEEN.

    `exact` are the names of those that are identifiers.
    """
    given = pl.struct(value.alias(name) for name, value in texts.items())
    made = pl.Struct({**types, UNSEEN: pl.Boolean()})
    return given.map_batches(
        partial(_sent, exact=frozenset(exact)), return_dtype=made, is_elementwise=True
    )


def _sent(values: pl.Series, exact: Collection[str]) -> pl.Series:
    given = values.struct.unnest()
    unseen = pl.Series([False]).new_from_index(0, len(values))
    fields = []
    for column in given.iter_columns():
        if isinstance(column.dtype, pl.String):
            every = joined(column)
            clean = cleaned_texts(column, every)
        else:
            clean = cleaned(column)
        if clean is not column:
            unseen |= (clean != column).fill_null(value=False)
        fields.append(legible_texts(clean, every) if column.name in exact else clean)
    return pl.DataFrame([*fields, unseen.alias(UNSEEN)]).to_struct(values.name)
