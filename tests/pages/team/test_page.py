"""Team, the audit, one's own account: who sees them and what they do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.access import Person, Role, operator
from core.server import sign_in
from core.store import Store, accounts, audit, sessions
from core.store.audit import Deed
from core.store.tables.exports import ExportRow
from core.store.tables.people import AccountRow, AuditRow
from tests.pages.conftest import session_of

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
GOOD = "a long walk by the sea"


def person(store: Store, name: str, role: Role) -> int:
    """The id of a new person, who is signed in once."""
    with store.begin() as session:
        row = accounts.add(session, operator(), name, role)
        row.password = "unused"
        sessions.begin(session, row, "somewhere", "a browser")
        return row.id


def test_an_invited_person_gets_a_link_that_is_shown_once(page: Page, store: Store):
    app = page("team")
    next(b for b in app.button if b.label == "Invite").click().run()
    next(t for t in app.text_input if t.label == "Name").input("Jānis")
    next(b for b in app.button if b.label == "Create invite link").click().run()
    link = app.code[0].value.partition("invitation=")[2]
    assert sign_in.person_invited(store, link) == "Jānis"


@pytest.mark.parametrize("name", ["team", "audit"])
@pytest.mark.parametrize("role", [Role.viewer, Role.contributor])
def test_only_administrators_see_them(
    page: Page, signed_in: Callable[[Role], None], words: Words, name: str, role: Role
):
    signed_in(role)
    app = page(name)
    assert "This page is for administrators." in words(app)
    assert not app.dataframe


def test_people_show_their_role_and_where_they_are(page: Page, store: Store, words: Words):
    person(store, "Vita", Role.viewer)
    told = words(page("team"))
    assert "Vita" in told
    assert "Viewer" in told
    assert "somewhere" in told


def test_a_visitor_sees_sign_in_and_nothing_else(
    page: Page, store: Store, signed_in: Callable[[Role | None], None]
):
    session_of(store, Role.administrator)
    signed_in(None)
    for name in ("overview", "team", "history"):
        app = page(name)
        assert [title.value for title in app.title] == ["Sign in"]


def test_a_new_installation_shows_set_up(
    page: Page, store: Store, signed_in: Callable[[Role | None], None]
):
    with store.begin() as session:
        session.execute(sa.delete(AccountRow))
    signed_in(None)
    assert [title.value for title in page("exports").title] == ["First administrator"]


def test_who_only_comes_by_single_sign_on_is_not_called_invited(
    page: Page, store: Store, words: Words
):
    person(store, "Vita", Role.viewer)
    with store.begin() as session:
        accounts.find(session, "Vita").password = None
        accounts.add(session, operator(), "Jānis", Role.viewer)
    told = words(page("team"))
    assert told.count("Invited") == 1
    assert told.count("Never signed in") == 1


def test_the_audit_leads_to_what_is_still_there(
    page: Page, store: Store, export: ExportRow, leads: Words
):
    with store.begin() as session:
        audit.record(session, operator(), Deed.removed, "segment", "Gone")
        audit.record(session, operator(), Deed.asked, "run", export.name)
    app = page("audit")
    assert leads(app) == {
        "connection Newsletter account": "connections?connection=1",
        "source Profiles": "sources?source=1",
        "segment Latvia": "segment?segment=1",
        "export Weekly letter": f"export?export={export.id}",
        "run Weekly letter": f"export?export={export.id}",
    }
    app.text_input(key="find").set_value("gone").run()
    assert not leads(app)
    assert any("segment Gone" in one.value for one in app.markdown)


def test_the_audit_is_filtered_by_person_action_and_time(page: Page, store: Store, cells: Words):
    person(store, "Vita", Role.viewer)
    with store.begin() as session:
        audit.record(session, Person("Vita", Role.viewer), Deed.refused, "", "lists")
        session.execute(sa.update(AuditRow).values(at=datetime.now(UTC) - timedelta(days=8)))
        audit.record(session, Person("Vita", Role.viewer), Deed.asked, "run", "Newsletter")
    app = page("audit")
    for label, choice, n in (
        ("Person", "Vita", 2),
        ("Action", Deed.refused, 1),
        ("Time", "Last 7 days", 0),
    ):
        next(box for box in app.selectbox if box.label == label).select(choice).run()
        if label == "Person":
            assert "requested" in cells(app)
        assert cells(app).count('class="sf-cells"') == n


def test_a_page_that_is_refused_stands_in_the_audit_once(
    page: Page, store: Store, signed_in: Callable[[Role], None]
):
    signed_in(Role.viewer)
    page("team").run().run()
    with store.begin() as session:
        (row,) = audit.entries(session, operator(), deed=Deed.refused)
    assert (row.by, row.what) == (
        "viewer",
        "team: This page is for administrators. Ask an administrator of your team.",
    )


def test_one_changes_ones_password(page: Page, store: Store):
    app = page("account")
    for label, text in (
        ("Current password", "not it"),
        ("New password", GOOD),
        ("New password again", GOOD),
    ):
        next(t for t in app.text_input if t.label == label).input(text)
    next(b for b in app.button if b.label == "Change password").click().run()
    assert "The current password is wrong." in " ".join(m.value for m in app.markdown)
