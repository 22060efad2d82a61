"""The locks are what constraints.txt and pyproject.toml say; the bill of materials is the lock."""

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.sbom import LOCK, OURS, Pin, document, pins

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "requirements.build.lock"
ELSEWHERE = re.compile("win32|emscripten")  # systems that constraints.txt doesn't know


def locked(path: Path = LOCK) -> dict[str, Pin]:
    return {canonicalize_name(one.name): one for one in pins(path.read_text())}


def needed(one: Requirement, extras: dict[str, list[str]]) -> set[str]:
    """The names of a requirement, which may be an extra of our own."""
    if one.name != OURS:
        return {canonicalize_name(one.name)}
    inner = [Requirement(line) for extra in one.extras for line in extras[extra]]
    return {name for part in inner for name in needed(part, extras)}


@pytest.mark.parametrize("path", [LOCK, BUILD], ids=lambda path: path.name)
def test_every_pin_is_that_of_the_constraints_and_has_hashes(path: Path):
    lines = (ROOT / "constraints.txt").read_text().split()
    pinned = {canonicalize_name(name): v for name, _, v in (one.partition("==") for one in lines)}
    found = locked(path)
    here = {name: one.version for name, one in found.items() if not ELSEWHERE.search(one.marker)}
    assert here == {name: pinned.get(name) for name in here}
    assert [name for name, one in found.items() if not one.hashes] == []
    assert "://" not in path.read_text()  # no registry's address


def test_what_the_image_needs_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [Requirement(one) for one in (*project["dependencies"], *extras["image"])]
    names = {name for one in wanted for name in needed(one, extras)}
    assert names <= locked().keys()


def test_the_lock_has_what_its_own_packages_need():
    found = locked()
    for name in found:
        try:
            wanted = [Requirement(one) for one in requires(name) or ()]
        except PackageNotFoundError:  # of another system
            continue
        for one in wanted:
            if not one.marker or one.marker.evaluate({"extra": ""}):
                assert canonicalize_name(one.name) in found, f"{name} needs it: make lock"


def test_the_bill_of_materials_is_valid_and_has_every_pin_with_who_needs_it():
    found = pins(LOCK.read_text())
    text = document(found)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    parts = {one["name"]: one for one in bill["components"]}
    assert {name: one["version"] for name, one in parts.items()} == {
        one.name: one.version for one in found
    }
    assert parts["click"]["licenses"]
    edges = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert parts["click"]["bom-ref"] in edges[OURS]
    assert parts["h11"]["bom-ref"] in edges[parts["uvicorn"]["bom-ref"]]


def test_a_pin_is_read_with_its_marker_its_files_and_its_users():
    text = (
        f"# made\nsix==1.17 ; sys_platform == 'linux' \\\n    --hash=sha256:{'a' * 64} \\\n"
        f"    --hash=sha256:{'b' * 64}\n    # via\n    #   -c constraints.txt\n    #   thrift\n"
        f"tzdata==2026.6 \\\n    --hash=sha256:{'c' * 64}\n    # via segferry (pyproject.toml)\n"
    )
    six, tzdata = pins(text)
    hashes = (f"sha256:{'a' * 64}", f"sha256:{'b' * 64}")
    assert six == Pin("six", "1.17", "sys_platform == 'linux'", hashes, frozenset({"thrift"}))
    assert tzdata.needed_by == {OURS}
