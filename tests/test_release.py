"""What a tag publishes: notes from the changelog, by actions that can't change under us."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from core import __version__
from tests.release_notes import main, notes

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
CHANGELOG = """# Changelog

## Unreleased

- later

## 0.2.0 – 2026-12-01

### Added
- [A thing](docs/runs.md#guards), see [there](https://example.com/x).

## 0.1.0 – 2026-01-01

- first
"""


def test_notes_are_the_section_of_the_version_with_links_that_work_outside_the_repository():
    assert notes(CHANGELOG, "0.2.0") == (
        "### Added\n- [A thing](../../blob/v0.2.0/docs/runs.md#guards), "
        "see [there](https://example.com/x)."
    )
    assert notes(CHANGELOG, "0.1.0") == "- first"
    assert notes(CHANGELOG, "0.3.0") == ""


@pytest.mark.parametrize("tag", ["v9.9.9", f"v{__version__}.dev1"])
def test_a_tag_of_another_version_is_not_released(tag: str, capsys: pytest.CaptureFixture[str]):
    assert main(tag) == 1
    assert f"{tag} can't be released" in capsys.readouterr().err


def test_every_action_of_the_workflow_is_pinned_by_its_commit():
    jobs = YAML(typ="safe").load(WORKFLOW.read_text())["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one)] == []
    assert "secrets." not in WORKFLOW.read_text()


def test_every_target_that_the_workflow_calls_exists():
    called = re.findall(r"\bmake (\w+)", WORKFLOW.read_text())
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert called
    assert set(called) <= targets
