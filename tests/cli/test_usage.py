"""Usage: names, options, exit statuses, and one sentence for each error."""

import io
import sys
from pathlib import Path

import click
import pytest

from core.cli import COMMANDS
from core.cli import segferry as group
from core.settings import Settings
from tests.cli.conftest import Command, one_sentence
from tests.conftest import written

PROMISED = {
    "serve": {"--port", "--address", "--demo"},
    "sandbox": {"--port"},
    "apply": {"--dry-run", "--prune"},
    "config": set(),
    "preview": {"--json"},
    "run": {"--json", "--no-wait", "--confirm", "--sample", "--send-all"},
    "runs": {"--export", "--json"},
    "show": {"--json"},
    "rejects": {"--format"},
    "cancel": set(),
    "retry": {"--json"},
    "resume": {"--json"},
    "rotate-key": set(),
    "doctor": {"--json"},
}


@pytest.mark.parametrize(("name", "options"), PROMISED.items())
def test_each_promised_command_has_its_options(segferry: Command, name: str, options: set[str]):
    told = segferry(name, "--help")
    assert told.status == 0
    assert not {option for option in options if option not in told.out}


def test_the_help_lists_every_command_without_importing_any(segferry: Command):
    told = segferry("--help")
    assert told.status == 0
    assert all(f"\n  {name} " in told.out for name in PROMISED)
    assert all(text in told.out for _module, text in COMMANDS.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_where_the_table_says(name: str):
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.name == name


def test_the_version_is_told(segferry: Command):
    assert segferry("--version").out.startswith("segferry, version ")


def test_a_line_without_a_command_is_told_all_of_them(segferry: Command):
    told = segferry()
    assert told.status == 2
    assert "Commands:" in told.err
    assert not told.out


WRONG = [
    (["rnu", "Newsletter"], "run"),
    (["run"], "EXPORT"),
    (["run", "Newsletter", "--jsn"], "--json"),
    (["run", "Newsletter", "--confirm", "many"], "--confirm"),
    (["run", "Newsletter", "--confirm", "-1"], "--confirm"),
    (["rejects", "1", "--format", "xml"], "csv"),
    (["runs", "surplus"], "surplus"),
    (["sandbox", "--port", "70000"], "65535"),
    (["--what"], "--what"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
def test_wrong_usage_leaves_with_2_and_says_what_is_known(
    segferry: Command, arguments: list[str], told: str
):
    left = segferry(*arguments)
    assert left.status == 2
    assert one_sentence(left)
    assert told in left.err
    assert "--help" in left.err


UNKNOWN = [
    (["preview", "Newsleter"], "“Newsletter”"),
    (["run", "newsletter"], "“Newsletter”"),
    (["run", "Something else"], "Newsletter"),
    (["runs", "--export", "Newsleter"], "“Newsletter”"),
    (["show", "7"], "“7”"),
    (["show", "last"], "“last”"),
    (["show", "99999999999999999999999"], "run"),
    (["show", "-1"], "-1"),
    (["rejects", "7"], "“7”"),
    (["cancel", "7"], "“7”"),
    (["retry", "7", "--json"], "“7”"),
]


@pytest.mark.parametrize(("arguments", "told"), UNKNOWN)
def test_an_unknown_name_leaves_with_2_and_the_nearest(
    newsletter: Command, arguments: list[str], told: str
):
    left = newsletter(*arguments)
    assert left.status == 2
    assert one_sentence(left)
    assert told in left.err


def test_an_unknown_segment_in_a_file_is_told_with_the_nearest(
    segferry: Command, configuration: Path
):
    text = configuration.read_text().replace("segments: [Everybody]", "segments: [Evrybody]")
    configuration.write_text(text)
    left = segferry("apply", configuration)
    assert left.status == 2
    assert one_sentence(left)
    assert "“Evrybody”" in left.err
    assert "“Everybody”" in left.err


def test_a_name_in_bytes_that_are_no_text_is_an_error_in_one_sentence(newsletter: Command):
    left = newsletter("run", "Newsletter\udcff")
    assert left.status in (1, 2)
    assert one_sentence(left)


@pytest.mark.parametrize("place", [0, 3])
def test_debug_shows_the_traceback_wherever_it_stands(newsletter: Command, place: int):
    words = ["preview", "Nothing", "--json"]
    words.insert(place, "--debug")
    with pytest.raises(Exception, match="There is no export"):
        newsletter(*words)


def test_a_data_folder_that_can_not_be_is_told(
    segferry: Command, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    settings.home.parent.mkdir(exist_ok=True)
    file = settings.home.parent / "a file"
    file.write_text("")
    monkeypatch.setenv("SEGFERRY_HOME", str(file / "below"))
    left = segferry("runs")
    assert left.status == 1
    assert one_sentence(left)
    assert str(file) in left.err


def test_a_database_that_is_none_is_told_with_its_place(segferry: Command, settings: Settings):
    settings.home.mkdir()
    (settings.home / "segferry.sqlite").write_bytes(b"something else " * 100)
    left = segferry("runs")
    assert left.status == 1
    assert one_sentence(left)
    assert "segferry.sqlite" in left.err


ADDRESSES = ["mysql://u@h/d", "sqlite:///elsewhere.sqlite", "nonsense", "postgresql://h:port/d"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_postgresqls_is_wrong_configuration(
    segferry: Command, monkeypatch: pytest.MonkeyPatch, address: str
):
    monkeypatch.setenv("SEGFERRY_DATABASE_URL", address)
    left = segferry("runs")
    assert left.status == 2
    assert one_sentence(left)
    assert "SEGFERRY_DATABASE_URL" in left.err


def test_a_postgresql_that_is_not_there_is_told_without_its_password(
    segferry: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SEGFERRY_DATABASE_URL", "postgresql://ada:secret@127.0.0.1:1/segferry")
    left = segferry("runs")
    assert left.status == 1
    assert one_sentence(left)
    assert "127.0.0.1:1/segferry" in left.err
    assert "secret" not in left.err


def test_a_setting_of_the_wrong_kind_leaves_with_2(
    segferry: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SEGFERRY_JOB_TIMEOUT", "soon")
    left = segferry("runs")
    assert left.status == 2
    assert one_sentence(left)


def test_whatever_else_goes_wrong_is_one_sentence_too(
    segferry: Command, configuration: Path, monkeypatch: pytest.MonkeyPatch
):
    segferry("apply", configuration)
    monkeypatch.setenv("SEGFERRY_KLAVIYO_REVISION", "one day")
    left = segferry("doctor")
    assert left.status in (1, 2)
    assert "Traceback" not in left.err


def test_json_is_utf_8_even_where_the_terminal_is_not(
    newsletter: Command, configuration: Path, monkeypatch: pytest.MonkeyPatch
):
    text = configuration.read_text().replace("name: Newsletter", "name: Ziņas")
    configuration.write_text(text)
    assert newsletter("apply", configuration).status == 0
    bytes_ = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_, encoding="cp1252"))
    assert newsletter("preview", "Ziņas", "--json").status == 0
    assert newsletter("config").status == 0
    assert newsletter("apply", configuration).status == 0
    sys.stdout.flush()
    printed = bytes_.getvalue().decode()
    assert printed.count("Ziņas") == 2
    assert "Zi\\u0146as" in printed


def test_a_source_that_is_not_there_makes_a_wrong_file(segferry: Command, tmp_path: Path):
    file = written(tmp_path, tmp_path / "nowhere.csv", "http://127.0.0.1:1")
    left = segferry("apply", file)
    assert left.status == 2
    assert one_sentence(left)
    assert "sources “Profiles”" in left.err
    assert "nowhere.csv" in left.err
