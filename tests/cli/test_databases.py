"""A database as a source from the command line: apply, config, preview, run, and its secret."""

import json
import sqlite3
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from core.store import Store, sources
from tests.cli.conftest import Command, one_sentence

pytestmark = pytest.mark.usefixtures("used")


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of SQLite with the people of `profiles`; its URL stands in the environment."""
    path = tmp_path / "warehouse.db"
    connection = sqlite3.connect(path)
    connection.execute("create table people (customer_id, email, first_name, country, spent)")
    rows = [(f"{n:04}", f"p{n}@example.com", f"Name {n}", "LV", n * 100) for n in range(1, 9)]
    rows += [("0009", None, "Nobody", "LV", 1), ("0010", "P1@Example.com", "Again", "LV", 1)]
    rows += [("0011", "far@example.com", "Far", "EE", 1)]
    connection.executemany("insert into people values (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    monkeypatch.setenv("WAREHOUSE_URL", f"sqlite:///{path}")
    return path


@pytest.fixture
def over_database(configuration: Path, profiles: Path, warehouse: Path) -> Path:
    """The configuration file, its source a table of the warehouse."""
    text = configuration.read_text()
    file = f"{{name: Profiles, path: {profiles}}}"
    database = "{name: Profiles, type: database, url: '${WAREHOUSE_URL}', table: people}"
    assert file in text
    configuration.write_text(text.replace(file, database))
    return configuration


def test_a_table_goes_the_whole_way(segferry: Command, over_database: Path):
    assert segferry("apply", over_database).status == 0
    seen = segferry("preview", "Newsletter", "--json").data
    assert seen["segments"] == {"Everybody": 10}
    assert seen["rejected"] == {"missing_email": 1, "duplicate_email": 1}
    assert seen["sample"][0]["attributes"]["properties"] == {"spent": 100}
    ran = segferry("run", "Newsletter", "--json")
    assert ran.status == 3
    assert (ran.data["accepted"], ran.data["members"]) == (8, 10)
    again = segferry("run", "Newsletter", "--json").data
    assert (again["sent"], again["unchanged"]) == (0, 8)
    rejects = segferry("rejects", again["run_id"], "--format", "json").data
    assert {one["reason"] for one in rejects} == {"missing_email", "duplicate_email"}


def test_a_second_time_changes_nothing_and_what_is_printed_can_be_applied(
    segferry: Command, over_database: Path, tmp_path: Path
):
    segferry("apply", over_database)
    again = segferry("apply", over_database)
    assert {line.split()[0] for line in again.out.splitlines()} == {"unchanged"}
    printed = segferry("config").out
    source = YAML(typ="safe").load(printed)["sources"][0]
    assert source == {
        "name": "Profiles",
        "type": "database",
        "url": "${WAREHOUSE_URL}",
        "table": "people",
    }
    (tmp_path / "printed.yaml").write_text(printed)
    lines = segferry("apply", tmp_path / "printed.yaml").out.splitlines()
    assert ["unchanged", "sources", "Profiles"] in [line.split() for line in lines]


def test_the_url_is_kept_encrypted_and_stands_nowhere_else(
    segferry: Command, over_database: Path, store: Store, monkeypatch: pytest.MonkeyPatch
):
    secret = "w4rehouse-s3cret"
    segferry("apply", over_database)
    segferry("run", "Newsletter")
    with store.begin() as session:
        row = sources.find(session, "Profiles")
        url = store.vault.unlock(row.secret or "")
        row.secret = store.vault.lock(f"postgresql://ann:{secret}@127.0.0.1:1/shop")
        session.add(row)
    assert url.startswith("sqlite:///")
    failed = segferry("run", "Newsletter", "--json")
    assert failed.status == 1
    assert "Nothing answers at 127.0.0.1, port 1" in failed.data["error"]
    shown = json.dumps(failed.data) + failed.err + segferry("runs", "--json").out
    shown += segferry("config").out + segferry("doctor").out
    files = [path.read_bytes() for path in store.settings.home.rglob("*") if path.is_file()]
    assert secret not in shown
    assert not any(secret.encode() in content for content in files)
    assert not any(url.encode() in content for content in files if b"SQLite format" in content[:20])


def test_a_url_as_text_is_refused_and_so_is_one_that_is_not_set(
    segferry: Command, over_database: Path, monkeypatch: pytest.MonkeyPatch
):
    text = over_database.read_text()
    over_database.write_text(text.replace("${WAREHOUSE_URL}", "postgresql://a:s3cret@b/c"))
    refused = segferry("apply", over_database)
    assert refused.status == 2
    assert one_sentence(refused)
    assert "needs its `url` as ${WAREHOUSE_URL}, not as text" in refused.err
    assert "s3cret" not in refused.err
    over_database.write_text(text)
    monkeypatch.delenv("WAREHOUSE_URL")
    assert (
        "WAREHOUSE_URL with the URL of “Profiles” is not set"
        in segferry("apply", over_database).err
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{name: P, type: database, url: '${WAREHOUSE_URL}'}", "one of `table`, `query` and `dbt`"),
        ("{name: P, type: database, table: people}", "needs its `url` as"),
        ("{name: P, path: p.csv, table: people}", "are for sources of `type: database`"),
        (
            "{name: P, type: database, url: '${WAREHOUSE_URL}', table: people, sheet: 1}",
            "`sheet` is for sources of `type: file`",
        ),
        ("{name: P, type: database, url: '${WAREHOUSE_URL}', query: drop table x}", "one SELECT"),
        ("{name: P, type: database, url: '${WAREHOUSE_URL}', table: nobody}", "isn't there"),
        (
            "{name: P, type: database, url: '${WAREHOUSE_URL}', table: people, key: first}",
            "Did you mean “first_name”?",
        ),
    ],
)
def test_what_does_not_fit_is_said(
    segferry: Command, warehouse: Path, tmp_path: Path, source: str, said: str
):
    file = tmp_path / "wrong.yaml"
    file.write_text(f"sources:\n  - {source}\n")
    refused = segferry("apply", file)
    assert refused.status == 2
    assert said in refused.err


def test_a_key_says_who_wins_and_has_to_be_one(segferry: Command, over_database: Path):
    text = over_database.read_text()
    over_database.write_text(text.replace("table: people", "table: people, key: customer_id"))
    assert segferry("apply", over_database).status == 0
    assert segferry("preview", "Newsletter", "--json").data["valid"] == 8
    over_database.write_text(text.replace("table: people", "table: people, key: country"))
    assert "The key “country” repeats" in segferry("apply", over_database).err


def test_a_new_key_of_the_vault_locks_urls_too(
    segferry: Command, over_database: Path, store: Store
):
    segferry("apply", over_database)
    assert "2 secrets are" in segferry("rotate-key").out
    assert segferry("preview", "Newsletter", "--json").status == 0


def test_a_run_over_old_data_is_held_by_a_column_of_the_table(
    segferry: Command, over_database: Path, warehouse: Path
):
    connection = sqlite3.connect(warehouse)
    connection.execute("alter table people add column seen date default '2020-01-01'")
    connection.commit()
    connection.close()
    text = over_database.read_text().replace("table: people", "table: people, fresh_by: seen")
    mapped = "properties: {spent: spent}}"
    assert mapped in text
    over_database.write_text(text.replace(mapped, f"{mapped}\n    guards: {{age: 24}}"))
    assert segferry("apply", over_database).status == 0
    held = segferry("run", "Newsletter", "--json")
    assert (held.status, held.data["status"]) == (4, "held")
