"""A run of 1,000,000 profiles against posting prebuilt bodies, and its memory as sources grow."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from benchmarks import stage
from core.destinations.klaviyo.capabilities import LAYOUT
from core.destinations.klaviyo.importing import envelope
from core.plan import freeze
from core.plan.frozen import read_batch, read_plan
from core.profiles.matching.matching import Matching
from core.profiles.sources import ROW

MEMBERS = 1_000_000


def main() -> None:
    """Prints the ratio of a whole run (freezing included) to bare posting, and peak memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds, small = _run(folder / "one", MEMBERS)
        bare = _bare(folder / "bare", folder / "one" / "people.parquet")
        print(f"run of {MEMBERS:,} profiles: {seconds:.1f} s, posting alone {bare:.1f} s,")
        print(f"  ratio {seconds / bare:.2f} (at most 2)")
        _seconds, large = _run(folder / "ten", 10 * MEMBERS)
        print(f"peak memory: {small:,.0f} MB from {MEMBERS:,} rows, {large:,.0f} MB from ten times")
        print(f"  as many, ratio {large / small:.2f} (at most 1.10; peak at most 1,000 MB)")


def _run(folder: Path, rows: int) -> tuple[float, float]:
    """Seconds and peak MB of `segferry run`."""
    folder.mkdir()
    stage.write_people(folder / "people.parquet", rows, MEMBERS)
    with stage.klaviyo(folder / "klaviyo", limits=False) as url:
        environment = stage.configured(folder / "home", folder / "people.parquet", url)
        seconds, peak, out = stage.timed(["run", "E", "--json"], environment)
    told = json.loads(out)
    assert told["accepted"] == MEMBERS, told
    return seconds, peak


def _bare(folder: Path, people: Path) -> float:
    """Seconds of posting the same bodies, made before."""
    export = stage.order(people).export
    rows = pl.scan_parquet(people, row_index_name=ROW, row_index_offset=1)
    frozen = folder / "frozen"
    matching = Matching.of(rows, export.match, export.phone_region, LAYOUT)
    freeze.freeze(rows, matching, frozen, limit=MEMBERS, over="stop")
    with stage.klaviyo(folder / "klaviyo", limits=False) as url:
        return stage.post_all(url, _bodies(frozen))


def _bodies(frozen: Path) -> Iterator[bytes]:
    for batch in read_plan(frozen).parts[0].batches:
        yield envelope("Y6nRLr", read_batch(frozen, 1, batch.number)["body"].to_list())
