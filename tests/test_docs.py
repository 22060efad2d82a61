"""README, CONTRIBUTING and docs: their links lead somewhere, their tables are the program's."""

import re
import tomllib
from collections import Counter
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest

from core.cli import COMMANDS
from core.profiles.sources.notes import Noted
from core.profiles.sources.reading_options import NULL_WORDS
from core.runs.reasons import REASONS, WARNINGS
from core.store.tables.runs import STEPS, Stage
from pages import router

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / "UPGRADING.md",
    *sorted(DOCS.glob("*.md")),
]
LINES = 120  # of README: it is read in one sitting
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ARROW = re.compile(r"^ +(\w+) --> (\w+)", re.MULTILINE)
FLOOR = re.compile(r"^\| (\d+) \| `core/([a-z0-9_]+)(?:/|\.py)` \|", re.MULTILINE)
SCREEN = re.compile(r"^\|[a-z ]*\| `pages/([a-z_]+)(?:/|\.py)` \|", re.MULTILINE)


def prose(page: Path) -> str:
    """The page without code, where brackets mean other things."""
    return CODE.sub("", FENCED.sub("", page.read_text()))


def anchors(page: Path) -> set[str]:
    """What a heading of the page is linked by, as GitHub makes it; one that comes twice has -1."""
    seen, found = Counter[str](), set[str]()
    for heading in HEADING.findall(FENCED.sub("", page.read_text())):
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


def broken(page: Path) -> list[str]:
    """The relative links of the page that lead to no file, or to no heading of it."""
    wrong = []
    for link in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path):
    assert broken(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One, two\n## One, two\n[a](#one-two) [b](#one-two-1) [c](#three) [d](gone.md)\n"
        "[e](https://example.com/gone) `[f](gone.md)` ![g](page.md#one-two) [h](page.md#four)\n"
    )
    assert broken(page) == ["#three", "gone.md", "page.md#four"]


def test_the_readme_is_read_in_one_sitting():
    assert len((ROOT / "README.md").read_text().splitlines()) <= LINES


def test_every_page_of_docs_is_in_its_index_and_every_picture_is_shown():
    index = (DOCS / "README.md").read_text()
    assert [page.name for page in DOCS.glob("*.md") if f"({page.name})" not in index] == [
        "README.md"
    ]
    shown = set(chain.from_iterable(LINK.findall(prose(page)) for page in PAGES))
    assert {f"docs/{path.name}" for path in DOCS.glob("*.png")} <= {
        link if "/" in link else f"docs/{link}" for link in shown
    }


def test_every_command_is_described():
    table = (DOCS / "command-line.md").read_text()
    assert set(re.findall(r"`segferry ([a-z-]+)[ `]", table)) == set(COMMANDS)


def test_every_reason_and_warning_is_described():
    text = (DOCS / "runs.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set(REASONS)
    warnings = (DOCS / "configuration.md").read_text().partition("\n## Warnings\n")[2]
    assert re.findall(r"^\| `(\w+)` \|", warnings, re.MULTILINE) == list(WARNINGS)


def test_the_pictures_of_a_run_are_its_allowed_steps():
    """A status that may follow itself, after a crash, is in the text."""
    pictures = FENCED.findall((DOCS / "architecture.md").read_text())
    states, stages = [set(ARROW.findall(text)) for text in pictures if "stateDiagram" in text]
    allowed = {(str(one), str(other)) for one, after in STEPS.items() for other in after}
    assert states == {(one, other) for one, other in allowed if one != other}
    assert stages == {*zip(map(str, Stage), list(map(str, Stage))[1:], strict=False)}


def test_the_floor_plan_is_that_of_the_import_contracts():
    plan = (DOCS / "architecture.md").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    floors = {name: int(floor) for floor, name in FLOOR.findall(plan)}
    assert floors == {
        name.strip(): n for n, layer in enumerate(layers, 1) for name in layer.split("|")
    }


def test_the_floor_plan_names_every_part_of_the_screen():
    plan = (DOCS / "architecture.md").read_text()
    folders = {path.parent.name for path in (ROOT / "pages").glob("*/__init__.py")}
    screens = {path.parent.name for path in (ROOT / "pages").glob("*/page.py")}
    files = {path.stem for path in (ROOT / "pages").glob("[!_]*.py")}
    assert set(SCREEN.findall(plan)) == (folders - screens) | {"router"}
    assert files - {"router"} <= {entry.name for entry in router.PAGES}


def test_every_warning_of_reading_and_every_word_for_nothing_is_documented():
    text = (DOCS / "configuration.md").read_text()
    assert set(Noted) <= WARNINGS.keys()
    assert {word for word in NULL_WORDS if f"`{word}`" not in text} == set()
