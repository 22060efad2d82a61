"""Columns that a source lost: refused where somebody drops them, said where its data did."""

from pathlib import Path

import pytest

from core.errors import Invalid
from core.store import Store, lost_columns, sources
from tests.conftest import applied

CUSTOMERS = """
  - name: Customers
    path: customers.csv
    joined:
      - source: Orders
        on: {customer_id: customer}
        fields: [{name: spent, sum: total}, {name: orders, count: rows}]
"""
ORDERS = """
  - {name: Orders, path: orders.csv}
"""
USERS = """
connections:
  - {name: Klaviyo, api_key: "${KLAVIYO_API_KEY}", consent: {agreed_by: ops@example.com}}
segments:
  - {name: Buyers, source: Customers, rules: {all: [{field: spent, op: more_than, value: 5}]}}
exports:
  - {name: Rich, connection: Klaviyo, list_id: Y6nRLr, segments: [Buyers],
     match: {email: email, properties: {spent: spent, name: name}}}
"""
OTHER_USERS = """
segments: [{name: Buyers, source: Customers, rules: {all: [{field: email, op: is_not_empty}]}}]
exports: []
"""
RENAMED = "header: [customer_id, email, first]"


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Path:
    """Customers and their orders, with a segment and an export."""
    (tmp_path / "customers.csv").write_text("customer_id,email,name\nC-1,a@x.lv,Ann\n")
    (tmp_path / "orders.csv").write_text("customer,total\nC-1,7.5\n")
    (tmp_path / "others.csv").write_text("customer,amount\nC-1,7.5\n")
    apply_file(store, tmp_path, "sources:" + CUSTOMERS + ORDERS + USERS)
    return tmp_path


def apply_file(store: Store, folder: Path, text: str, **options: bool) -> list[str]:
    """Names of what changed."""
    (folder / "segferry.yaml").write_text(text)
    changes = applied(store, folder / "segferry.yaml", **options)
    return [one.name for one in changes if one.what == "changed"]


@pytest.mark.parametrize(
    ("given", "name", "users"),
    [
        (CUSTOMERS.replace("{name: spent, sum: total}, ", ""), "spent", "Buyers, Rich"),
        (CUSTOMERS.partition("    joined:")[0], "spent", "Buyers, Rich"),
        (CUSTOMERS.replace("    joined:", f"    {RENAMED}\n    joined:"), "name", "Rich"),
        (ORDERS.replace("orders.csv", "others.csv"), "total", "Buyers, Rich, Customers"),
    ],
    ids=["a joined field", "all joined fields", "names of columns", "another file"],
)
def test_a_file_that_drops_a_column_in_use_is_refused_with_who_uses_it(
    store, shop, given, name, users
):
    with pytest.raises(Invalid) as refused:
        apply_file(store, shop, "sources:" + given)
    said = f"The field “{name}” is used by: {users}. Take it out there first."
    assert said in str(refused.value)
    with store.begin() as session:
        assert "total" in (sources.find(session, "Orders").fields or {})
        assert "spent" in (sources.find(session, "Customers").fields or {})


def test_what_nobody_uses_and_what_its_users_leave_with_it_is_dropped(store, shop):
    without_orders = CUSTOMERS.replace(", {name: orders, count: rows}", "")
    assert apply_file(store, shop, "sources:" + without_orders) == ["Customers"]
    with_name = CUSTOMERS.partition("    joined:")[0]
    apply_file(store, shop, "sources:" + with_name + OTHER_USERS, prune=True)
    with store.begin() as session:
        assert set(sources.find(session, "Customers").fields or {}) == {
            *("customer_id", "email", "name")
        }


def test_a_column_that_the_data_lost_is_no_reason_to_refuse_but_is_said(store, shop):
    (shop / "customers.csv").write_text("customer_id,email\nC-1,a@x.lv\n")
    apply_file(store, shop, "sources:" + CUSTOMERS)
    with store.begin() as session:
        row = sources.find(session, "Customers")
        lost = lost_columns.missing(session, row)
    assert lost_columns.sentences(row, lost) == [
        "“Customers” no longer has the column “name”, which is used by: Rich. Bring it back, or "
        "take it out there."
    ]


def test_another_name_of_the_source_drops_nothing(store, shop):
    (shop / "customers.csv").write_text("customer_id,email\nC-1,a@x.lv\n")
    with store.begin() as session:
        row = sources.find(session, "Customers")
        spec = sources.spec(row).model_copy(update={"name": "People", "key": "customer_id"})
        schema = {name: kind for name, kind in sources.schema(row).items() if name != "name"}
        assert lost_columns.dropped(row, spec, schema) == set()
