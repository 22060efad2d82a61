"""Which values of a source everybody may see."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from core.profiles.everyday import LEAST, MOST, everyday, is_personal
from core.profiles.sources import Kind, Reading, open_source

N = 200


def seen(tmp_path: Path, **columns: list[object]) -> dict[str, bool | list[str]]:
    path = tmp_path / "people.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return everyday(open_source(Reading("People", "file", path), tmp_path / "cache"))


def test_yes_and_no_numbers_and_dates_may_be_seen(tmp_path: Path):
    found = seen(
        tmp_path,
        agreed=[True, False] * (N // 2),
        spent=[n + 0.5 for n in range(N)],
        orders=[n % 7 for n in range(N)],
        since=[date(2026, 1, 1)] * N,
    )
    assert found == dict.fromkeys(("agreed", "spent", "orders", "since"), True)


def test_whole_numbers_that_nearly_all_differ_are_ids(tmp_path: Path):
    found = seen(tmp_path, crm=list(range(N)), points=[n // 2 for n in range(N)])
    assert found == {"points": True}


def test_texts_may_be_seen_that_enough_people_have_in_a_column_of_few(tmp_path: Path):
    few = ["gold"] * (N - LEAST - 1) + ["silver"] * LEAST + ["bronze"]
    many = [f"town {n % (MOST + 1)}" for n in range(N)]
    contact = ["anna@x.lv"] * 100 + ["+37120000101"] * 50 + ["shop"] * 50
    found = seen(tmp_path, tier=few, town=many, contact=contact, tags=[["a"]] * N)
    assert found == {"tier": ["gold", "silver"], "contact": ["shop"]}


def test_a_part_of_each_of_its_ten_parts_is_looked_at(tmp_path: Path):
    last = ["LV"] * 59_000 + ["EE"] * 1_000
    assert seen(tmp_path, country=last) == {"country": ["EE", "LV"]}


PERSONAL = ["first_name", "Vārds", "e-mail", "PhoneNumber", "homeAddress", "ZIP", "фамилия", "ip"]


@pytest.mark.parametrize("name", PERSONAL)
def test_what_a_column_is_called_makes_its_texts_personal(tmp_path: Path, name: str):
    assert is_personal(name, Kind.text)
    assert seen(tmp_path, **{name: ["Anna"] * N}) == {}


@pytest.mark.parametrize(
    ("name", "kind", "personal"),
    [
        ("email_clicks", Kind.number, False),
        ("customer_id", Kind.number, True),
        ("house", Kind.number, True),
        ("last_order", Kind.date, False),
        ("date_of_birth", Kind.date, True),
        ("country", Kind.text, False),
        ("paid", Kind.text, False),
    ],
)
def test_of_numbers_and_dates_fewer_names_are_personal(name: str, kind: Kind, personal: bool):
    assert is_personal(name, kind) is personal


def test_a_source_without_rows_has_none(tmp_path: Path):
    texts, numbers = pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.Float64)
    assert seen(tmp_path, tier=texts, spent=numbers) == {"spent": True}  # no number of anybody
