"""Segferry beside the official client in a plain loop and beside drt-core: the same people."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import polars as pl
from ruamel.yaml import YAML

from benchmarks import crm, stage

PEOPLE = 10_000
CALLS = 1_000  # people where each is a call: more would only wait
CALLS_IN_LIMITS = 300
LIST = "Y6nRLr"
RELEASE = "drt-core==1.2.*"
DRT = (  # its address of Klaviyo is a constant, its project the folder where it is started
    "import os, sys, drt.destinations.klaviyo as k; k._BASE = sys.argv.pop(1) + '/api';"
    "os.chdir(sys.argv.pop(1)); from drt.cli.main import app; app()"
)
SYNC = {
    "name": "people",
    "model": "select email, spent, orders, tier, since, news as newsletter from people",
    "destination": {"type": "klaviyo", "api_key_env": "KEY", "list_id": LIST},
}
Command = tuple[list[str], dict[str, str]]
"""Arguments and environment of a process."""
TITLES = "seconds", "CPU s", "requests", "peak MB", "missing", "off list", "wrong", "extra"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to bring people to Klaviyo: how many, without limits and within them."""

    name: str
    people: int
    in_limits: int
    command: Callable[[Path, Path, str, bool], Command]


def main() -> None:
    """Prints what each way costs and what is right at the end, without limits and within them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ways = [
            Way("client, jobs of 1,000", PEOPLE, PEOPLE, _loop("jobs")),
            Way("client, a call a person", CALLS, CALLS, _loop("calls")),
            *_drt(folder),
            Way("segferry run", PEOPLE, PEOPLE, _segferry),
        ]
        print("missing, off list, wrong (a field at least), extra: people at the end, of all;")
        print("of 10,000 rows 50 have a blank address, 2 a malformed one, 100 are somebody twice;")
        print("Klaviyo refuses the whole job of a malformed one; drt-core sends properties only")
        for limits in (False, True):
            _print(folder, ways, limits)


def _print(folder: Path, ways: list[Way], limits: bool) -> None:
    """One table; ways with fewer people are not scaled up, their number stands beside them."""
    print(f"\n{'within Klaviyo’s published limits' if limits else 'without limits'}")
    print(f"{'':23}{'people':>7}" + "".join(f"{title:>9}" for title in TITLES))
    for way in ways:
        rows = way.in_limits if limits else way.people
        place = folder / f"{ways.index(way)}{limits}"
        place.mkdir()
        print(f"{way.name:23}{rows:>7,}{_row(place, way, rows, limits)}", flush=True)


def _row(folder: Path, way: Way, rows: int, limits: bool) -> str:
    people = folder / "people.parquet"
    crm.write(people, rows)
    with stage.klaviyo(folder / "klaviyo", limits) as url:
        cost = stage.measured(*way.command(folder, people, url, limits))
        requests = httpx.get(f"{url}/sandbox/requests").json()["total"]
        found = crm.judged(url, LIST, crm.expected(pl.read_parquet(people)))
    figures = f"{cost.seconds:>9.1f}{cost.cpu:>9.2f}{requests:>9,}{cost.peak:>9,.0f}"
    right = (found.missing, found.off_list, found.wrong, found.extra)
    fields = ", ".join(f"{name} {count:,}" for name, count in found.fields.most_common())
    return figures + "".join(f"{n:>9,}" for n in right) + (f"\n  wrong: {fields}" * bool(fields))


def _segferry(folder: Path, people: Path, url: str, _limits: bool) -> Command:
    environment = stage.configured(folder / "home", people, url)
    return [sys.executable, "-m", "core", "run", "E", "--json"], environment


def _loop(how: str) -> Callable[[Path, Path, str, bool], Command]:
    def command(_folder: Path, people: Path, url: str, _limits: bool) -> Command:
        program = [sys.executable, "-m", "benchmarks.plain_loop", how]
        return [*program, str(people), url, LIST], dict(os.environ)

    return command


def _drt(folder: Path) -> list[Way]:
    """drt-core in an environment of its own; none, and a line, where it can't be installed."""
    python = str(folder / "drt" / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", RELEASE]
    try:
        subprocess.run([sys.executable, "-m", "venv", folder / "drt"], check=True)
        subprocess.run(install, check=True, capture_output=True)
    except subprocess.CalledProcessError:
        print(f"{RELEASE} can't be installed from the package index here: left out")
        return []

    def command(home: Path, people: Path, url: str, limits: bool) -> Command:
        _project(home, people, limits)
        environment = {"HOME": str(home), "KEY": "pk_0123456789abcdef"}
        return [python, "-c", DRT, url, str(home), "run"], os.environ | environment

    return [Way("drt-core, 2 calls each", CALLS, CALLS_IN_LIMITS, command)]


def _project(folder: Path, people: Path, limits: bool) -> None:
    """A project of drt: people in SQLite, one sync; its ten requests a second only within limits.

    Its destination sends the address and, as properties, what else is read.
    """
    database = folder / "people.db"
    with sqlite3.connect(database) as connection:
        connection.execute("create table people (email, spent, orders, tier, since, news)")
        frame = pl.read_parquet(
            people, columns=["email", "spent", "orders", "tier", "since", "news"]
        )
        rows = frame.with_columns(pl.col("since").cast(pl.String)).rows()
        connection.executemany("insert into people values (?, ?, ?, ?, ?, ?)", rows)
    pace = {} if limits else {"rate_limit": {"requests_per_second": 1_000_000}}
    profile = {"people": {"type": "sqlite", "database": str(database)}}
    _write(folder / ".drt" / "profiles.yml", profile)
    _write(folder / "drt_project.yml", {"name": "people", "version": "0.1", "profile": "people"})
    _write(folder / "syncs" / "people.yml", SYNC | {"sync": {"on_error": "skip"} | pace})


def _write(path: Path, data: object) -> None:
    path.parent.mkdir(exist_ok=True)
    YAML(typ="safe", pure=True).dump(data, path)
