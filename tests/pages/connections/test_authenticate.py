"""The step of a form that authenticates by OAuth."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.store import Store
from core.store.tables.connections import Authorization

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


@pytest.fixture
def an_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator has an app at Klaviyo."""
    monkeypatch.setenv("SEGFERRY_KLAVIYO_CLIENT_ID", "segferry")
    monkeypatch.setenv("SEGFERRY_KLAVIYO_CLIENT_SECRET", "the secret of our app")


def test_where_it_is_not_set_up_the_operator_learns_how(page: Page, words: Words, store: Store):
    told = words(page("connections", view="add"))
    assert "OAuth isn’t set up here" in told
    assert r"SEGFERRY\_KLAVIYO\_CLIENT\_SECRET" in told
    assert under_way(store) == 0


@pytest.mark.usefixtures("an_app")
def test_where_it_is_set_up_it_is_offered_and_leaving_the_form_gives_it_up(
    page: Page, words: Words, store: Store
):
    app = page("connections", view="add")
    assert "Klaviyo opens in a new tab" in words(app)
    assert under_way(store) == 1
    app.button(key="cancel").click().run()
    assert under_way(store) == 0


@pytest.mark.usefixtures("an_app")
def test_a_type_without_oauth_is_not_offered_it_and_what_was_begun_is_given_up(
    page: Page, words: Words, store: Store
):
    app = page("connections", view="add")
    assert under_way(store) == 1
    app.selectbox(key="connection-type").set_value("listmonk").run()
    assert "OAuth" not in words(app)
    assert "opens in a new tab" not in words(app)
    assert under_way(store) == 0


def under_way(store: Store) -> int:
    """How many authorizations somebody has begun."""
    with store.begin() as session:
        return len(session.scalars(sa.select(Authorization)).all())
