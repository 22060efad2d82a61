"""How fast 1,000,000 profiles are submitted under Klaviyo's published limits."""

import json
import sqlite3
import tempfile
from datetime import datetime
from pathlib import Path

from benchmarks import stage

MEMBERS = 1_000_000
STEADY = 60 / 150  # seconds a job at Klaviyo's steady rate (Klaviyo documentation)


def main() -> None:
    """Prints the time from the first to the last submission against the steady rate's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage.write_people(folder / "people.parquet", MEMBERS, MEMBERS)
        with stage.klaviyo(folder / "klaviyo", limits=True) as url:
            environment = stage.configured(folder / "home", folder / "people.parquet", url)
            _seconds, _peak, out = stage.timed(["run", "E", "--json"], environment)
        told = json.loads(out)
        assert told["accepted"] == MEMBERS, told
        jobs = len(told["jobs"])
        took = _submitted(folder / "home")
        allowed = (jobs - 1) * STEADY
        print(f"{jobs} jobs submitted in {took:.1f} s, {allowed:.1f} s at the steady rate,")
        print(f"  ratio {took / allowed:.2f} (at most 1.2); {told['throttled']} times throttled")


def _submitted(home: Path) -> float:
    """Seconds from the first job's receipt to the last one's."""
    query = "select min(sent_at), max(sent_at) from job"
    with sqlite3.connect(home / "segferry.sqlite") as connection:
        first, last = connection.execute(query).fetchone()
    return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()
