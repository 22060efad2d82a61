"""Few people of a large file are read once; many are found again with each look."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from core.audience import at_hand
from core.audience.gather import Audience, gather
from core.configuration.export import Export
from core.configuration.order import Order
from core.configuration.source import Source
from core.profiles.matching.summary import summary
from core.profiles.segments.rules import Group
from core.profiles.sources import ROW
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
    monkeypatch.setattr(at_hand, "MOST_CELLS", cells)
    found = gathered(path, at_least)
    assert not is_read(found)
    assert summary(found.frame, found.matching).valid == ROWS - at_least
