"""Settings: read from the environment, each one documented."""

from datetime import date
from pathlib import Path

import pytest

from core import settings
from core.errors import Invalid

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
