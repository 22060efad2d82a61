"""Sources that are joined to others: names are carried along, circles and removals refused."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.access import Person, Role
from core.audience import looks, members
from core.configuration.file import read
from core.configuration.order import Order
from core.configuration.source import Source
from core.errors import Conflict, Invalid, Outside, Unknown
from core.mcp import shown
from core.preview import freshness
from core.runs import lineage, refreshing
from core.runs.scheduler import used_sources
from core.store import Store, dump, exports, joined, orders, sources
from core.store import apply as applying
from core.store.column_users import column_users
from core.store.locks import REFRESHES, keeping
from core.store.tables.refreshes import RefreshStatus
from tests.conftest import ADA, ENVIRONMENT, applied

ROOT = Path(__file__).parents[2]
SHOP = """
sources:
  - name: Customers
    path: customers.csv
    joined:
      - source: Orders
        on: {customer_id: customer}
        fields:
          - {name: orders_90d, count: rows, within_days: 90, by: day}
          - {name: spent, sum: total}
          - {name: latest, last: address, by: day}
  - {name: Orders, path: orders.csv, key: nr}
connections:
  - {name: Klaviyo, api_key: "${KLAVIYO_API_KEY}", consent: {agreed_by: ops@example.com}}
segments:
  - {name: Buyers, source: Customers, rules: {all: [{field: spent, op: more_than, value: 5}]}}
exports:
  - {name: Rich, connection: Klaviyo, list_id: Y6nRLr, segments: [Buyers],
     match: {email: email, properties: {spent: spent}}}
