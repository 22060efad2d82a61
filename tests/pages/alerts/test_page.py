"""Alerts: channels are added, tried and removed; what goes wrong is shown, and no secret."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Person, Role, operator
from core.configuration.alerts import Channel, Reason
from core.store import Store, accounts, alert_settings, channels
from core.store.database import now
from core.store.tables.alerts import ChannelRow
from core.store.tables.exports import ExportRow

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
NOBODY = "json://127.0.0.1:1/s3cr3t-token"


def team(store: Store) -> list[ChannelRow]:
    with store.begin() as session:
        return channels.team(session)


@pytest.fixture
def channel(store: Store) -> ChannelRow:
    spec = Channel(name="Ops", address="${OPS}")
    with store.begin() as session:
        return channels.add(session, store.vault, operator(), spec, address=NOBODY)


def test_a_channel_is_added_and_its_address_never_shown_again(
    page: Page, words: Words, cells: Words, store: Store, export: ExportRow
):
    app = page("alerts", view="channel")
    app.text_input(key="channel-name").set_value("Ops")
    app.text_input(key="channel-address").set_value("nonsense")
    app.button(key="form-save").click().run()
    assert "Apprise doesn’t know this address" in words(app)
    app.text_input(key="channel-address").set_value(SLACK)
    app.multiselect(key="channel-reasons").set_value([Reason.failed, Reason.held])
    app.multiselect(key="channel-exports").set_value([export.name])
    app.radio(key="channel-when").set_value("daily").run()
    app.button(key="form-save").click().run()
    assert not app.exception
    [row] = team(store)
    assert (row.service, row.digest_at, row.exports) == ("slack", "07:00", [export.id])
    assert row.reasons == ["failed", "held"]
    shown = words(app) + cells(app)
    assert "Weekly letter" in shown
    assert "TIiajkdn" not in shown
    app = page("alerts", view="channel", channel=row.id)
    assert app.text_input(key="channel-address").value == ""
    app.text_input(key="channel-name").set_value("Operations")
    app.button(key="form-save").click().run()
    [row] = team(store)
    with store.begin():
        assert row.name == "Operations"
        assert channels.address_of(store.vault, row) == SLACK


def test_a_test_shows_the_answer_and_overview_says_that_nothing_arrives(
    page: Page, words: Words, store: Store, channel: ChannelRow
):
    app = page("alerts")
    app.button(key=f"try-{channel.id}").click().run()
    assert "“Ops” did not take the test" in words(app)
    assert "Connection refused" in words(app)
    assert "s3cr3t" not in words(app)
    assert team(store)[0].failing_since is not None


def test_what_fails_is_an_amber_line_of_the_overview(
    page: Page, words: Words, store: Store, channel: ChannelRow, export: ExportRow
):
    assert "Alerts don’t reach" not in words(page("overview"))
    with store.begin() as session:
        channels.failing(channels.find(session, channel.id), "No.", now())
    assert "Alerts don’t reach the channel **Ops**" in words(page("overview"))


def test_a_channel_is_removed(page: Page, store: Store, channel: ChannelRow):
    with store.begin() as session:
        row = channels.find(session, channel.id)
        channels.remove(session, operator(), row)
    assert team(store) == []
    assert not page("alerts").exception


def test_limits_and_the_heartbeat_are_changed_in_place(page: Page, words: Words, store: Store):
    app = page("alerts")
    app.button(key="change-limits").click().run()
    app.number_input(key="limit-size").set_value(50.0)
    app.button(key="limits-yes").click().run()
    app.button(key="change-heartbeat").click().run()
    app.text_input(key="beat-address").set_value("https://hc-ping.example/4f0c-secret")
    app.button(key="limits-yes").click().run()
    with store.begin() as session:
        assert alert_settings.limits(session).size == 50
        assert alert_settings.heartbeat_host(session) == "hc-ping.example"
    assert "4f0c-secret" not in words(page("alerts"))


def test_people_have_channels_of_their_own_in_their_account(
    page: Page, words: Words, cells: Words, store: Store, signed_in: Callable[..., None]
):
    signed_in(Role.viewer)
    app = page("account", view="channel")
    app.text_input(key="channel-name").set_value("Mine")
    app.text_input(key="channel-address").set_value(NOBODY)
    app.button(key="form-save").click().run()
    assert "A channel of your own is a mail address" in words(app)
    app.text_input(key="channel-address").set_value("me@example.com")
    app.button(key="form-save").click().run()
    assert not app.exception
    assert "me@example.com" in cells(page("account"))
    with store.begin() as session:
        account = accounts.find(session, Role.viewer.name)
        mine = channels.own(session, Person(account.name, Role.viewer, account.id))
    assert [row.name for row in mine] == ["Mine"]
