"""Tables of one database, joined there; those that can't be joined are refused with what to do."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from core.configuration.source import Source, Table, Whole, open_source, whole
from core.errors import Invalid, Outside, SourceFailed
from core.profiles.joined.aggregates import Day
from core.profiles.segments import counts
from core.profiles.segments.rules import Group
from core.profiles.source_profile import profile
from core.profiles.sources import ROW, Kind
from core.settings import Settings

DAY = Day(date(2026, 11, 28), "Europe/Riga")
SHOP = """
create table customers (id text, email text);
insert into customers values ('C-1', 'a@x.lv'), ('C-2', 'b@x.lv'), (null, 'c@x.lv');
create table orders (nr integer, customer text, total real, day date);
insert into orders values (1, 'C-1', 2.5, '2026-11-20'), (2, 'C-1', 4, '2026-01-01');
insert into orders values (3, '', 9, null);
create table items (order_nr integer, price real);
insert into items values (1, 1.5), (1, 1), (2, 4);
"""
SPENT = {"name": "spent", "sum": "total"}
JOIN = {"source": "Orders", "on": {"id": "customer"}, "fields": [SPENT]}


class Shop:
    """A file of SQLite with three tables."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.settings = folder, Settings(home=folder / "home")
        self.url = self.database("shop.db")

    def database(self, name: str) -> str:
        with closing(sqlite3.connect(self.folder / name)) as connection:
            connection.executescript(SHOP)
        return f"sqlite:///{self.folder / name}"

    def table(self, name: str, url: str = "", **more) -> dict:
        given = {"type": "database", "url": url or self.url, "table": name.lower()}
        return {"name": name, **given, **more}

    def open(self, orders: Source | Whole, confined: bool = False, **join):
        spec = Source(**self.table("Customers"), joined=[JOIN | join])
        tables = {"Orders": Table(source=Whole(**dict(orders)), confined=confined)}
        return open_source(whole(spec, tables), self.settings, confined=False, day=DAY)


@pytest.fixture
def shop(tmp_path) -> Shop:
    return Shop(tmp_path)


def test_the_database_joins_its_tables_and_counts_segments_over_the_fields(shop):
    source = shop.open(Source(**shop.table("Orders")))
    assert source.schema() == {"id": Kind.text, "email": Kind.text, "spent": Kind.number}
    rules = Group.model_validate({"all": [{"field": "spent", "op": "at_least", "value": 6.5}]})
    found = counts.counts(source, {"": rules}, DAY.today, DAY.time_zone)
    assert (found.members, found.rows) == (1, 3)
    rows = source.fetched(source.scan(), ["email", "spent"]).drop(ROW).sort("email").collect()
    assert rows.rows() == [("a@x.lv", 6.5), ("b@x.lv", None), ("c@x.lv", None)]
    sql = source.alone().sql(source.scan())
    assert "customers" in sql
    assert "orders" in sql


def test_the_profile_of_the_source_has_the_fields(shop):
    found = profile(shop.open(Source(**shop.table("Orders"))), (), DAY.today, None)
    assert (found.rows, found.columns["spent"].empty) == (3, 2)
    assert found.uncounted == ()


def test_what_is_joined_may_have_fields_of_a_third_table(shop):
    items = {
        "source": "Items",
        "on": {"nr": "order_nr"},
        "fields": [{"name": "n", "count": "rows"}],
    }
    inner = Table(source=Whole(**shop.table("Items")), confined=False)
    orders = whole(Source(**shop.table("Orders"), joined=[items]), {"Items": inner})
    source = shop.open(orders, fields=[{"name": "items", "sum": "n"}])
    rows = source.fetched(source.scan()).sort("email").collect()
    assert rows["items"].to_list() == [3, None, None]


def test_files_and_a_database_are_not_joined(shop):
    (shop.folder / "orders.csv").write_text("customer,total\nC-1,1\n")
    said = "“Customers” and “Orders” can't be joined, for one is files and the other a database"
    with pytest.raises(Invalid, match=said):
        shop.open(Source(name="Orders", path=str(shop.folder / "orders.csv")))


def test_two_databases_are_not_joined(shop):
    other = shop.database("other.db")
    with pytest.raises(Invalid, match=r"“Customers” and “Orders” are in two databases .*other\.db"):
        shop.open(Source(**shop.table("Orders", other)))


def test_what_is_joined_keeps_its_own_fence(shop):
    with pytest.raises(Outside, match=r"shop\.db is outside the folders"):
        shop.open(Source(**shop.table("Orders")), confined=True)


def test_a_field_is_not_called_like_a_column_that_sql_takes_for_the_same(shop):
    with pytest.raises(Invalid, match="“EMAIL” from “Orders” is called like another one"):
        shop.open(Source(**shop.table("Orders")), fields=[SPENT | {"name": "EMAIL"}])


def test_a_table_that_is_gone_and_a_column_that_is_missing_are_named(shop):
    with pytest.raises(SourceFailed, match="gone"):
        shop.open(Source(**shop.table("Gone")))
    with pytest.raises(Invalid, match="“Orders”: There is no column “totals”"):
        shop.open(Source(**shop.table("Orders")), fields=[{"name": "spent", "sum": "totals"}])
