"""What the benchmarks share: made-up profiles in numbers, a sandbox process, a data folder."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import polars as pl
from ruamel.yaml import YAML

from core.configuration.configuration import Configuration
from core.configuration.order import Order

CONFIGURATION = """
connections:
  - {{name: K, api_key: "${{KEY}}", base_url: "{url}", consent: {{agreed_by: bench}}}}
sources:
  - {{name: P, path: {path}}}
segments:
  - {{name: Members, source: P, rules: {{all: [{{field: member, op: is_true}}]}}}}
  - name: Spenders
    source: P
    rules: {{all: [{{field: member, op: is_true}}, {{field: spent, op: more_than, value: 500}}]}}
exports:
  - name: E
    connection: K
    list_id: Y6nRLr
    segments: [Members, Spenders]
    limit: 1000000
    guards: {{flows: false}}
    match:
      email: email
      phone_number: phone
      external_id: id
      first_name: first
      last_name: last
      location: {{city: city, country: country, zip: zip}}
      properties: {{spent: spent, orders: orders, tier: tier, since: since, newsletter: news}}
    phone_region: LV
"""

METER = """
import resource, subprocess, sys, time
began = time.perf_counter()
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = time.perf_counter() - began
print(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
"""
"""A small process that starts a command: for Linux its memory is at least its starter's."""


def write_people(path: Path, rows: int, members: int) -> None:
    """A Parquet file of so many profiles with 13 fields; every rows/members-th is a member."""
    every = max(1, rows // members)
    n = pl.int_range(rows, eager=False).alias("n")
    pl.LazyFrame().select(n).select(
        id=pl.format("{}", pl.col("n").cast(pl.String).str.zfill(8)),
        email=pl.format("Person.{}@Example{}.com", "n", pl.col("n") % 97),
        phone=pl.format("+371 2{}", (pl.col("n") % 10_000_000).cast(pl.String).str.zfill(7)),
        first=pl.format("Jānis{}", pl.col("n") % 1000),
        last=pl.format("Bērziņš{}", pl.col("n") % 7919),
        city=pl.lit("Rīga"),
        country=pl.lit("LV"),
        zip=pl.format("LV-{}", pl.col("n") % 9000 + 1000),
        spent=(pl.col("n") * 7919 % 100_000) / 100,
        orders=pl.col("n") % 40,
        tier=pl.format("tier {}", pl.col("n") % 4),
        since=pl.date(2020, 1, 1) + pl.duration(days=pl.col("n") % 2000),
        news=pl.col("n") % 2 == 0,
        member=pl.col("n") % every == 0,
    ).sink_parquet(path)


def order(path: Path) -> Order:
    """The export E of the profiles in `path`."""
    text = CONFIGURATION.format(url="http://127.0.0.1:1", path=path)
    found = Configuration.model_validate(YAML(typ="safe", pure=True).load(text))
    assert found.exports
    assert found.sources
    rules = {segment.name: segment.rules for segment in found.segments or ()}
    return Order(found.exports[0], found.sources[0], rules, "Europe/Riga", confined=False)


@contextmanager
def klaviyo(folder: Path, limits: bool) -> Iterator[str]:
    """A sandbox in a process of its own; a job takes a second there if limits hold, else none."""
    code = (
        "import sys; from pathlib import Path; from core import sandbox;"
        "sandbox.serve(Path(sys.argv[1]), 0, limits=sys.argv[2] == 'True',"
        " delay=float(sys.argv[2] == 'True'),"
        " ready=lambda url: (sys.stdout.write(url + '\\n'), sys.stdout.flush()))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(limits)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def configured(home: Path, path: Path, url: str) -> dict[str, str]:
    """The environment of a data folder that holds the export E of the profiles."""
    environment = os.environ | {"SEGFERRY_HOME": str(home), "KEY": "pk_0123456789abcdef"}
    file = home.with_suffix(".yaml")
    file.write_text(CONFIGURATION.format(url=url, path=path))
    command = [sys.executable, "-m", "core", "apply", str(file)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: wall seconds, CPU seconds with children, peak MB, and its output."""

    seconds: float
    cpu: float
    peak: float
    out: str


def measured(command: list[str], environment: dict[str, str]) -> Cost:
    """What a fresh process costs; of several processes the largest one's memory counts."""
    meter = [sys.executable, "-I", "-c", METER, *command]
    done = subprocess.run(meter, env=environment, check=True, capture_output=True, text=True)
    seconds, cpu, peak = map(float, done.stderr.split())
    return Cost(seconds, cpu, peak / 1024, done.stdout)


def timed(arguments: list[str], environment: dict[str, str]) -> tuple[float, float, str]:
    """Wall seconds, peak memory in MB, and the output of a command of Segferry's."""
    cost = measured([sys.executable, "-m", "core", *arguments], environment)
    return cost.seconds, cost.peak, cost.out


def post_all(url: str, bodies: Iterator[bytes]) -> float:
    """Wall seconds of posting prebuilt requests one after the other with httpx alone.

    Without a delay the sandbox imports within the request, so with the last one all is done.
    """
    headers = {
        "Authorization": "Klaviyo-API-Key pk_0123456789abcdef",
        "revision": "2026-07-15",
        "Content-Type": "application/vnd.api+json",
        "Accept": "application/vnd.api+json",
    }
    began = time.perf_counter()
    with httpx.Client(base_url=url, headers=headers, timeout=600) as client:
        for body in bodies:
            client.post("/api/profile-bulk-import-jobs", content=body).raise_for_status()
    return time.perf_counter() - began
