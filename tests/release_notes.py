"""The notes of a release, from CHANGELOG.md: python -m tests.release_notes v0.2.0."""

import re
import sys
from pathlib import Path

from core import __version__

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"


def main(tag: str) -> int:
    """Prints them; the exit status: 0, or 1 with a sentence where the tag can't be released."""
    version = tag.removeprefix("v")
    text = notes(CHANGELOG.read_text(), version)
    if version != __version__ or not text:
        sys.stderr.write(
            f"{tag} can't be released: core/__init__.py has the version {__version__}, and "
            f"CHANGELOG.md {'has' if text else 'has no'} section “## {version} – date” with "
            "anything in it.\n"
        )
        return 1
    sys.stdout.write(text + "\n")
    return 0


def notes(changelog: str, version: str) -> str:
    """What the section of a version says, its links as they work in a release; empty without it."""
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        if heading.split()[:1] == [version]:
            return re.sub(
                r"\]\((?![a-z]+:|#)([^)]+)\)", rf"](../../blob/v{version}/\1)", body
            ).strip()
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
