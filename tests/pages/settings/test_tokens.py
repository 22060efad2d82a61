"""Tokens in Settings: made, shown once, revoked."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.store import Store, tokens
from core.store.tables.exports import ExportRow
from core.store.tokens import PREFIX

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def made(app: AppTest, *may: str, name: str = "Airflow") -> AppTest:
    app.button(key="new-token").click().run()
    app.text_input(key="token-name").set_value(name)
    app.multiselect(key="token-exports").set_value(list(may))
    app.button(key="make-token").click().run()
    return app


def test_a_token_is_made_shown_once_and_revoked(
    page: Page, words: Words, store: Store, export: ExportRow
):
    app = made(page("settings"), export.name)
    assert not app.exception
    (secret,) = [one.value for one in app.code]
    with store.begin() as session:
        (token,) = tokens.everything(session)
        assert tokens.owner(session, secret)
    assert (token.name, token.may, token.sees_people) == ("Airflow", [export.name], False)
    app.run()
    assert [one.value for one in app.code if one.value.startswith(PREFIX)] == []
    said = words(app) + "".join(one.proto.body for one in app.get("html"))
    assert "Airflow" in said
    assert export.name in said
    app.button(key=f"revoke-{token.id}").click().run()
    app.button(key="confirm-yes").click().run()
    with store.begin() as session:
        assert tokens.everything(session) == []


def test_a_token_for_measures_alone_is_made(page: Page, words: Words, store: Store):
    app = page("settings")
    app.button(key="new-token").click().run()
    app.text_input(key="token-name").set_value("Prometheus")
    app.checkbox(key="token-refresh").check()
    app.checkbox(key="token-measures").check()
    app.button(key="make-token").click().run()
    assert not app.exception
    with store.begin() as session:
        (token,) = tokens.everything(session)
    assert (token.measures, token.may) == (True, [])
    assert "reads measures" in words(app) + "".join(one.proto.body for one in app.get("html"))


def test_a_token_for_nothing_is_not_made(page: Page, words: Words, store: Store):
    app = made(page("settings"))
    with store.begin() as session:
        assert tokens.everything(session) == []
    assert "Choose what the token may start" in words(app) + "".join(
        one.value for one in [*app.error, *app.toast]
    )
