"""segferry apply and config: round trips, dry runs, prunes, and files that are refused."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from core.store import Store, connections, exports
from tests.cli.conftest import Command, one_sentence
from tests.conftest import ADA, ENVIRONMENT

pytestmark = pytest.mark.usefixtures("used")


def lines(text: str) -> list[tuple[str, ...]]:
    """The words of each line."""
    return [tuple(line.split(maxsplit=2)) for line in text.splitlines()]


def test_apply_prints_each_thing_and_a_second_time_changes_nothing(
    segferry: Command, configuration: Path
):
    assert lines(segferry("apply", configuration).out) == [
        ("created", "connections", "Klaviyo"),
        ("created", "sources", "Profiles"),
        ("created", "segments", "Everybody"),
        ("created", "exports", "Newsletter"),
    ]
    again = segferry("apply", configuration)
    assert again.status == 0
    assert {line[0] for line in lines(again.out)} == {"unchanged"}


def test_apply_says_what_it_found_odd_in_the_files_of_a_source(
    segferry: Command, configuration: Path, profiles: Path
):
    rows = "9,z@example.com,NULL,LV,7\n\n3 rows\n"
    profiles.write_text("Our people\n" + profiles.read_text() + rows)
    applied = segferry("apply", configuration)
    assert applied.status == 0
    assert "Profiles: 1 line above the rows is left out." in applied.err
    assert "Profiles: 1 line after the rows is left out." in applied.err
    assert "Profiles: empty_word: 1 cell, row 13, “first_name”: “NULL”" in applied.err


@pytest.mark.parametrize(
    ("values", "op", "said"),
    [
        (
            ["1", "2", "much", "3"],
            "{op: more_than, value: 300}",
            "The first such cell is in row 3: “much”.",
        ),
        (["31/12/2025", "12/31/2025"], "{op: in_last_days, value: 9}", "set `dates`"),
        (
            ["2025-12-31", "soon"],
            "{op: in_last_days, value: 9}",
            "The first such cell is in row 2: “soon”.",
        ),
    ],
)
def test_a_rule_over_text_is_told_the_row_that_made_it_text(
    segferry: Command, configuration: Path, profiles: Path, values: list[str], op: str, said: str
):
    rows = "".join(f"p{n}@example.com,{value}\n" for n, value in enumerate(values))
    profiles.write_text("email,it\n" + rows)
    rule = op.replace("{", "{field: it, ")
    before = configuration.read_text()
    start, end = before.index("    rules:"), before.index("exports:")
    configuration.write_text(f"{before[:start]}    rules: {{all: [{rule}]}}\n{before[end:]}")
    refused = segferry("apply", configuration)
    assert refused.status == 2
    assert "The field “it” has text, so" in refused.err
    assert said in refused.err


def test_a_match_of_text_with_numbers_is_told_the_row_that_made_it_text(
    segferry: Command, configuration: Path, profiles: Path
):
    rows = "".join(f"p{n}@example.com,LV,{at}\n" for n, at in enumerate(["56.9", "?", "57.1"]))
    profiles.write_text("email,country,lat\n" + rows)
    before = configuration.read_text()
    start = before.index("    match:")
    match = "    match: {email: email, location: {latitude: lat}}\n"
    configuration.write_text(before[:start] + match)
    refused = segferry("apply", configuration)
    assert refused.status == 2
    assert "but the column “lat” has text. The first such cell is in row 2: “?”." in refused.err


def test_only_what_differs_is_changed(newsletter: Command, configuration: Path):
    configuration.write_text(configuration.read_text() + "    limit: 5\n")
    changed = [
        line for line in lines(newsletter("apply", configuration).out) if "un" not in line[0]
    ]
    assert changed == [("changed", "exports", "Newsletter")]


def test_a_dry_run_prints_the_same_and_changes_nothing(segferry: Command, configuration: Path):
    before = segferry("config").out
    dry = segferry("apply", configuration, "--dry-run")
    assert dry.status == 0
    assert "dry run" in dry.err
    assert segferry("config").out == before
    assert segferry("apply", configuration).out == dry.out


def test_what_config_prints_can_be_applied_and_is_printed_again(
    newsletter: Command, tmp_path: Path
):
    printed = tmp_path / "printed.yaml"
    printed.write_text("guards: {remove: 7}\nretention: {audit: 90}\n")
    assert newsletter("apply", printed).status == 0
    printed.write_text(newsletter("config").out)
    assert "remove: 7" in printed.read_text()
    assert "audit: 90" in printed.read_text()
    assert ENVIRONMENT["KLAVIYO_API_KEY"] not in printed.read_text()
    assert newsletter("apply", printed).status == 0
    again = newsletter("apply", printed, "--prune")
    assert {line[0] for line in lines(again.out)} == {"unchanged"}
    assert newsletter("config").out == printed.read_text()


def test_an_empty_configuration_makes_the_round_trip(segferry: Command, tmp_path: Path):
    printed = tmp_path / "printed.yaml"
    printed.write_text(segferry("config").out)
    assert segferry("apply", printed).status == 0
    assert segferry("config").out == printed.read_text()


def test_a_detached_export_makes_the_round_trip(newsletter: Command, store: Store, tmp_path: Path):
    with store.begin() as session:
        connections.remove(session, ADA, connections.find(session, "Klaviyo"))
    printed = tmp_path / "printed.yaml"
    printed.write_text(newsletter("config").out)
    again = newsletter("apply", printed)
    assert again.status == 0, again.err
    assert ("unchanged", "exports", "Newsletter") in lines(again.out)


def test_a_json_file_is_applied_like_yaml(segferry: Command, configuration: Path, tmp_path: Path):
    data = YAML(typ="safe").load(configuration.read_text())
    file = tmp_path / "segferry.json"
    for indent in (None, 2, "\t"):
        file.write_text(json.dumps(data, indent=indent))
        assert segferry("apply", file).status == 0
    assert {line[0] for line in lines(segferry("apply", configuration).out)} == {"unchanged"}


def test_a_file_from_windows_is_read(segferry: Command, configuration: Path):
    text = configuration.read_text().replace("\n", "\r\n")
    configuration.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert segferry("apply", configuration).status == 0


def test_prune_removes_what_the_sections_no_longer_name(newsletter: Command, tmp_path: Path):
    file = tmp_path / "less.yaml"
    file.write_text("exports: []\nsegments: []\n")
    assert newsletter("apply", file).out == ""
    assert lines(newsletter("apply", file, "--prune").out) == [
        ("removed", "exports", "Newsletter"),
        ("removed", "segments", "Everybody"),
    ]


def test_a_pruned_source_takes_its_converted_copy_with_it(
    newsletter: Command, tmp_path: Path, store: Store, profiles: Path
):
    file = tmp_path / "less.yaml"
    file.write_text("exports: []\nsegments: []\nsources: []\n")
    assert list(store.settings.cache.glob("*.parquet"))
    newsletter("apply", file, "--prune", "--dry-run")
    assert list(store.settings.cache.glob("*.parquet"))
    newsletter("apply", file, "--prune")
    assert not list(store.settings.cache.glob("*.parquet"))
    assert profiles.exists()


def test_prune_of_what_is_in_use_is_refused_and_changes_nothing(
    newsletter: Command, tmp_path: Path
):
    before = newsletter("config").out
    file = tmp_path / "less.yaml"
    file.write_text("refresh: {times: ['01:00'], time_zone: UTC}\nsegments: []\n")
    left = newsletter("apply", file, "--prune")
    assert left.status == 2
    assert one_sentence(left)
    assert "Newsletter" in left.err
    assert newsletter("config").out == before


def test_prune_of_an_export_that_runs_is_refused(newsletter: Command, tmp_path: Path, store: Store):
    assert newsletter("run", "Newsletter", "--no-wait").status == 0
    file = tmp_path / "less.yaml"
    file.write_text("exports: []\n")
    left = newsletter("apply", file, "--prune")
    assert left.status == 2
    assert "has not ended" in left.err
    with store.begin() as session:
        assert exports.everything(session)


WRONG = {
    "empty": "",
    "only a remark": "# nothing\n",
    "no YAML": "exports: [",
    "twice the same section": "exports: []\nexports: []\n",
    "an unknown field": "sources: [{name: A, path: a.csv, colour: red}]\n",
    "an unknown type": "sources: [{name: A, type: fax, path: a.csv}]\n",
    "a limit too high": "exports: [{name: A, connection: K, list_id: a, segments: [B], "
    "match: {email: e}, limit: 1000001}]\n",
    "no match": "exports: [{name: A, connection: K, list_id: a, segments: [B]}]\n",
    "a list id that is none": "exports: [{name: A, connection: K, list_id: 'a/b', segments: [B], "
    "match: {email: e}}]\n",
    "a literal key": "connections: [{name: K, api_key: pk_12345678901234, "
    "consent: {agreed_by: a}}]\n",
    "an operator that is none": "segments: [{name: B, source: P, rules: {all: [{field: a, "
    "op: like, value: b}]}}]\n",
    "rules without a rule": "segments: [{name: B, source: P, rules: {all: []}}]\n",
    "a name over two lines": 'sources: [{name: "a\\nb", path: a.csv}]\n',
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_leaves_with_2_and_changes_nothing(
    newsletter: Command, tmp_path: Path, content: str
):
    before = newsletter("config").out
    file = tmp_path / "wrong.yaml"
    file.write_text(content)
    left = newsletter("apply", file)
    assert left.status == 2
    assert one_sentence(left)
    assert "pk_1234567890" not in left.err
    assert newsletter("config").out == before


@pytest.mark.parametrize("content", [b"exports: [\xff]\n", b"\x00\x01", b"a: \x07\n"])
def test_a_file_that_is_no_text_leaves_with_2(segferry: Command, tmp_path: Path, content: bytes):
    file = tmp_path / "wrong.yaml"
    file.write_bytes(content)
    left = segferry("apply", file)
    assert left.status == 2
    assert one_sentence(left)


def test_a_file_that_is_not_there_leaves_with_2(segferry: Command, tmp_path: Path):
    for path in (tmp_path / "nowhere.yaml", tmp_path):
        left = segferry("apply", path)
        assert left.status == 2
        assert str(path) in left.err


def test_a_fault_in_the_last_section_changes_nothing(
    segferry: Command, configuration: Path, store: Store
):
    configuration.write_text(configuration.read_text().replace("email: email", "email: e_mail"))
    left = segferry("apply", configuration)
    assert left.status == 2
    assert "“email”" in left.err
    with store.begin() as session:
        assert connections.everything(session) == []


def test_the_key_of_an_unset_variable_is_named(
    segferry: Command, configuration: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("KLAVIYO_API_KEY")
    left = segferry("apply", configuration)
    assert left.status == 2
    assert "KLAVIYO_API_KEY" in left.err
