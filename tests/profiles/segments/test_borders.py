"""Where the first of a group's people end, in a file and in a database."""

import sqlite3
from contextlib import closing
from datetime import date

import polars as pl
import pytest

from core.profiles.segments.borders import Border, border
from core.profiles.segments.rules import Group
from core.profiles.sources import Reading, open_source

COLUMNS = {
    "email": [f"p{n}@x.lv" for n in range(8)],
    "spent": [9.5, 5, 5, 5, 2, None, 1, 1],
    "same": ["a"] * 8,
}


@pytest.fixture(params=["file", "database"])
def source(request, tmp_path):
    people = pl.DataFrame(COLUMNS)
    if request.param == "file":
        people.write_parquet(tmp_path / "people.parquet")
        return open_source(Reading("P", "file", tmp_path / "people.parquet"), tmp_path / "cache")
    with closing(sqlite3.connect(tmp_path / "people.db")) as there:
        there.execute("create table people (email text, spent real, same text)")
        there.executemany("insert into people values (?, ?, ?)", people.iter_rows())
        there.commit()
    url, options = f"sqlite:///{tmp_path / 'people.db'}", {"table": "people"}
    return open_source(Reading("P", "database", options=options, url=url), tmp_path / "cache")


@pytest.mark.parametrize(
    ("top", "found"),
    [
        ({"count": 2}, Border(7, 2, 5, 3, 1)),
        ({"count": 4}, Border(7, 4, 5, 3, 3)),
        ({"count": 9}, Border(7, 7, 1, 2, 2)),
        ({"count": 2, "order": "smallest"}, Border(7, 2, 1, 2, 2)),
        ({"count": 2, "ties": "same"}, Border(7, 1, 9.5, 1, 1)),
        ({"count": 1, "order": "smallest", "ties": "same"}, Border(7, 0)),
    ],
)
def test_the_last_value_that_is_in_is_known_with_all_who_share_it(source, top, found):
    rules = {"all": [], "top": {"by": "spent", "ties": "email", **top}}
    assert border(source, Group.model_validate(rules), date(2026, 11, 28), "UTC") == found
