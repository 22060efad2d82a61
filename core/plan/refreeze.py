"""A second try: what did not arrive of a frozen run, frozen again without reading the source."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import polars as pl

from core.files import replacing_folder
from core.layout import Layout
from core.plan.cut import Cutter
from core.plan.freeze import REJECTS
from core.plan.frozen import ERASED, Frozen, Part, read_batch, rejects_path, write_plan
from core.profiles.sources import ROW


def refreeze(
    old: Path,
    part: int,
    numbers: Iterable[int],
    new: Path,
    layout: Layout,
    without: Collection[int] = (),
    only: Mapping[int, pl.Series] | None = None,
) -> Frozen:
    """Freezes into `new` some batches of a part of `old`, less the rows (ROW) in `without`.

    Whoever was erased since is left out, too.

    Of a batch that is named in `only`, just those rows. Raises StorageFailed.
    """
    with replacing_folder(new) as draft:
        rejects_path(draft, 1).parent.mkdir()
        cutter = Cutter(draft, 1, layout)
        for number in numbers:
            batch = read_batch(old, part, number)
            if only and number in only:
                batch = batch.filter(pl.col(ROW).is_in(only[number].implode()))
            left = ~pl.col(ROW).is_in(list(without)) & (pl.col("email") != ERASED)
            cutter.add(batch.filter(left))
        batches = cutter.close()
        pl.DataFrame(schema=REJECTS).write_parquet(rejects_path(draft, 1))
        profiles = sum(batch.profiles for batch in batches)
        frozen = Frozen((Part(1, profiles, profiles, {}, {}, batches),))
        write_plan(draft, frozen)
    return frozen
