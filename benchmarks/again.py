"""A second run of 100,000 people of whom one in a hundred has changed, beside the first."""

import json
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import stage

PEOPLE = 100_000


def main() -> None:
    """Prints requests and seconds of both runs, and the import jobs of the second."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people = folder / "people.parquet"
        stage.write_people(people, PEOPLE, PEOPLE)
        with stage.klaviyo(folder / "klaviyo", limits=False) as url:
            environment = stage.configured(folder / "home", people, url)
            first = _run(environment)
            _change(people)
            second = _run(environment)
    assert (first["sent"], second["sent"]) == (PEOPLE, PEOPLE // 100), (first, second)
    print(f"first run of {PEOPLE:,} people: {_told(first)}")
    print(f"second run, 1 % changed: {_told(second)}, {len(second['jobs'])} import job (target 1),")
    print(f"  ratio of seconds {second['seconds'] / first['seconds']:.2f}")


def _run(environment: dict[str, str]) -> dict[str, Any]:
    """A run as `segferry run --json` tells it; its seconds are those of the run alone."""
    _seconds, _peak, out = stage.timed(["run", "E", "--json"], environment)
    told: dict[str, Any] = json.loads(out)
    return told


def _told(run: dict[str, Any]) -> str:
    return f"{run['requests']} requests, {run['seconds']:.1f} s"


def _change(people: Path) -> None:
    """Every hundredth has another city now."""
    every = pl.int_range(pl.len()) % 100 == 0
    city = pl.when(every).then(pl.lit("Liepāja")).otherwise("city")
    pl.read_parquet(people).with_columns(city=city).write_parquet(people)
