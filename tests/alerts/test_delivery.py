"""How messages arrive: at a real webhook, by a real mail server, tried again, and after a kill."""

import signal
from datetime import timedelta

import httpx
import pytest

from core.access import Person, Role
from core.alerts import delivery, heartbeat, services
from core.alerts.services import NotTaken
from core.configuration.alerts import Channel, Heartbeat
from core.errors import Invalid
from core.settings import Settings
from core.store import (
    Store,
    accounts,
    alert_settings,
    alerts,
    channels,
    connections,
    open_store,
    rotation,
)
from core.store.tables.alerts import Delivery, DeliveryStatus
from core.store.tables.runs import RunStatus
from core.store.vault import Vault, renewed
from tests.alerts import processes
from tests.alerts.conftest import Clock, Mailbox, Receiver, messages, ran
from tests.alerts.test_watch import claim
from tests.conftest import ADA
from tests.programs import FORKING

pytestmark = pytest.mark.usefixtures("export")


def waiting(store: Store) -> list[Delivery]:
    with store.begin() as session:
        return [one.delivery for one in alerts.due(session, Clock()() + timedelta(days=400))]


def of_newest(store: Store) -> Delivery:
    with store.begin() as session:
        row = messages(store)[0]
        return alerts.deliveries(session, [row.id])[row.id][0][0]


def test_a_webhook_gets_the_message_with_its_number_and_where_it_leads(
    store: Store, clock: Clock, receiver: Receiver, subscribed
):
    subscribed()
    run = ran(store, RunStatus.failed, clock, error="The key isn't accepted.")
    delivery.deliver(store, clock)
    [(method, path, body)] = receiver.got
    assert (method, path) == ("POST", "/hooks/s3cr3t-token")
    assert body["title"] == "Segferry: “Newsletter” failed"
    uid = messages(store)[0].uid
    assert body["message"].splitlines()[1:] == [
        f"In the dashboard: /history?run={run.id} (with SEGFERRY_PUBLIC_URL set, this is a link)",
        f"Message {uid}",
    ]
    delivery.deliver(store, clock)
    assert len(receiver.got) == 1
    assert of_newest(store).status == DeliveryStatus.sent


def test_a_link_opens_the_place_where_the_address_of_the_installation_is_known():
    place = delivery.place("https://segferry.example.com/", "/history?run=7")
    assert place == "https://segferry.example.com/history?run=7"


def test_mail_goes_to_the_team_and_to_a_person_by_the_same_server(
    store: Store, clock: Clock, mailbox: Mailbox, subscribed
):
    subscribed(address=mailbox.channel)
    with store.begin() as session:
        account = accounts.add(session, ADA, "Vera", Role.viewer)
        vera = Person("Vera", Role.viewer, account.id)
        spec = Channel(name="Mine", address="vera@example.com")
        channels.add(session, store.vault, vera, spec, address=spec.address, is_own=True)
    ran(store, RunStatus.failed, clock)
    delivery.deliver(store, clock)
    assert sorted(to for [to], _message in mailbox.got) == ["ops@example.com", "vera@example.com"]
    for _to, message in mailbox.got:
        assert message["Subject"] == "Segferry: “Newsletter” failed"
        assert message["From"].addresses[0].addr_spec == "segferry@example.com"
        assert "Open it; “Retry” sends" in message.get_body().get_content()


def test_own_mail_without_a_mail_server_says_what_is_missing(store: Store, clock: Clock):
    with store.begin() as session:
        account = accounts.add(session, ADA, "Vera", Role.viewer)
        vera = Person("Vera", Role.viewer, account.id)
        spec = Channel(name="Mine", address="vera@example.com")
        row = channels.add(session, store.vault, vera, spec, address=spec.address, is_own=True)
    with pytest.raises(NotTaken, match="There is no mail server"):
        delivery.try_out(store, row)


def test_what_is_refused_is_tried_again_with_growing_pauses_for_a_day_then_shown(
    store: Store, clock: Clock, receiver: Receiver, subscribed
):
    row = subscribed()
    receiver.status = 503
    ran(store, RunStatus.failed, clock)
    begun, tries = clock(), []
    while waiting(store):
        delivery.deliver(store, clock)
        tries.append((clock() - begun).total_seconds() / 60)
        with store.begin() as session:
            clock.at = alerts.next_due(session) or clock.at
    assert tries[:6] == [0, 1, 6, 21, 81, 261]
    assert max(tries) <= 24 * 60
    assert of_newest(store).status == DeliveryStatus.failed
    with store.begin() as session:
        [failing] = channels.failing_rows(session, ADA)
    assert failing.id == row.id
    assert failing.problem == of_newest(store).answer
    assert "error=503" in (failing.problem or "")