"""
LISTED = "  - {name: Orders, path: orders.csv, key: nr}\n"
INNER = [
    {
        "source": "Customers",
        "on": {"customer": "customer_id"},
        "fields": [{"name": "known", "exists": "rows"}],
    }
]


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text("customer_id,email\nC-1,a@x.lv\nC-2,b@x.lv\n")
    (tmp_path / "orders.csv").write_text(
        "nr,customer,total,day,address\n1,C-1,7.5,2026-11-20,Main street 1\n"
    )
    file = tmp_path / "segferry.yaml"
    file.write_text(SHOP)
    applied(store, file)
    return file


def row_of(store: Store, name: str):
    with store.begin() as session:
        return sources.find(session, name)


def renamed(store: Store, old: str, new: str) -> None:
    with store.begin() as session:
        row = sources.find(session, old)
        spec = sources.spec(row).model_copy(update={"name": new})
        sources.change(session, ADA, row, spec, sources.schema(row))


def test_the_file_says_it_in_any_order_and_what_is_dumped_can_be_applied(store, shop, tmp_path):
    assert {change.what for change in applied(store, shop)} == {"unchanged"}
    copy = tmp_path / "dumped.yaml"
    copy.write_text(dump.text(store, ADA))
    again = [change for change in applied(store, copy) if change.section == "sources"]
    assert [change.what for change in again] == ["unchanged", "unchanged"]


def test_a_circle_is_refused_where_it_is_written_and_where_it_is_saved(store, shop):
    spec = Source(name="Orders", path=str(shop.parent / "orders.csv"), joined=INNER)
    with pytest.raises(Invalid, match="“Orders” → “Customers” → “Orders”"), store.begin() as s:
        sources.change(s, ADA, sources.find(s, "Orders"), spec, {})
    shop.write_text(SHOP.replace(LISTED, LISTED.replace("}", f", joined: {INNER}}}")))
    with pytest.raises(Invalid, match="can't be joined in a circle"):
        applying.prepare(store, *read(shop, ENVIRONMENT))


def test_no_more_than_three_lie_within_each_other(store, shop):
    def spec(name, other):
        joins = [
            {"source": other, "on": "customer_id", "fields": [{"name": name, "exists": "rows"}]}
        ]
        return Source(name=name, path=str(shop.parent / "customers.csv"), joined=joins)

    with store.begin() as session:
        sources.add(session, ADA, spec("A", "Customers"), {})
        with pytest.raises(Invalid, match=r"More than 3 sources.* B → A → Customers → Orders"):
            sources.add(session, ADA, spec("B", "A"), {})


def test_another_name_is_carried_along_and_what_is_joined_stays(store, shop):
    renamed(store, "Orders", "Purchases")
    (join,) = sources.spec(row_of(store, "Customers")).joins
    assert join.source == "Purchases"
    assert looks.read(store, ADA, row_of(store, "Customers")).rows == 2
    said = "“Purchases” is joined to: Customers"
    with pytest.raises(Conflict, match=said), store.begin() as session:
        sources.remove(session, ADA, sources.find(session, "Purchases"))


def test_what_is_joined_is_removed_by_a_file_that_names_neither(store, shop):
    shop.write_text("sources: []\nsegments: []\nexports: []\n")
    gone = [one.name for one in applied(store, shop, prune=True) if one.section == "sources"]
    assert gone == ["Customers", "Orders"]


def test_an_unknown_source_is_refused_with_those_that_there_are(store, shop):
    shop.write_text(SHOP.replace("source: Orders", "source: Order"))
    with pytest.raises(Invalid, match=r"sources “Customers”: .*no source “Order”.*“Orders”"):
        applying.prepare(store, *read(shop, ENVIRONMENT))
    with pytest.raises(Unknown), store.begin() as session:
        joined.whole(session, Source(name="X", path="x.csv", joined=[INNER[0] | {"source": "Y"}]))


def test_a_run_is_frozen_with_all_its_sources(store, shop):
    with store.begin() as session:
        order = orders.order_of(session, exports.find(session, "Rich"))
    (table,) = order.source.tables.values()
    assert (table.source.name, table.confined) == ("Orders", False)
    assert Order.read(order.as_data()) == order


def test_a_preview_is_outdated_once_either_file_changed(store, shop):
    noon = datetime(2026, 11, 28, 12, tzinfo=UTC)
    before = freshness.look(store, ADA, "Rich", noon)
    assert freshness.look(store, ADA, "Rich", noon) == before
    file = shop.parent / "orders.csv"
    file.write_text(file.read_text() + "2,C-2,9,2026-11-21,Main street 2\n")
    with pytest.raises(Conflict, match="The source has changed"):
        freshness.hold_to(before, freshness.look(store, ADA, "Rich", noon))


def test_a_refresh_reads_what_is_joined_first_and_names_what_depends_on_it(store, shop):
    with store.begin() as session:
        rows = used_sources(session)
    found = refreshing.refresh(store, ADA, rows)
    assert [one.name for one in found] == ["Orders", "Customers"]
    assert [one.segments for one in found][1][0]["members"] == 1
    (shop.parent / "orders.csv").unlink()
    orders_failed, customers = refreshing.refresh(store, ADA, rows)
    assert orders_failed.dependents == ["Customers", "Rich"]
    assert customers.status == RefreshStatus.failed
    assert "orders.csv is missing" in customers.problem


def test_a_reload_counts_the_segments_over_the_fields_that_are_made_of_the_source(store, shop):
    refreshing.reload(store, ADA, row_of(store, "Orders"))
    file = shop.parent / "orders.csv"
    file.write_text(file.read_text() + "2,C-2,9,2026-11-21,Main street 2\n")
    own, customers = refreshing.reload(store, ADA, row_of(store, "Orders"))
    assert (own.name, own.rows, own.segments) == ("Orders", 2, [])
    assert [(s["name"], s["before"], s["members"]) for s in customers.segments] == [
        ("Buyers", 1, 2)
    ]
    (alone,) = refreshing.reload(store, ADA, row_of(store, "Customers"))
    assert alone.name == "Customers"


def test_after_a_source_was_changed_those_that_it_is_joined_to_are_refreshed(store, shop):
    (customers,) = refreshing.reload_joining(store, ADA, row_of(store, "Orders"))
    assert (customers.name, customers.status) == ("Customers", RefreshStatus.succeeded)
    assert refreshing.reload_joining(store, ADA, row_of(store, "Customers")) == []
    with keeping(store, REFRESHES), pytest.raises(Conflict, match="already running"):
        refreshing.reload_joining(store, ADA, row_of(store, "Orders"))


def test_who_uses_a_column_is_seen_through_the_fields_that_are_made_of_it(store, shop):
    with store.begin() as session:
        found = column_users(session, sources.find(session, "Orders").id)
    assert set(found["total"].sources.values()) == {"Customers"}
    assert set(found["total"].segments.values()) == {"Buyers"}
    assert set(found["total"].exports.values()) == {"Rich"}
    assert not found["address"].segments
    assert set(found) == {"total", "day", "address", "customer"}


def test_agents_read_how_fields_are_made(store, shop):
    with store.begin() as session:
        made = shown.source(session, sources.find(session, "Customers"))["made"]
    assert made["spent"] == "Orders: Sum of “total”"
    assert made["orders_90d"] == "Orders: Number of rows, in the last 90 days by “day”"


def test_one_leads_to_the_other_in_the_lineage(store, shop):
    known = lineage.read(store, ADA)
    keys = {one.name: one.key for one in known.things}
    assert (keys["Orders"], keys["Customers"]) in {(one.start, one.end) for one in known.links}
    below = known.below([keys["Orders"]])
    assert {"Customers", "Buyers", "Rich"} <= {one.name for one in below}


def test_each_source_keeps_its_own_fence(store, shop):
    kaspars = Person("Kaspars", Role.contributor, 7, "192.0.2.7")
    spec = sources.spec(row_of(store, "Customers")).model_copy(update={"name": "Mine"})
    with pytest.raises(Outside, match=r"customers\.csv is outside the folders"):
        looks.look(store, kaspars, spec)
    uploads = store.settings.uploads
    uploads.mkdir(parents=True)
    (uploads / "mine.csv").write_text("customer_id,email\nC-1,a@x.lv\n")
    mine = spec.model_copy(update={"path": str(uploads / "mine.csv")})
    assert looks.look(store, kaspars, mine).sample[0]["spent"] == 7.5  # what an admin shared
    with store.begin() as session:
        row = sources.find(session, "Orders")
        row.confined = True
        session.add(row)
    with pytest.raises(Outside, match=r"orders\.csv is outside the folders"):
        looks.look(store, kaspars, mine)


def test_values_of_a_row_that_say_who_somebody_is_are_masked(store, shop):
    looks.read(store, ADA, row_of(store, "Customers"))
    viewer = Person("Vita", Role.viewer)
    (first, _second) = looks.saved(store, viewer, row_of(store, "Customers")).sample
    assert first["latest"] != "Main street 1"
    assert "latest" in looks.masks(store, row_of(store, "Customers")).personal


def test_the_example_of_the_documentation_works_to_the_letter(store, tmp_path):
    text = (ROOT / "docs/sources.md").read_text().partition("# Fields from another table")[2]
    blocks = dict(re.findall(r"^`([a-z.]+)`[^\n]*:\n\n```\w+\n(.*?)^```", text, re.M | re.S))
    assert set(blocks) == {"customers.csv", "orders.csv", "segferry.yaml"}
    for name, content in blocks.items():
        (tmp_path / name).write_text(content)
    applied(store, tmp_path / "segferry.yaml")
    row = row_of(store, "Customers")
    found = {one["customer_id"]: one for one in looks.read(store, ADA, row).sample}
    assert [found[key]["spent"] for key in ("C-1", "C-2", "C-3")] == [30, 100, None]
    assert [found[key]["orders"] for key in ("C-1", "C-2", "C-3")] == [2, 1, 0]
    assert found["C-1"]["last_status"] == "returned"
    (counted,) = members.recount(store, ADA, row)
    assert (counted.name, counted.members) == ("Big spenders", 1)
