"""Image, Compose, systemd, Kubernetes: what they name of the program is what it has."""

import re
import shlex
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from core import settings
from core.cli import COMMANDS
from core.cli.serve import serve

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = ROOT / "compose.yaml"
SCALE = ROOT / "compose.scale.yaml"
UNIT = ROOT / "deploy" / "systemd" / "segferry.service"
MANIFEST = ROOT / "deploy" / "kubernetes" / "segferry.yaml"
INSTALLING = ROOT / "docs" / "installing.md"
VARIABLES = {name for name, _default, _meaning in settings.documented()}
PORT = next(one.default for one in serve.params if one.name == "port")
USER = 10001


def parsed(path: Path) -> list[Any]:
    return list(YAML(typ="safe").load_all(path.read_text()))


def given(path: Path) -> Iterator[tuple[str, str]]:
    """The variables of Segferry that a file sets, with their values."""
    text = path.read_text()
    yield from re.findall(r"(SEGFERRY_\w+)(?:=|: )([^\s#\\]+)", text)
    yield from re.findall(r'name: (SEGFERRY_\w+), value: "?([^"}]+)"?', text)


@pytest.mark.parametrize(
    "path",
    [ROOT / "Dockerfile", COMPOSE, SCALE, UNIT, MANIFEST, INSTALLING],
    ids=lambda path: path.name,
)
def test_every_variable_is_a_setting_and_its_value_is_allowed(path: Path):
    found = dict(given(path))
    assert found
    assert set(re.findall(r"SEGFERRY_\w+", path.read_text())) <= VARIABLES
    values = {name: value for name, value in found.items() if not name.endswith("_FILE")}
    if "SEGFERRY_DATABASE_URL_FILE" in found:
        values["SEGFERRY_DATABASE_URL"] = "postgresql://host/database"
    settings.read(
        {name: re.sub(r"\$\{SITE[^}]*\}", "example.com", value) for name, value in values.items()}
    )


def test_the_image_calls_a_command_that_exists_and_listens_where_it_says():
    command = re.findall(r'^CMD \["(\w+)", "(--\w+)"', DOCKERFILE, re.MULTILINE)
    ((name, option),) = command
    assert name in COMMANDS
    assert option in {opt for one in serve.params for opt in one.opts}
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == [str(PORT)]
    assert f"http://127.0.0.1:{PORT}/healthz" in DOCKERFILE
    assert "127.0.0.1" in dict(given(ROOT / "Dockerfile"))["SEGFERRY_ALLOWED_HOSTS"].split(",")


def test_the_image_is_no_ones_that_is_root_and_installs_by_hash():
    assert f"\nUSER {USER}:{USER}\n" in DOCKERFILE
    installs = re.findall(r"pip install ([^\\\n]+)", DOCKERFILE)
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)


def test_the_image_gets_all_that_the_wheel_is_built_of_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text().split()
    needed = {"app.py", "core", "pages", "segferry", ".streamlit", "pyproject.toml", "README.md"}
    locks = {"requirements.lock", "requirements.build.lock"}
    assert {one[1:] for one in lines if one.startswith("!")} == needed | locks | {"LICENSE"}
    assert "*" in lines


def test_compose_keeps_data_in_a_volume_and_writes_nowhere_else():
    (found,) = parsed(COMPOSE)
    service = found["services"]["segferry"]
    assert service["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert service["volumes"] == ["data:/data"]
    assert "data" in found["volumes"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]


def test_what_is_scaled_shares_its_files_its_key_and_its_database():
    (found,) = parsed(SCALE)
    services = found["services"]
    for name in ("dashboard", "worker"):
        service = services[name]
        assert service["volumes"] == ["files:/files"]
        assert service["environment"]["SEGFERRY_FILES"] == "/files"
        assert set(service["secrets"]) == {"database_url", "secret_key"}
        assert service["read_only"]
    assert services["worker"]["command"] == ["worker"]
    assert "worker" in COMMANDS
    assert services["worker"]["deploy"]["replicas"] == 2
    assert services["proxy"]["command"].endswith(f"dashboard:{PORT}")
    secrets = {name for service in services.values() for name in service.get("secrets", ())}
    assert secrets == set(found["secrets"])
    assert {"files", "postgres", "certificates"} == set(found["volumes"])


def test_the_pod_is_probed_by_a_name_that_the_server_answers_to():
    service, pods = parsed(MANIFEST)
    (container,) = pods["spec"]["template"]["spec"]["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": PORT}]
    assert service["spec"]["ports"][0]["targetPort"] == "http"
    hosts = dict(given(MANIFEST))["SEGFERRY_ALLOWED_HOSTS"].split(",")
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = container[probe]["httpGet"]
        assert asked["path"] == "/healthz"
        assert asked["httpHeaders"][0]["value"] in hosts
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert pods["spec"]["template"]["spec"]["securityContext"]["runAsUser"] == USER
    assert pods["spec"]["replicas"] == 1  # SQLite has one owner


def test_the_unit_starts_a_command_that_exists_and_keeps_its_data_where_it_may():
    unit = RawConfigParser(strict=False, inline_comment_prefixes=None)
    unit.read_string(UNIT.read_text())
    service = unit["Service"]
    program, command = shlex.split(service["ExecStart"])
    assert program.endswith("/segferry")
    assert command in COMMANDS
    assert dict(given(UNIT))["SEGFERRY_HOME"] == f"/var/lib/{service['StateDirectory']}"
    assert service["ProtectSystem"] == "strict"


def test_every_command_of_the_pages_exists():
    for page in (INSTALLING, ROOT / "UPGRADING.md"):
        named = re.findall(r"(?:`|bin/|&& |--from \S+ )segferry ([a-z]+)", page.read_text())
        assert named
        assert set(named) <= set(COMMANDS)