def test_a_channel_that_works_again_gets_what_waited_in_order(
    store: Store, clock: Clock, receiver: Receiver, subscribed
):
    subscribed()
    receiver.status = 500
    ran(store, RunStatus.failed, clock)
    ran(store, RunStatus.succeeded, clock)
    delivery.deliver(store, clock)
    assert len(receiver.got) == 1  # the second waits behind the first one
    receiver.status, receiver.got = 200, []
    clock.passes(minutes=2)
    delivery.deliver(store, clock)
    titles = [body["title"] for _method, _path, body in receiver.got]
    assert titles == ["Segferry: “Newsletter” failed", "Segferry: “Newsletter” works again"]
    with store.begin() as session:
        assert channels.failing_rows(session, ADA) == []


def test_no_later_message_overtakes_one_that_waits(
    store: Store, clock: Clock, receiver: Receiver, subscribed
):
    subscribed()
    receiver.status = 500
    ran(store, RunStatus.failed, clock, seconds=1)
    delivery.deliver(store, clock)
    [first] = waiting(store)
    ran(store, RunStatus.succeeded, clock, seconds=1)  # before the first is due again
    delivery.deliver(store, clock)
    assert receiver.titles == ["“Newsletter” failed"] * 2  # the later one waits behind it
    assert (waiting(store)[0].due_at, waiting(store)[0].tries) == (first.due_at, 1)
    receiver.status, receiver.got = 200, []
    ran(store, RunStatus.failed, clock, seconds=1)
    delivery.deliver(store, clock)
    failed, again = "“Newsletter” failed", "“Newsletter” works again"
    assert receiver.titles == [failed, again, failed]


def test_one_channel_that_fails_holds_up_no_other(
    store: Store, clock: Clock, receiver: Receiver, subscribed
):
    subscribed(address="json://127.0.0.1:1/nobody", name="Broken")
    subscribed(name="Works")
    ran(store, RunStatus.failed, clock)
    delivery.deliver(store, clock)
    assert len(receiver.got) == 1


def test_a_digest_is_one_message(store: Store, clock: Clock, receiver: Receiver, subscribed):
    subscribed(digest="07:30")
    ran(store, RunStatus.failed, clock)
    ran(store, RunStatus.succeeded, clock)
    delivery.deliver(store, clock)
    assert receiver.got == []
    clock.passes(days=1)
    delivery.deliver(store, clock)
    [(_method, _path, body)] = receiver.got
    assert body["title"] == "Segferry: 2 alerts"
    assert "“Newsletter” failed" in body["message"]
    assert "“Newsletter” works again" in body["message"]
    assert waiting(store) == []


def test_an_answer_is_shown_without_the_secrets_of_the_address(
    store: Store, receiver: Receiver, subscribed
):
    receiver.status, receiver.answer = 403, "s3cr3t-token may not post here"
    row = subscribed()
    with pytest.raises(NotTaken) as refused:
        delivery.try_out(store, row)
    assert "403" in str(refused.value)
    assert "may not post here" in str(refused.value)
    assert "s3cr3t" not in str(refused.value)
    assert row.address not in receiver.channel
    assert "s3cr3t" not in repr(row)


def test_the_host_of_an_address_is_shown_and_a_token_in_its_place_is_not():
    said = "No answer from smtp.example.com for ops and T1JJ3T3L2"
    mail = "mailtos://ops:pa55word@smtp.example.com:587?to=ops@example.com"
    assert "smtp.example.com" in services.redacted(said, [mail])
    assert "T1JJ3T3L2" not in services.redacted(said, ["slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnl"])


def test_a_mail_servers_refusal_is_shown_in_its_words(mailbox: Mailbox):
    mailbox.refusal = "554 no spam here"
    with pytest.raises(NotTaken, match="no spam here"):
        services.send(mailbox.channel, "Title", "Text")


@pytest.mark.parametrize(
    "address", ["nonsense", "syslog://", "dbus://", "nobody-knows://host/path", "x" * 3000]
)
def test_an_address_that_leads_nowhere_is_refused_and_not_quoted(address: str):
    with pytest.raises(Invalid) as refused:
        services.check(address)
    assert address not in str(refused.value)


