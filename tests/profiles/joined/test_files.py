"""Fields that are made from other files: refused where they can't be, and made once a change."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.configuration.source import Source, Table, Whole, open_source, state_of, whole
from core.errors import Invalid, SourceFailed
from core.profiles.joined.aggregates import Day
from core.profiles.sources import Kind, translated
from core.profiles.sources.facts import facts
from core.settings import Settings

TODAY = date(2026, 11, 28)
CUSTOMERS = "customer_id,email,since\nC-1,a@x.lv,2026-01-01\nC-2,b@x.lv,2026-02-01\n,c@x.lv,\n"
ORDERS = "customer,total,status,day\nC-1,1.5,paid,2026-11-20\nC-1,2,open,2026-08-01\n,9,paid,\n"
COUNT = {"name": "orders", "count": "rows"}


class Shop:
    """Two text files, and the customers with fields of their orders."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(home=folder / "home")
        self.customers, self.orders = folder / "customers.csv", folder / "orders.csv"
        self.customers.write_text(CUSTOMERS)
        self.orders.write_text(ORDERS)

    def spec(self, *fields, on=None) -> Whole:
        join = {"source": "Orders", "on": on or {"customer_id": "customer"}, "fields": fields}
        orders = Table(source=Whole(name="Orders", path=str(self.orders)), confined=False)
        spec = Source(name="Customers", path=str(self.customers), joined=[join])
        return whole(spec, {"Orders": orders})

    def open(self, *fields, on=None, day=TODAY):
        made = Day(day, "Europe/Riga")
        return open_source(self.spec(*fields, on=on), self.settings, confined=False, day=made)

    def made(self) -> list[Path]:
        return list(self.settings.cache.glob("*.fields"))


@pytest.fixture
def shop(tmp_path) -> Shop:
    return Shop(tmp_path)


@pytest.mark.parametrize(
    ("field", "on", "said", "place"),
    [
        (COUNT | {"name": "email"}, None, "“email” from “Orders” is called like another one", "0"),
        (COUNT, {"id": "customer"}, "no column “id”", "on"),
        (COUNT, {"customer_id": "id"}, "no column “id”", "on"),
        (COUNT, {"customer_id": "total"}, "“Orders”: “customer_id” holds text and “total”", "on"),
        (COUNT, {"since": "day"}, "“since” holds dates; this needs text or numbers", "on"),
        (
            {"name": "n", "sum": "status"},
            None,
            "“status” holds text; this needs numbers",
            "fields.0",
        ),
        ({"name": "n", "sum": "costs"}, None, "“Orders”: There is no column “costs”", "fields.0"),
        ({"name": "n", "last": "status"}, None, "this needs dates or dates with a time", "0.last"),
        ({"name": "n", "last": "day", "by": "total"}, None, "“total” holds numbers", "0.by"),
        ({"name": "n", "min": "status"}, None, "“status” holds text; this needs", "fields.0.min"),
    ],
)
def test_what_can_not_be_made_is_refused_with_its_place(shop, field, on, said, place):
    with pytest.raises(Invalid) as refused:
        shop.open(field, on=on)
    assert said in str(refused.value)
    assert refused.value.field.startswith("joined.0.")
    assert place in refused.value.field


def test_what_keeps_a_column_from_being_numbers_is_named(shop):
    shop.orders.write_text("customer,total\nC-1,12\nC-2,a lot\nC-3,much\n")
    with pytest.raises(Invalid, match="The first such cell is in row 2: “a lot”"):
        shop.open({"name": "n", "sum": "total"})


def test_to_whoever_reads_it_it_is_one_source_with_more_columns(shop):
    made = [COUNT, {"name": "spent", "sum": "total"}, {"name": "newest", "last": "day"}]
    source = shop.open(*made)
    kinds = (Kind.number, Kind.number, Kind.date)
    assert list(source.schema().items())[-3:] == list(
        zip(("orders", "spent", "newest"), kinds, strict=True)
    )
    found = facts(source)
    assert found.rows == 3
    rows = found.sample.select("orders", "spent", "newest").rows()
    assert rows == [(2, 3.5, date(2026, 11, 20)), (0, None, None), (0, None, None)]
    assert source.whole() == shop.open(COUNT).alone().whole()


def test_fields_are_made_once_a_change_of_either_file_and_of_the_day(shop):
    shop.open(COUNT)
    first = shop.made()
    shop.open(COUNT)
    assert shop.made() == first
    shop.orders.write_text(ORDERS + "C-2,1,paid,2026-11-01\n")
    source = shop.open(COUNT)
    assert source.scan().to_native().collect()["orders"].to_list() == [2, 1, 0]
    shop.open(COUNT, day=TODAY + timedelta(1))
    assert len(shop.made()) == 3


def test_the_state_of_a_source_is_that_of_all_its_files(shop):
    spec = shop.spec(COUNT)
    before = state_of(spec, shop.settings, False)
    assert state_of(spec, shop.settings, False) == before
    shop.orders.write_text(ORDERS + "\n")
    assert state_of(spec, shop.settings, False) != before


def test_a_file_that_changes_while_it_is_read_is_never_mixed(shop):
    source = shop.open(COUNT)
    shop.orders.write_text(ORDERS + "C-2,1,paid,2026-11-01\n")
    with pytest.raises(SourceFailed, match=r"Orders.* changed while"), translated(source):
        source.scan().to_native().collect()


def test_what_reading_changed_in_the_other_table_is_noted_for_the_field(shop):
    rows = "".join(f"C-1,{n},paid,2026-11-20\n" for n in range(1, 200))
    shop.orders.write_text(f"customer,total,status,day\n{rows}C-2,n/a,paid,2026-11-20\n")
    (note,) = shop.open({"name": "spent", "sum": "total"}).notes()
    assert note.column == "spent"
    assert note.example == "row 200 of “Orders”, for “spent”: “n/a”"


def test_sums_that_no_whole_number_holds_are_refused_and_never_wrong(shop, tmp_path):
    pl.DataFrame({"customer": ["C-1", "C-1"], "total": [2**62, 2**62]}).write_parquet(
        tmp_path / "orders.parquet"
    )
    shop.orders = tmp_path / "orders.parquet"
    with pytest.raises(SourceFailed, match="Customers"):
        shop.open({"name": "spent", "sum": "total"})


def test_its_data_is_as_old_as_the_oldest_of_its_files(shop):
    source = shop.open(COUNT)
    assert source.written() == min(one.written() for one in source.tables)
