"""`make fuzz`: 100,000 cases of bad input, each kind in a process that is watched; keeps finds."""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from base64 import b64decode, b64encode
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.fuzz.register import KINDS
from tests.fuzz.trials import tried

CASES = 100_000
HANG = 120.0  # seconds after which a case is taken to hang
FOUND = Path(__file__).parent / "found"
ROW = "{:<14}{:>9}{:>9}{:>9}{:>8}{:>9}{:>11}"


def main() -> int:
    """Prints a line for each kind; exit status 1 where anything was found."""
    given = _arguments()
    if given.only:
        return _only(given.only, given.cases, given.seed, Path(given.folder))
    kinds = given.kinds or list(KINDS)
    shares = sum(KINDS[name].share for name in kinds)
    print(ROW.format("kind", "cases", "taken", "refused", "found", "seconds", "growth"))
    all_found = all_cases = 0
    for name in kinds:
        cases = given.cases * KINDS[name].share // shares
        outcome = _watched(name, cases, given.seed)
        found = outcome["found"]
        taken = outcome["cases"] - outcome["refused"] - len(found)
        figures = (outcome["cases"], max(taken, 0), outcome["refused"], len(found))
        shown = (*map("{:,}".format, figures), f"{outcome['seconds']:.0f}")
        print(ROW.format(name, *shown, f"{outcome['growth']:+.0f} MB"), flush=True)
        for place, case in found.items():
            print(f"  {place}: kept as {_keep(name, case)}\n{outcome['said'].get(place, '')}")
        all_found, all_cases = all_found + len(found), all_cases + outcome["cases"]
    print(f"{all_cases:,} cases, {all_found} found, seed {given.seed}")
    return int(all_found > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], help="all unless some are named")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same cases again")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


def _only(name: str, cases: int, first: int, folder: Path) -> int:
    """Within the watched process: tries the cases, and writes down what became of them."""
    work = folder / "work"
    work.mkdir()
    outcome = asdict(tried(KINDS[name], cases, first, work, folder / "current"))
    outcome["found"] = {place: b64encode(one).decode() for place, one in outcome["found"].items()}
    (folder / "outcome.json").write_text(json.dumps(outcome))
    return 0


def _watched(name: str, cases: int, first: int) -> dict[str, Any]:
    """What became of the cases; of one that ends the process, or hangs, that it did."""
    with tempfile.TemporaryDirectory(prefix="segferry-fuzz-") as text:
        folder, started = Path(text), time.monotonic()
        told = [f"--only={name}", f"--cases={cases}", f"--seed={first}", f"--folder={folder}"]
        with (folder / "stderr").open("wb") as noise:
            process = subprocess.Popen([sys.executable, "-m", "tests.fuzz", *told], stderr=noise)
            hangs = _hangs(process, folder / "current")
        kept = folder / "outcome.json"
        if kept.exists():
            outcome: dict[str, Any] = json.loads(kept.read_text())
            outcome["found"] = {one: b64decode(case) for one, case in outcome["found"].items()}
            return outcome
        place = "a case hangs" if hangs else f"the process ended with {process.returncode}"
        case = (folder / "current").read_bytes() if (folder / "current").exists() else b""
        said = (folder / "stderr").read_text(errors="replace")[-2_000:]
        return {
            **{"cases": 0, "refused": 0, "growth": 0.0, "seconds": time.monotonic() - started},
            **{"found": {place: case}, "said": {place: said}},
        }


def _hangs(process: "subprocess.Popen[bytes]", current: Path) -> bool:
    """Waits for its end; ends it where it stays with one case for too long."""
    while process.poll() is None:
        try:
            process.wait(2.0)
        except subprocess.TimeoutExpired:
            since = current.stat().st_mtime if current.exists() else time.time()
            if time.time() - since > HANG:
                process.kill()
                process.wait()
                return True
    return False


def _keep(name: str, case: bytes) -> Path:
    """Writes a find to where the suite tries it from now on."""
    path = FOUND / name / hashlib.sha256(case).hexdigest()[:12]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(case)
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
