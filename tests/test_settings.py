"""Settings: read from the environment, each one documented."""

import os
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core import settings
from core.errors import Invalid
from core.settings import secrets

OPERATING = (Path(__file__).parents[1] / "docs" / "operating.md").read_text()


@pytest.mark.parametrize(("variable", "default", "meaning"), settings.documented())
def test_docs_describe_each_setting(variable: str, default: str, meaning: str):
    (row,) = [line for line in OPERATING.splitlines() if line.startswith(f"| `{variable}` |")]
    assert meaning in row
    assert not default or f"`{default}`" in row


def test_the_data_folder_is_absolute_whatever_the_environment_says():
    assert settings.read({"SEGFERRY_HOME": "here"}).home == Path("here").absolute()
    assert settings.read({}).home == Path("data").absolute()


def test_a_number_that_is_none_is_refused_with_its_variable():
    with pytest.raises(Invalid, match="SEGFERRY_JOB_TIMEOUT"):
        settings.read({"SEGFERRY_JOB_TIMEOUT": "soon"})


def test_a_date_that_is_none_is_refused_with_its_variable_and_an_example():
    text = "SEGFERRY_KLAVIYO_REVISION has to be a date like 2026-10-15, not “one day”"
    with pytest.raises(Invalid, match=text):
        settings.read({"SEGFERRY_KLAVIYO_REVISION": "one day"})
    given = settings.read({"SEGFERRY_KLAVIYO_REVISION": "2026-01-15"})
    assert given.klaviyo_revision == date(2026, 1, 15)


@pytest.mark.parametrize("seconds", ["0", "-1"])
def test_a_time_out_is_more_than_nothing(seconds: str):
    with pytest.raises(Invalid, match="more than 0"):
        settings.read({"SEGFERRY_REQUEST_TIMEOUT": seconds})


@pytest.mark.parametrize("given", ["1", "yes", "@example.com", "example.com, ada@example.com"])
def test_people_are_let_in_as_viewers_by_domain_only(given: str):
    with pytest.raises(Invalid, match="SEGFERRY_SSO_VIEWERS takes domains"):
        settings.read({"SEGFERRY_SSO_VIEWERS": given})


def test_several_domains_are_separated_by_commas():
    given = settings.read({"SEGFERRY_SSO_VIEWERS": "Example.com, example.lv,"})
    assert given.viewer_domains == ["example.com", "example.lv"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_replaces_both_files(scheme: str):
    given = settings.read({"SEGFERRY_DATABASE_URL": f"{scheme}://u@h/d"})
    assert given.url == "postgresql+psycopg://u@h/d"
    assert not given.on_sqlite


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SEGFERRY_SOURCE_FOLDERS", "profiles"),
        ("SEGFERRY_SOURCE_FOLDERS", "/srv:profiles"),
        ("SEGFERRY_ALLOWED_HOSTS", "*example.com"),
        ("SEGFERRY_ALLOWED_HOSTS", "a.*.com"),
        ("SEGFERRY_TRUSTED_PROXY", "*"),
        ("SEGFERRY_TRUSTED_PROXY", "10.0.0.1,proxy"),
    ],
)
def test_what_would_allow_something_else_than_meant_is_refused(variable: str, value: str):
    with pytest.raises(Invalid, match=variable):
        settings.read({variable: value})


def test_lists_are_parted_and_trimmed():
    given = settings.read(
        {
            "SEGFERRY_HOME": "/data",
            "SEGFERRY_SOURCE_FOLDERS": "/srv/a:/srv/b",
            "SEGFERRY_ALLOWED_HOSTS": "a.example, *.b.example",
            "SEGFERRY_TRUSTED_PROXY": "10.0.0.0/24, ::1",
        }
    )
    folders = [str(folder) for folder in given.allowed_folders]
    assert folders == ["/data/uploads", "/data/demo", "/srv/a", "/srv/b"]
    assert given.hosts == ["a.example", "*.b.example"]


def test_a_number_that_is_none_or_nothing_is_refused_with_its_variable():
    with pytest.raises(Invalid, match="SEGFERRY_MAX_UPLOAD has to be a whole number, not “1 GB”"):
        settings.read({"SEGFERRY_MAX_UPLOAD": "1 GB"})
    with pytest.raises(Invalid, match="max_upload has to be more than 0"):
        settings.read({"SEGFERRY_MAX_UPLOAD": "0"})
    assert settings.read({"SEGFERRY_MAX_UPLOAD": "2048"}).max_upload == 2048


