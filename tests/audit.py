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
PERMISSIVE = (
    "0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 MIT-CMU PSF-2.0 Zlib"
)
WEAK_COPYLEFT = "LGPL-3.0-only MPL-2.0"  # as long as they are used unchanged
ACCEPTED = frozenset(f"{PERMISSIVE} {WEAK_COPYLEFT}".split())
WORDS = {  # what metadata says in place of a name of SPDX
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
UNSAID = {"axe-playwright-python": "MIT"}  # by its file LICENSE; its metadata doesn't say


def main() -> int:
    """Prints both; the exit status: 0, or 1 for something known, 2 where nobody could be asked.

    1 as well for a licence that is neither permissive nor weak copyleft.
    """
    found = licences()
    for licence, names in sorted(found.items()):
        sys.stdout.write(f"{licence}: {', '.join(names)}\n")
    refused = [name for licence in found if not is_accepted(licence) for name in found[licence]]
    asked = subprocess.run(
        [sys.executable, "-m", *QUESTION, "-f", "json"],
        capture_output=True,
        text=True,
        cwd=PINNED.parent,
        check=False,
    )
    lines, status = verdict(asked.stdout)
    lines += [f"The licence of {name} is not one that we accept." for name in refused]
    sys.stdout.write("\n".join(["", *lines, ""]))
    return FOUND if refused else status


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
            found[licence_of(name)].append(name)
        except PackageNotFoundError:
            continue  # an extra that isn't installed
    return found


def is_accepted(licence: str) -> bool:
    """Whether we may use what has it; `licence` is an expression of SPDX without brackets."""
    return any(
        all(part.strip() in ACCEPTED for part in choice.split(" AND "))
        for choice in licence.split(" OR ")
    )


def _known(dependency: Mapping[str, Any]) -> Iterator[str]:
    for one in dependency.get("vulns", ()):
        fixed = ", ".join(one["fix_versions"]) or "none yet"
        yield f"{dependency['name']} {dependency['version']}: {one['id']}, fixed in: {fixed}"


def licence_of(name: str) -> str:
    """Its licence as an expression of SPDX, or else in the words of its metadata."""
    said = metadata(name)
    if short := said.get("License-Expression") or UNSAID.get(name):
        return short
    given = [one for one in said.get_all("Classifier") or () if one.startswith("License ::")]
    words = given[-1].rpartition(" :: ")[2] if given else said.get("License") or "?"
    return WORDS.get(words, words.split("\n")[0])


if __name__ == "__main__":
    sys.exit(main())
