"""segferry preview, and files of several kinds on their whole way to the list."""

import json
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
import polars as pl
import pytest

from core.settings import Settings
from tests.cli.conftest import Command
from tests.conftest import people, written
from tests.runs.conftest import members

pytestmark = pytest.mark.usefixtures("used")

PROMISED = {
    *("export", "list_id", "segments", "members", "valid", "rejected", "duplicates", "warnings"),
    *("limit", "over_limit", "add", "update", "unchanged", "leave", "requests", "seconds"),
    "sample",
}


def test_a_preview_has_the_promised_keys_and_its_sums_hold(newsletter: Command):
    left = newsletter("preview", "Newsletter", "--json")
    told = left.data
    assert (left.status, left.err) == (0, "")
    assert set(told) >= PROMISED
    assert told["members"] == told["valid"] + sum(told["rejected"].values()) == 12
    assert told["rejected"] == {"missing_email": 2, "invalid_email": 1, "duplicate_email": 1}
    assert told["duplicates"] == 1
    assert told["segments"] == {"Everybody": 12}
    assert (told["export"], told["list_id"]) == ("Newsletter", "Y6nRLr")
    assert (told["limit"], told["over_limit"], told["add"]) == (100_000, False, 8)


def test_a_file_with_a_header_alone_takes_any_rule_and_is_previewed_with_nobody(
    segferry: Command, configuration: Path, profiles: Path
):
    profiles.write_text("customer_id,email,first_name,country,spent,seen,lat\n")
    rules = [
        "{field: country, op: equals, value: LV}",
        "{field: spent, op: more_than, value: 10}",
        "{field: seen, op: in_last_days, value: 90}",
    ]
    text = configuration.read_text().replace(rules[0], ", ".join(rules))
    configuration.write_text(text.replace("match: {", "match: {location: {latitude: lat}, "))
    applied = segferry("apply", configuration)
    assert (applied.status, applied.err) == (0, "")
    told = segferry("preview", "Newsletter", "--json").data
    assert (told["members"], told["segments"], told["add"]) == (0, {"Everybody": 0}, 0)
    assert segferry("run", "Newsletter", "--json").data["status"] == "succeeded"


def test_the_sample_holds_bodies_as_they_would_be_sent(newsletter: Command):
    first = newsletter("preview", "Newsletter", "--json").data["sample"][0]
    assert first["type"] == "profile"
    assert first["attributes"] == {
        "email": "p1@example.com",
        "first_name": "Name 1",
        "external_id": "0001",
        "properties": {"spent": 100},
    }


def test_a_preview_for_people_tells_the_same_numbers(newsletter: Command):
    left = newsletter("preview", "Newsletter")
    assert left.status == 0
    assert "12  members of the segments" in left.out
    assert "8  would be sent" in left.out


def test_rows_that_share_an_identifier_are_named(newsletter: Command, profiles: Path):
    profiles.write_text(profiles.read_text().replace("0003,", "0001,"))
    told = newsletter("preview", "Newsletter", "--json").data
    assert told["warnings"] == {"shared_external_id": 2}
    assert told["shared"] == {"shared_external_id": [[1, 3]]}
    assert "shared_external_id: rows 1, 3" in newsletter("preview", "Newsletter").out


def test_over_the_limit_a_preview_still_leaves_with_0(newsletter: Command, configuration: Path):
    configuration.write_text(configuration.read_text() + "    limit: 3\n")
    newsletter("apply", configuration)
    left = newsletter("preview", "Newsletter", "--json")
    assert left.status == 0
    assert (left.data["limit"], left.data["over_limit"]) == (3, True)
    assert "5 profiles over the limit" in newsletter("preview", "Newsletter").out


def test_a_preview_changes_no_state_and_asks_klaviyo_nothing(
    newsletter: Command, settings: Settings, klaviyo: str
):
    before = dump(settings)
    newsletter("preview", "Newsletter", "--json")
    assert dump(settings) == before
    assert not settings.runs.exists()
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == 0


def dump(settings: Settings) -> list[str]:
    """All that is in the database."""
    import sqlite3

    connection = sqlite3.connect(settings.home / "segferry.sqlite")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def test_a_preview_of_a_source_that_has_gone_fails_with_its_path(
    newsletter: Command, profiles: Path
):
    profiles.unlink()
    left = newsletter("preview", "Newsletter", "--json")
    assert left.status == 1
    assert not left.out
    assert str(profiles) in left.err


def test_a_column_that_has_gone_is_named(newsletter: Command, profiles: Path):
    profiles.write_text(profiles.read_text().replace("first_name", "given_name", 1))
    left = newsletter("preview", "Newsletter")
    assert left.status == 2
    assert "first_name" in left.err


def semicolons(folder: Path) -> Path:
    """As an office in Riga saves it: cp1257, semicolons, decimal commas."""
    path = folder / "klienti.csv"
    rows = ["customer_id;email;first_name;country;spent"]
    rows += [f"00{n};p{n}@example.com;Jānis Kļaviņš;LV;{n},50" for n in range(1, 6)]
    rows += ["006;;Šarlote;LV;1,00"]
    path.write_bytes("\r\n".join(rows).encode("cp1257"))
    return path


def lines_of_json(folder: Path) -> Path:
    path = folder / "people.ndjson"
    rows = [
        {"customer_id": f"00{n}", "email": f"p{n}@example.com", "country": "LV"}
        | {"first_name": "Jānis Kļaviņš", "spent": n + 0.5}
        for n in range(1, 6)
    ]
    rows.append({"customer_id": "006", "email": None, "country": "LV", "spent": 1})
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def parquet_folder(folder: Path) -> Path:
    path = folder / "parts"
    path.mkdir()
    frame = people(6).with_columns(
        customer_id=pl.format("00{}", "customer_id"),
        first_name=pl.lit("Jānis Kļaviņš"),
        spent=pl.col("spent") / 100 + 0.5,
        email=pl.when(pl.col("spent") < 600).then("email"),
    )
    frame.head(2).write_parquet(path / "b.parquet")
    frame.slice(2).write_parquet(path / "a.parquet")
    return path


@pytest.mark.parametrize("made", [semicolons, lines_of_json, parquet_folder])
def test_files_of_every_kind_come_to_the_list(
    segferry: Command, klaviyo: str, tmp_path: Path, made: Callable[[Path], Path]
):
    file = written(tmp_path, made(tmp_path), klaviyo)
    assert segferry("apply", file).status == 0
    told = segferry("preview", "Newsletter", "--json").data
    attributes = sorted((b["attributes"] for b in told["sample"]), key=lambda a: a["email"])
    assert (told["members"], told["valid"]) == (6, 5)
    assert attributes[0] == {
        "email": "p1@example.com",
        "first_name": "Jānis Kļaviņš",
        "external_id": "001",
        "properties": {"spent": 1.5},
    }
    left = segferry("run", "Newsletter", "--json")
    assert (left.status, left.data["accepted"]) == (3, 5)
    assert members(klaviyo) == {f"p{n}@example.com" for n in range(1, 6)}


def test_a_preview_says_how_old_the_data_is(newsletter: Command, profiles: Path):
    old = time.time() - 31 * 3600
    os.utime(profiles, (old, old))
    first = newsletter("preview", "Newsletter").out.splitlines()[0]
    assert first.startswith("The data is 31 h old, by the time of its files: ")
    found = newsletter("preview", "Newsletter", "--json").data["freshness"]
    assert (found["by"], found["ahead"], found["unclear"]) == (None, 0, None)
    assert datetime.fromisoformat(found["at"]).timestamp() == pytest.approx(old)
