"""Who shares an identifier with others, so that a destination may make one profile of them all.

What Klaviyo does with several people of one import who have the same external ID or phone number is
not documented; its help asks that an imported file has no phone number twice.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
import polars as pl

from core.profiles.sources import ROW

GROUPS = 10  # of people who share something that are named


class Shared(StrEnum):
    """Identifiers that ought to be one person's; the names are those of the warnings."""

    shared_external_id = "shared_external_id"
    shared_phone = "shared_phone"


def sharing(people: pl.DataFrame) -> pl.DataFrame:
    """kind, identifier, ROW of all who share one, in the order of the rows.

    `people` have ROW and for some of Shared the hash of their identifier, null for none.
    """
    kinds = [kind for kind in Shared if kind in people.columns]
    found = [
        people.filter(pl.col(kind).is_in(_repeated(people[kind]).implode())).select(
            ROW, kind=pl.lit(str(kind)), identifier=kind
        )
        for kind in kinds
    ]
    nobody = pl.DataFrame(schema={ROW: pl.Int64, "kind": pl.String, "identifier": pl.UInt64})
    return pl.concat([nobody, *found]).sort("kind", ROW)


def counted(found: pl.DataFrame) -> dict[str, int]:
    """For each kind that occurs, how many share one; `found` is of `sharing`."""
    return dict(found.group_by("kind").len().sort("kind").iter_rows())


def rows(found: pl.DataFrame) -> Mapping[str, Sequence[Sequence[int]]]:
    """For each kind the first groups of rows that share one, GROUPS of them with GROUPS rows."""
    groups = found.group_by("kind", "identifier", maintain_order=True).agg(pl.col(ROW).head(GROUPS))
    by_kind = groups.group_by("kind", maintain_order=True).agg(pl.col(ROW).head(GROUPS))
    return {kind: tuple(map(tuple, some)) for kind, some in by_kind.iter_rows()}


def _repeated(identifiers: pl.Series) -> pl.Series:
    """What occurs more than once; sorted by numpy, for polars takes thrice the time."""
    every = np.sort(identifiers.drop_nulls().to_numpy())
    return pl.Series(np.unique(every[1:][every[1:] == every[:-1]]), dtype=pl.UInt64)
