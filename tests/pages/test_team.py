"""Team, the audit, one's own account: who sees them and what they do."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core import sign_in
from core.access import Role, operator
from core.store import Store, accounts, sessions
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
    next(b for b in app.button if b.label == "Make the link").click().run()
    link = app.code[0].value.partition("invitation=")[2]
    assert sign_in.whose_link(store, link) == "Jānis"


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


def test_a_new_installation_shows_set_up(page: Page, signed_in: Callable[[Role | None], None]):
    signed_in(None)
    assert [title.value for title in page("exports").title] == ["Sign in"]


def test_one_changes_ones_password(page: Page, store: Store):
    app = page("account")
    for label, text in (
        ("Present password", "not it"),
        ("New password", GOOD),
        ("New password again", GOOD),
    ):
        next(t for t in app.text_input if t.label == label).input(text)
    next(b for b in app.button if b.label == "Change password").click().run()
    assert "The present password is wrong." in " ".join(m.value for m in app.markdown)
