"""What pages show of a database is what they show of a file with the same rows."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from core.access import Role
from core.audience import contents, databases, looks, members, outside, segment_page
from core.configuration.source import Source
from core.errors import Denied
from core.profiles.segments.rules import Group
from core.store import Store, sources
from core.store.tables.data import SourceRow
from tests.conftest import ADA

ROWS = [
    (1, "a@x.lv", "Rīga", 10.5, "2026-01-01"),
    (2, "b@x.lv", "Riga", 20.0, "2026-02-01"),
    (3, "c@x.lv", "Rīga", None, None),
    (4, None, " ", 30.0, "2026-02-01"),
    (5, "e@x.lv", None, 400.0, "2025-02-01"),
]
RIGA = Group.model_validate({"all": [{"field": "city", "op": "equals", "value": "Rīga"}]})
SPENT = Group.model_validate({"all": [{"field": "spent", "op": "more_than", "value": 15}]})
FIELDS = ["id", "email", "city", "spent", "born"]


@pytest.fixture
def both(store: Store, tmp_path: Path) -> tuple[SourceRow, SourceRow]:
    """The rows as a table and as a file."""
    connection = sqlite3.connect(tmp_path / "p.db")
    columns = "id integer, email text, city text, spent real, born date"
    connection.execute(f"create table people ({columns})")
    connection.executemany("insert into people values (?, ?, ?, ?, ?)", ROWS)
    connection.commit()
    connection.close()
    lines = [",".join("" if one is None else str(one) for one in row) for row in ROWS]
    (tmp_path / "p.csv").write_text(",".join(FIELDS) + "\n" + "\n".join(lines) + "\n")
    url = f"sqlite:///{tmp_path}/p.db"
    table = Source(name="Table", type="database", table="people", url=url)
    file = Source(name="File", path=str(tmp_path / "p.csv"))
    with store.begin() as session:
        rows = [sources.add(session, ADA, one, {}, store.vault) for one in (table, file)]
        for row in rows:
            row.confined = False
    for row in rows:
        looks.read(store, ADA, row)
    with store.begin() as session:
        return sources.find(session, "Table"), sources.find(session, "File")


def test_fields_values_counts_and_people_are_the_same(
    store: Store, both: tuple[SourceRow, SourceRow]
):
    table, file = both
    assert (table.rows, table.fields) == (file.rows, file.fields)
    found, expected = (contents.contents(store, ADA, row, FIELDS) for row in both)
    assert found == expected
    assert found["city"].common == (("Rīga", 2), ("Riga", 1))
    near = [contents.near(store, ADA, row, "city", "rig") for row in both]
    assert near[0] == near[1] != ()
    seen = [segment_page.overlap(store, ADA, row, [RIGA, SPENT]) for row in both]
    assert seen[0] == seen[1] == {(True, False): 2, (False, True): 3}
    who = [segment_page.describe(store, ADA, row, RIGA, FIELDS) for row in both]
    assert who[0] == who[1]
    counted = [members.count(store, ADA, row, {"a": RIGA, "b": SPENT}) for row in both]
    assert counted[0] == counted[1]
    first = [members.members(store, ADA, row, RIGA, 9) for row in both]
    assert first[0] == first[1]
    left = [outside.outside(store, ADA, row, {"a": RIGA}, ["email"], (1, 3)) for row in both]
    assert left[0] == left[1]
    held = [looks.columns(store, ADA, row, FIELDS) for row in both]
    assert held[0] == held[1]


def test_the_sql_of_a_segment_is_shown_to_those_who_make_segments(
    store: Store, both: tuple[SourceRow, SourceRow]
):
    found = databases.statements(store, ADA, both[0], RIGA)
    assert "COUNT(*)" in found.count
    assert "'Rīga'" in found.members
    with pytest.raises(Denied):
        databases.statements(store, replace(ADA, role=Role.viewer), both[0], RIGA)


def test_the_tables_of_a_kept_url_are_listed(store: Store, both: tuple[SourceRow, SourceRow]):
    assert databases.tables(store, ADA, None, both[0]) == ['"people"']
