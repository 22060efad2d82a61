"""Few people of a large file are read once; many are found again with each look."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.audience import rows
from core.audience.gather import Audience, gather
from core.configuration.export import Export
from core.configuration.order import Order
from core.configuration.source import Source
from core.profiles.matching.summary import summary
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW, SEGMENTS
from core.settings import Settings
from tests.conftest import people

ROWS = 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "people.parquet"
    number = pl.int_range(pl.len())
    people(ROWS, points=number, unused=number).write_parquet(path)
    return path


def gathered(path: Path, at_least: int) -> Audience:
    rules = {"all": [{"field": "points", "op": "at_least", "value": at_least}]}
    match = {"email": "email", "properties": {"points": "points"}}
    export = Export(name="E", connection="K", list_id="L1", segments=("S",), match=match)
    source = Source(name="P", path=str(path))
    group = {"S": Group.model_validate(rules)}
    order = Order(export, source, group, "Europe/Riga", confined=False)
    return gather(order, Settings(home=path.parent / "home"), datetime.now(UTC))


SEVERAL = {
    "Rich": {"all": [{"field": "spent", "op": "at_least", "value": 3_000}]},
    "First": {"all": [], "top": {"count": 7, "by": "points", "order": "smallest", "ties": "email"}},
    "Both": {"any": [
        {"field": "email", "op": "starts_with", "value": "p1"},
        {"field": "points", "op": "at_least", "value": 38},
    ]},
    "Nobody": {"all": [
        {"field": "points", "op": "less_than", "value": 0},
        {"field": "email", "op": "is_not_empty"},
    ]},
}  # fmt: skip
TOO_MANY = {f"{name} {n}": rules for name, rules in SEVERAL.items() for n in range(16)}


def several(place: dict[str, str], home: Path, rules: dict[str, Any], out: list[str]) -> Audience:
    groups = {name: Group.model_validate(one) for name, one in rules.items()}
    segments = {name: one for name, one in groups.items() if name not in out}
    export = Export(
        name="E", connection="K", list_id="L1", segments=tuple(segments), match={"email": "email"}
    )
    exclude = {name: groups[name] for name in out}
    source = Source.model_validate({"name": "P", **place})
    order = Order(export, source, segments, "Europe/Riga", exclude=exclude, confined=False)
    return gather(order, Settings(home=home), datetime.now(UTC))


def sqlite_of(path: Path) -> dict[str, str]:
    url = f"sqlite:///{path.with_suffix('.db')}"
    pl.read_parquet(path).write_database("people", url, engine="sqlalchemy")
    return {"type": "database", "url": url, "table": "people"}


@pytest.mark.parametrize("rules", [SEVERAL, TOO_MANY, {"First": SEVERAL["First"]}])
@pytest.mark.parametrize("out", [[], ["Both"], ["Nobody"]])
@pytest.mark.parametrize("is_there", [False, True])
def test_several_segments_are_counted_each_and_together(
    path: Path, rules: dict[str, Any], out: list[str], is_there: bool
):
    place = sqlite_of(path) if is_there else {"path": str(path)}
    out = [name for name in out if name in rules]
    found = several(place, path.parent / "home", rules, out)
    expected = {"Rich": ROWS - 29, "First": 7, "Both": 11 + 2, "Nobody": 0}
    assert found.counts.segments == {
        name: expected[name.split()[0]] for name in rules if name not in out
    }
    assert found.counts.rows == ROWS
    assert found.counts.members == found.frame.collect().height
    assert SEGMENTS not in found.frame.collect_schema()


def is_read(found: Audience) -> bool:
    return "DF [" in found.frame.explain()


def test_few_people_are_kept_with_their_rows_and_only_the_columns_that_are_sent(path: Path):
    found = gathered(path, ROWS - 10)
    assert is_read(found)
    kept = found.frame.collect()
    assert set(kept.columns) == {ROW, "email", "points"}
    assert kept[ROW].to_list() == list(range(ROWS - 9, ROWS + 1))
    assert summary(found.frame, found.matching).valid == 10


@pytest.mark.parametrize(("at_least", "cells"), [(ROWS - 11, 5_000_000), (ROWS - 10, 29)])
def test_many_people_are_not_kept_nor_few_of_too_many_cells(
    path: Path, monkeypatch: pytest.MonkeyPatch, at_least: int, cells: int
):
    monkeypatch.setattr(rows, "MOST_CELLS", cells)
    found = gathered(path, at_least)
    assert not is_read(found)
    assert summary(found.frame, found.matching).valid == ROWS - at_least
