"""The step of a form that authenticates by OAuth."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from core.connections import oauth
from core.destinations.klaviyo import SCOPES
from core.destinations.oauth import Tokens
from core.store import Store
from core.store.tables.connections import Authorization, ConnectionRow

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
def test_only_ticked_permissions_are_requested_each_with_what_it_gives(page: Page, store: Store):
    app = page("connections", view="add")
    offered = {box.key: box.label for box in app.checkbox if "-scope-" in (box.key or "")}
    assert len(offered) == 5
    assert "to show scheduled campaigns" in offered["connection-scope-campaigns:read"]
    assert not any(app.checkbox(key=key).value for key in offered)
    assert requested(app) == [*SCOPES]
    app.checkbox(key="connection-scope-campaigns:read").check().run()
    assert requested(app) == [*SCOPES, "campaigns:read"]
    assert under_way(store) == 1


@pytest.mark.usefixtures("an_app")
def test_reconnecting_offers_what_was_granted(page: Page, store: Store, connection: ConnectionRow):
    with store.begin() as session:
        row = session.get_one(ConnectionRow, connection.id)
        scopes = (*SCOPES, "usage:read")
        tokens = Tokens("access", "refresh", datetime.now(UTC) + timedelta(hours=1), scopes)
        row.oauth = oauth._locked(store.vault, tokens)
        session.add(row)
    app = page("connections", view="edit", connection=connection.id)
    ticked = [box.key for box in app.checkbox if "-scope-" in (box.key or "") and box.value]
    assert ticked == ["connection-scope-usage:read"]
    assert requested(app) == [*SCOPES, "usage:read"]


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


def requested(app: AppTest) -> list[str]:
    """The scopes in the address that leads to Klaviyo."""
    [link] = [one for one in app.get("link_button") if "authorize" in one.proto.url]
    return parse_qs(urlsplit(link.proto.url).query)["scope"][0].split()


def under_way(store: Store) -> int:
    """How many authorizations somebody has begun."""
    with store.begin() as session:
        return len(session.scalars(sa.select(Authorization)).all())
