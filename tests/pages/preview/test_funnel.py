"""The funnel of an export leads to the people of each drop, those outside its segments too."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.access import Role
from core.store import Store
from core.store.tables.data import SegmentRow, SourceRow
from core.store.tables.runs import Run, RunStatus

Page = Callable[..., AppTest]
Ran = Callable[..., Run]
OUTSIDE = {"export": 1, "people": "outside"}


def leads(app: AppTest) -> dict[str, str]:
    """The links of the page: their words, and what their addresses ask for."""
    return {one.proto.label: one.proto.query_string for one in app.main.get("page_link")}


def counted(store: Store, source: SourceRow, rows: int) -> None:
    with store.begin() as session:
        session.get_one(SourceRow, source.id).rows = rows


def test_each_drop_leads_to_its_people(
    page: Page, store: Store, source: SourceRow, segment: SegmentRow, ran: Ran
):
    counted(store, source, 6)
    numbers = {"members": 5, "rejected": {"missing_email": 1}, "valid": 4, "sent": 4}
    ran(RunStatus.partial, **numbers, batches=1, accepted=1, refused=1, undelivered=2, added=1)
    found = leads(page("preview", export=1))
    assert found["1 outside the rules"] == "export=1&people=outside"
    assert found["1 rejected"] == "run=1&people=rejected"
    assert found["1 refused"] == "run=1&people=refused"
    assert found["2 undelivered"] == "run=1&people=undelivered"
    assert found[segment.name] == f"segment={segment.id}"


def test_who_is_outside_the_rules_is_shown_as_the_source_is_now(page: Page, ran: Ran):
    ran(RunStatus.succeeded, members=5, valid=5)
    app = page("preview", **OUTSIDE)
    assert not app.exception
    (people,) = app.get("table")
    assert list(people.value["country"]) == ["EE"]
    assert app.header[0].value == "1 person"


def test_viewers_see_them_masked(page: Page, signed_in: Callable[[Role], None], ran: Ran):
    ran(RunStatus.succeeded, members=5, valid=5)
    signed_in(Role.viewer)
    app = page("preview", **OUTSIDE)
    assert not app.exception
    (people,) = app.get("table")
    assert "•••" in people.value["email"].iloc[0]
    assert not app.toggle
