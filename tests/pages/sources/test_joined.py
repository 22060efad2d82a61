"""Fields from another table in the form of a source: filled in, looked at, refused, saved, kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.configuration.segment import Segment
from core.configuration.source import Source
from core.profiles.segments.operators import Op
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind
from core.store import Store, segments, sources
from tests.conftest import ADA

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
ORDERS = "customer_id,total,status,day\nC-1,7.5,paid,2026-11-20\nC-9,1,open,2026-11-21\n"
KINDS = {"customer_id": Kind.text, "total": Kind.number, "status": Kind.text, "day": Kind.date}
JOINED = {
    "source": "Orders",
    "on": {"customer_id": "customer_id"},
    "fields": [{"name": "spent", "sum": "total"}],
}


@pytest.fixture
def customers(store: Store, tmp_path: Path) -> Path:
    """Customers that nobody has added yet, beside orders."""
    (tmp_path / "orders.csv").write_text(ORDERS)
    path = tmp_path / "customers.csv"
    path.write_text("customer_id,email\nC-1,a@x.lv\nC-2,b@x.lv\n")
    with store.begin() as session:
        spec = Source(name="Orders", path=str(tmp_path / "orders.csv"))
        sources.add(session, ADA, spec, KINDS)
    return path


def row_of(store: Store, name: str):
    with store.begin() as session:
        return sources.find(session, name)


def test_fields_are_filled_in_looked_at_and_saved(page: Page, words: Words, store, customers):
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("path").run()
    app.text_input(key="source-path").set_value(str(customers))
    app.button(key="source-look-button").click().run()
    app.button(key="source-joined-add").click().run()
    assert app.selectbox(key="source-joined-1-key-Orders").value == "customer_id"
    app.selectbox(key="source-joined-1-2-make").select("last").run()
    app.selectbox(key="source-joined-1-2-column-last").select("status").run()
    app.button(key="save").click().run()
    assert "Must not be empty" in words(app)
    app.text_input(key="source-joined-1-2-name").set_value("newest")
    app.button(key="source-joined-try").click().run()
    assert "**50 %** of 2 rows have at least one row in **Orders**" in words(app)
    assert "1 row there matches nobody" in words(app)
    app.text_input(key="source-joined-1-2-name").set_value("email")
    app.button(key="source-joined-try").click().run()
    assert "is called like another one of the source" in words(app)
    app.text_input(key="source-joined-1-2-name").set_value("newest")
    app.button(key="save").click().run()
    row = row_of(store, "Customers")
    made = {"name": "newest", "last": "status", "by": "day"}
    assert row.spec["joined"] == [JOINED | {"fields": [made]}]
    assert row.fields["newest"] == "text"


def test_whoever_changes_something_else_keeps_the_fields_and_none_in_use_is_dropped(
    page: Page, words: Words, store, customers
):
    with store.begin() as session:
        spec = Source(name="Customers", path=str(customers), joined=[JOINED])
        row = sources.add(session, ADA, spec, {})
    app = page("sources", source=row.id, view="edit")
    app.text_input(key="source-name").set_value("People").run()
    app.button(key="save").click().run()
    row = row_of(store, "People")
    assert row.spec["joined"] == [JOINED]
    assert list(row.fields) == ["customer_id", "email", "spent"]
    app = page("sources", source=row.id)
    assert "Sum of “total”" in words(app)
    with store.begin() as session:
        rules = Group.model_validate({"all": [{"field": "spent", "op": "more_than", "value": 5}]})
        segments.add(session, ADA, Segment(name="Buyers", source="People", rules=rules))
    app = page("sources", source=row.id, view="edit")
    app.button(key="source-joined-1-remove").click().run()
    app.button(key="save").click().run()
    assert "The field “spent” is used by: Buyers. Take it out there first." in words(app)
    assert row_of(store, "People").spec["joined"] == [JOINED]
    app = page("sources", source=row_of(store, "Orders").id, view="edit")
    app.button(key="save").click().run()
    with store.begin() as session:
        assert segments.find(session, "Buyers").members == 1


PAID = {"all": [{"field": "status", "op": "equals", "value": "paid"}]}


def test_rows_are_chosen_by_rules_with_their_counts(page: Page, words: Words, store, customers):
    app = with_fields(page, store, customers, JOINED)
    app.button(key="source-joined-1-2-some").click().run()
    app.button(key="save").click().run()
    assert "Some rules of the rows aren’t finished" in words(app)
    one(app.selectbox, "f-").select("status").run()
    operators = one(app.selectbox, "o-").options
    assert "is" in operators
    assert Op.in_list.words not in operators
    one(app.selectbox, "v-").select("paid").run()
    assert "1 of 2" in words(app)
    app.button(key="save").click().run()
    saved = row_of(store, "Customers").spec["joined"]
    assert saved == [JOINED | {"fields": [{"name": "spent", "sum": "total", "where": PAID}]}]


def test_rules_of_rows_are_changed_and_dropped(page: Page, words: Words, store, customers):
    field = {"name": "spent", "sum": "total", "where": PAID}
    app = with_fields(page, store, customers, JOINED | {"fields": [field]})
    assert one(app.selectbox, "v-").value == "paid"
    one(app.selectbox, "v-").select("open").run()
    app.button(key="source-joined-try").click().run()
    assert "1 of 2" in words(app)
    app.button(key="source-joined-1-2-all").click().run()
    app.button(key="save").click().run()
    assert row_of(store, "Customers").spec["joined"] == [JOINED]


def with_fields(page: Page, store, customers: Path, joined: dict) -> AppTest:
    """The form of a saved source with fields from orders, which were read."""
    with store.begin() as session:
        spec = Source(name="Customers", path=str(customers), joined=[joined])
        row = sources.add(session, ADA, spec, {})
        sources.note_reading(session, sources.find(session, "Orders"), KINDS, 2)
    return page("sources", source=row.id, view="edit")


def one(widgets, key: str):
    """The only widget whose key begins so."""
    (found,) = [widget for widget in widgets if (widget.key or "").startswith(key)]
    return found


def test_the_list_says_that_a_source_uses_another_one(
    page: Page, store, customers, leads: Callable[[AppTest], dict[str, str]]
):
    with store.begin() as session:
        spec = Source(name="Customers", path=str(customers), joined=[JOINED])
        row = sources.add(session, ADA, spec, {})
    app = page("sources")
    assert leads(app)["1 source"] == f"sources?source={row.id}"
    assert "Not used 1" in app.radio[0].options


def test_a_source_that_others_are_made_with_cant_be_removed(
    page: Page, words: Words, leads: Callable[[AppTest], dict[str, str]], store, customers
):
    with store.begin() as session:
        spec = Source(name="Customers", path=str(customers), joined=(JOINED,))
        kinds = {"customer_id": Kind.text, "email": Kind.text, "spent": Kind.number}
        made = sources.add(session, ADA, spec, kinds)
    app = page("sources")
    app.menu_button(key=f"more-{row_of(store, 'Orders').id}").click("Remove").run()
    assert "1 source has fields that are made with it" in words(app)
    assert leads(app)["Customers"] == f"sources?source={made.id}"
