"""What commands cost that only look: processor time, beside the libraries that all of them need."""

import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import stage

TURNS = 5
PEOPLE = 12
FLOOR = "import click, sqlmodel"
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--help",),
    ("runs",),
    ("runs", "--json"),
    ("show", "1"),
    ("rejects", "1"),
    ("user", "list"),
    ("token", "list"),
    ("config",),
    ("person", "person.1@example1.com"),
    ("preview", "E"),
    ("run", "E"),
)


def main() -> None:
    """Prints the median CPU seconds of each and their ratio to the bare import of the libraries.

    The commands take turns, for a machine that others use too is not the same all the time.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage.write_people(folder / "people.parquet", PEOPLE, PEOPLE)
        with stage.klaviyo(folder / "klaviyo", limits=False) as url:
            environment = stage.configured(folder / "home", folder / "people.parquet", url)
            stage.timed(["run", "E"], environment)
            _print(environment)


def _print(environment: Mapping[str, str]) -> None:
    programs = {"floor": [sys.executable, "-c", FLOOR]}
    programs |= {" ".join(one): [sys.executable, "-m", "core", *one] for one in COMMANDS}
    turns = [
        {name: stage.measured(one, dict(environment)).cpu for name, one in programs.items()}
        for _ in range(TURNS)
    ]
    took = {name: statistics.median(turn[name] for turn in turns) for name in programs}
    print(f"{FLOOR}: {took.pop('floor'):.2f} s of CPU; beside it")
    for name, seconds in took.items():
        ratio = statistics.median(turn[name] / turn["floor"] for turn in turns)
        print(f"{name}: {seconds:.2f} s, ratio {ratio:.2f}")