@pytest.mark.parametrize(
    "address", ["json://169.254.169.254/latest", "mailto://u:p@10.0.0.1", "not a mail address"]
)
def test_own_channels_reach_no_server_of_ones_choice(address: str):
    with pytest.raises(Invalid):
        services.check_own(address)


@pytest.mark.parametrize("address", ["me@example.com", "discord://4174216298/JHMHI8qBe7bk2ZwO5U7"])
def test_own_channels_are_mail_and_services_at_fixed_addresses(address: str):
    services.check_own(address)


def test_a_heartbeat_follows_each_refresh_and_says_whether_it_failed(
    store: Store, clock: Clock, receiver: Receiver
):
    beat = Heartbeat(address=f"{receiver.url}/ping/s3cr3t")
    with store.begin() as session:
        alert_settings.change_heartbeat(session, store.vault, ADA, beat)
    ran(store, RunStatus.succeeded, clock)  # a look
    for n, outcome in enumerate(("ran", "failed", "missed")):
        claim(store, outcome, clock() + timedelta(days=n))
        ran(store, RunStatus.succeeded, clock)
        delivery.deliver(store, clock)
    asked = [(method, path) for method, path, _body in receiver.got]
    assert asked == [("GET", "/ping/s3cr3t"), ("GET", "/ping/s3cr3t/fail")]


def test_a_heartbeat_that_is_not_heard_is_soon_given_up(
    store: Store, clock: Clock, receiver: Receiver
):
    beat = Heartbeat(address=f"{receiver.url}/s3cr3t")
    receiver.status, receiver.answer = 404, "no check s3cr3t"
    with store.begin() as session:
        alert_settings.change_heartbeat(session, store.vault, ADA, beat)
        alerts.beat(session, "ran", clock())
    begun = clock()
    while waiting(store):
        delivery.deliver(store, clock)
        with store.begin() as session:
            clock.at = alerts.next_due(session) or clock.at
    with store.begin() as session:
        last = alerts.last_beat(session)
    assert clock() - begun <= delivery.BEATS_GIVEN_UP
    assert last.answer == "It answered with status 404: no check •••"


def test_a_heartbeat_follows_no_redirect_and_reads_no_more_than_it_shows(receiver: Receiver):
    receiver.status = 302
    with pytest.raises(NotTaken, match="status 302"):
        heartbeat.ask(f"{receiver.url}/ping")
    assert [path for _method, path, _body in receiver.got] == ["/ping"]
    read: list[int] = []

    def endless():
        while True:
            read.append(1)
            yield b"x" * 1000

    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=endless()))
    assert len(heartbeat.ask("https://example.com/ping", transport)) <= services.LONGEST
    assert len(read) < 5


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.com", "example.com", "x"])
def test_a_heartbeat_is_an_address_of_the_web(store: Store, address: str):
    beat = Heartbeat(address=address)
    with store.begin() as session, pytest.raises(Invalid, match="begins with https"):
        alert_settings.change_heartbeat(session, store.vault, ADA, beat)


def test_another_key_reads_the_addresses_and_the_old_one_no_longer(store: Store, subscribed):
    row, new = subscribed(), renewed(store.vault)
    beat = Heartbeat(address="https://example.com/ping", failed="https://example.com/fail")
    with store.begin() as session:
        alert_settings.change_heartbeat(session, store.vault, ADA, beat)
    with store.begin() as session:
        n = rotation.relock(session, ADA, store.vault, new)
        assert n == 3 + len(connections.everything(session))
    alone = Vault(new.key)
    with store.begin() as session:
        channel = channels.find(session, row.id)
        assert channels.address_of(alone, channel).endswith("/hooks/s3cr3t-token")
        assert alert_settings.heartbeat(session, alone) == beat


def test_a_kill_between_a_message_and_its_record_loses_none_and_doubles_it_under_one_number(
    store: Store, settings: Settings, clock: Clock, receiver: Receiver, subscribed
):
    subscribed()
    ran(store, RunStatus.failed, clock)
    process = FORKING.Process(target=processes.deliver, args=(settings.home,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert len(receiver.got) == 1
    again = open_store(settings)
    delivery.deliver(again, clock)
    delivery.deliver(again, clock)
    again.close()
    numbers = [body["message"].splitlines()[-1] for _method, _path, body in receiver.got]
    assert numbers == [f"Message {messages(store)[0].uid}"] * 2
