"""What `make audit` says of the answers that it may get."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.audit import FOUND, UNKNOWN, is_accepted, licences, verdict

ROOT = Path(__file__).parents[1]


def report(*dependencies: object) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


FINE = {"name": "click", "version": "8.5.1", "vulns": []}
HOLE = {"id": "PYSEC-1", "fix_versions": ["9.0"], "aliases": [], "description": ""}
BAD = {"name": "mako", "version": "1.0", "vulns": [HOLE]}
SKIPPED = {"name": "tzdata", "skip_reason": "Dependency not found"}


def test_nothing_known_is_said_with_the_number_that_was_looked_up():
    assert verdict(report(FINE)) == (["Nothing is known against 1 dependencies."], 0)


def test_what_is_known_is_named_with_the_version_that_mends_it():
    assert verdict(report(FINE, BAD)) == (["mako 1.0: PYSEC-1, fixed in: 9.0"], FOUND)


def test_a_service_that_answers_nothing_is_not_taken_for_a_good_answer():
    for answer in ("", "not JSON", report(), report(SKIPPED)):
        lines, status = verdict(answer)
        assert status == UNKNOWN
        assert "pip_audit -r constraints.txt --no-deps" in lines[1]


def test_a_dependency_that_the_service_does_not_know_is_named():
    assert verdict(report(FINE, SKIPPED)) == (["The service doesn't know tzdata."], UNKNOWN)


@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0 AND MIT", "GPL-3.0-only OR BSD-3-Clause"])
def test_permissive_licences_are_accepted_all_of_them_or_one_to_choose(licence: str):
    assert is_accepted(licence)


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", "MIT AND GPL-2.0-only", "?", "Proprietary"])
def test_other_licences_and_unknown_ones_are_not(licence: str):
    assert not is_accepted(licence)


def test_every_dependency_here_has_a_licence_that_is_accepted():
    assert {one: names for one, names in licences().items() if not is_accepted(one)} == {}


def test_the_page_on_security_names_the_licence_of_each_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    run_time = [one for name in extras.keys() - {"test", "check"} for one in extras[name]]
    needed = [*project["dependencies"], *run_time]
    names = {re.match(r"[\w.-]+", one).group().lower() for one in needed}
    table = (ROOT / "docs" / "security.md").read_text().partition("## Dependencies")[2].lower()
    assert names <= set(re.findall(r"[\w.-]+", table))