def test_it_is_known_which_variables_are_set_and_secrets_are_not_shown():
    given = settings.read(
        {"SEGFERRY_AUDIT_DAYS": "400", "SEGFERRY_DATABASE_URL": "postgres://u:s3cret@h/d"}
    )
    assert given.given == {"SEGFERRY_AUDIT_DAYS", "SEGFERRY_DATABASE_URL"}
    shown = {name: value for name, value, _meaning in settings.shown(given)}
    assert shown["SEGFERRY_AUDIT_DAYS"] == "400"
    assert shown["SEGFERRY_DATABASE_URL"] == "set, not shown"
    assert shown["SEGFERRY_SECRET_KEY"] == ""
    assert "s3cret" not in f"{shown} {given}"


SECRETS = [
    "SEGFERRY_BACKUP_PASSPHRASE",
    "SEGFERRY_DATABASE_URL",
    "SEGFERRY_KLAVIYO_CLIENT_SECRET",
    "SEGFERRY_METRICS_TOKEN",
    "SEGFERRY_SECRET_KEY",
]


def test_each_secret_has_a_variable_for_its_file():
    secrets = [f.metadata["env"] for f in fields(settings.Settings) if f.metadata and not f.repr]
    assert sorted(secrets) == SECRETS
    assert {f"{name}_FILE" for name in secrets} <= {name for name, *_ in settings.documented()}


def test_a_secret_is_read_from_its_file_and_shown_nowhere(tmp_path: Path):
    (tmp_path / "url").write_text("postgres://u:s3cret@h/d\r\n")
    given = settings.read({"SEGFERRY_DATABASE_URL_FILE": str(tmp_path / "url")})
    assert given.url == "postgresql+psycopg://u:s3cret@h/d"
    assert given.given == {"SEGFERRY_DATABASE_URL", "SEGFERRY_DATABASE_URL_FILE"}
    assert "s3cret" not in f"{settings.shown(given)} {given}"


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_that_comes_twice_is_refused(variable: str, tmp_path: Path):
    (tmp_path / "secret").write_text("s3cret")
    both = {variable: "s3cret", f"{variable}_FILE": str(tmp_path / "secret")}
    with pytest.raises(Invalid, match=f"{variable} and {variable}_FILE are both set") as refused:
        settings.read(both)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read: No such file or directory"),
        (b" \n", "has to have the secret and nothing else"),
        (b"x" * (secrets.MOST + 1), "has to have the secret and nothing else"),
        (b"\xff\xfe", "can't be read: it is no text"),
    ],
)
def test_a_file_without_a_secret_is_named(content: bytes | None, said: str, tmp_path: Path):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Invalid, match=said) as refused:
        settings.read({"SEGFERRY_METRICS_TOKEN_FILE": str(path)})
    assert str(path) in str(refused.value)
    assert "SEGFERRY_METRICS_TOKEN_FILE" in str(refused.value)


def test_a_pipe_with_a_secret_is_refused_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Invalid, match="which is no file"):
        settings.read({"SEGFERRY_METRICS_TOKEN_FILE": str(tmp_path / "pipe")})


def test_no_source_reads_the_file_of_a_secret(tmp_path: Path):
    for variable in SECRETS:
        (tmp_path / "secret").write_text("s3cret")
        given = settings.read({f"{variable}_FILE": str(tmp_path / "secret")})
        assert tmp_path / "secret" in given.closed


def test_whatever_names_a_file_or_folder_is_a_full_path(tmp_path: Path, monkeypatch: Any):
    monkeypatch.chdir(tmp_path)
    Path("token").write_text("t0ken")
    environment = {
        "SEGFERRY_FILES": "shared",
        "SEGFERRY_DATABASE_URL": "postgresql://host/database",
        "SEGFERRY_METRICS_TOKEN_FILE": "token",
    }
    given = settings.read(environment)
    assert settings.paths(given) == {
        "SEGFERRY_HOME": str(tmp_path / "data"),
        "SEGFERRY_FILES": str(tmp_path / "shared"),
        "SEGFERRY_METRICS_TOKEN_FILE": str(tmp_path / "token"),
    }
    assert set(map(str, given.closed)) == set(settings.paths(given).values())
