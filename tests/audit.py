"""The pinned dependencies: known vulnerabilities, as pip-audit's service says, and licences."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

PINNED = Path(__file__).parents[1] / "constraints.txt"
QUESTION = ["pip_audit", "-r", PINNED.name, "--no-deps", "--disable-pip", "--progress-spinner=off"]
FOUND, UNKNOWN = 1, 2  # exit statuses


def main() -> int:
    """Prints both; the exit status: 0, or 1 for something known, 2 where nobody could be asked."""
    for licence, names in sorted(licences().items()):
        sys.stdout.write(f"{licence}: {', '.join(names)}\n")
    asked = subprocess.run(
        [sys.executable, "-m", *QUESTION, "-f", "json"],
        capture_output=True,
        text=True,
        cwd=PINNED.parent,
        check=False,
    )
    lines, status = verdict(asked.stdout)
    sys.stdout.write("\n".join(["", *lines, ""]))
    return status


def verdict(report: str) -> tuple[list[str], int]:
    """What the service said, in lines, and the exit status; `report` is pip-audit's JSON."""
    try:
        found: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        found = []
    known = [line for one in found for line in _known(one)]
    skipped = [one["name"] for one in found if "skip_reason" in one]
    if len(skipped) == len(found):
        command = " ".join(["python -m", *QUESTION])
        text = "The service of pip-audit gives no answers here: nothing was looked up. Elsewhere:"
        return [text, f"  {command}"], UNKNOWN
    if skipped:
        known.append(f"The service doesn't know {', '.join(skipped)}.")
        return known, UNKNOWN
    return known or [f"Nothing is known against {len(found)} dependencies."], FOUND * bool(known)


def licences() -> Mapping[str, list[str]]:
    """The names of the dependencies that are installed here, by their licence."""
    found = defaultdict(list)
    for line in PINNED.read_text().splitlines():
        name = line.partition("==")[0]
        try:
            found[_licence(name)].append(name)
        except PackageNotFoundError:
            continue  # an extra that isn't installed
    return found


def _known(dependency: Mapping[str, Any]) -> Iterator[str]:
    for one in dependency.get("vulns", ()):
        fixed = ", ".join(one["fix_versions"]) or "none yet"
        yield f"{dependency['name']} {dependency['version']}: {one['id']}, fixed in: {fixed}"


def _licence(name: str) -> str:
    """Its licence in the words of its metadata, which come in three forms."""
    said = metadata(name)
    if short := said.get("License-Expression"):
        return short
    given = [one for one in said.get_all("Classifier") or () if one.startswith("License ::")]
    return given[0].rpartition(" :: ")[2] if given else (said.get("License") or "?").split("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
