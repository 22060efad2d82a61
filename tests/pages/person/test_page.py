"""One person: an address typed, what happened shown, masked for viewers."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Role
from core.store import Store, accounts, exports, passwords, requests
from core.store.tables.exports import ExportRow
from tests.conftest import ADA
from tests.runs.carried import carried

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


@pytest.fixture
def sent(store: Store, export: ExportRow) -> None:
    """A run of everybody in Latvia."""
    with store.begin() as session:
        run = requests.request(session, ADA, exports.find(session, export.name))
    carried(store, run)


def looked_up(page: Page, address: str) -> AppTest:
    app = page("person")
    app.text_input(key="address").set_value(address)
    return press(app, "Look up")


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


@pytest.mark.usefixtures("sent")
def test_an_address_shows_what_happened_and_where_they_are(page: Page, words: Words) -> None:
    app = looked_up(page, "anna@example.lv")
    assert not app.exception
    assert "Sent and accepted, new there" in words(app)
    assert "Newsletter account, Newsletter" in words(app)
    assert app.get("download_button")
    (ask,) = [one for one in app.button if one.key == "ask"]
    ask.click().run()
    assert "on: Newsletter" in words(app)
    assert "Latvia: in it" in words(app)


@pytest.mark.usefixtures("sent")
def test_a_viewer_sees_no_values_and_asks_nobody(
    page: Page, words: Words, signed_in: Callable[[Role | None], None]
) -> None:
    signed_in(Role.viewer)
    app = looked_up(page, "anna@example.lv")
    assert "Sent and accepted" in words(app)
    assert "a•••@example.lv" in words(app).replace(":gray[]", "")
    assert '"Anna"' not in "".join(one.value for one in app.code)
    assert not app.get("download_button")
    assert not [one for one in app.button if one.key == "ask"]


def test_what_is_wrong_with_an_address_stands_below_it(page: Page, words: Words) -> None:
    assert "Type the full email address" in words(looked_up(page, " "))
    assert "full email address, such as" in words(looked_up(page, "anna"))
    assert "Nothing is known of this address" in words(looked_up(page, "nobody@example.lv"))


@pytest.mark.usefixtures("sent", "quick_passwords")
def test_an_administrator_erases_somebody_with_their_own_password(
    page: Page, words: Words, store: Store
) -> None:
    with store.begin() as session:
        account = accounts.look_up(session, "administrator")
        assert account
        account.password = passwords.locked("a sentence that is long")
        session.add(account)
    app = looked_up(page, "anna@example.lv")
    app.text_input[1].set_value("wrong")
    press(app, "Erase")
    assert "Wrong password" in words(app)
    app.text_input[1].set_value("a sentence that is long")
    press(app, "Erase")
    assert not app.exception
    assert "Erased, receipt 1" in words(app)
    assert "Nothing is known of this address" in words(looked_up(page, "anna@example.lv"))
