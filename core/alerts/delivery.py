"""Takes waiting messages to their channels, each until it is taken, or for a day at most.

It is recorded after it was taken: after a crash in between it goes out once more, and its number,
which stands in it, tells that it is the same.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from core.alerts import heartbeat, services
from core.alerts.services import NotTaken
from core.errors import Invalid
from core.store import Store, alert_settings, alerts, channels
from core.store.alerts import Item
from core.store.tables.alerts import AlertRow, ChannelRow
from core.texts import _, many

PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 180, 360))  # the last again and again
GIVEN_UP = timedelta(days=1)
BEATS = tuple(timedelta(seconds=n) for n in (10, 30, 60, 300))
BEATS_GIVEN_UP = timedelta(minutes=15)  # later it would tell nothing of the refresh any more
AT_ONCE = 4  # channels
LONGEST_TITLE = 200  # letters
Send = Callable[..., str]  # address, title, text, to=: as services.send
Ask = Callable[[str], str]


def deliver(
    store: Store,
    clock: Callable[[], datetime],
    send: Send = services.send,
    ask: Ask = heartbeat.ask,
) -> None:
    """Whatever is due goes out, each channel by itself: a slow one holds up no other.

    Raises StorageFailed; what a service answers is kept with its channel.
    """
    with store.begin() as session:
        items = alerts.due(session, clock())
    by_channel: dict[int | None, list[Item]] = defaultdict(list)
    for item in items:
        by_channel[item.delivery.channel_id].append(item)
    beats = by_channel.pop(None, [])
    jobs = [partial(_to_channel, store, some, clock, send) for some in by_channel.values()]
    jobs += [partial(_beat, store, item, clock, ask) for item in beats if item.delivery.heartbeat]
    if not jobs:
        return
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="alerts") as pool:
        for done in [pool.submit(job) for job in jobs]:
            done.result()


def try_out(store: Store, row: ChannelRow, send: Send = services.send) -> str:
    """Sends a message to try the channel; the service's name. Raises NotTaken, Invalid."""
    address, to = _place(store, row)
    text = _("This is a test of the channel “{name}”. There is nothing to do.")
    return send(address, _("Segferry: test"), text.format(name=row.name), to=to)


def _to_channel(
    store: Store, items: Sequence[Item], clock: Callable[[], datetime], send: Send
) -> None:
    """One message after the other, those of a digest as one, until one isn't taken."""
    channel = items[0].channel
    digest = [item for item in items if item.delivery.digest]
    each = [[item] for item in items if not item.delivery.digest]
    groups = [*each, *([digest] if digest else [])]
    for n, group in enumerate(groups):
        rows = [item.alert for item in group if item.alert]
        if channel is None or not rows:
            continue
        try:
            address, to = _place(store, channel)
            title, text = written(store, rows)
            send(address, title, text, to=to)
        except (NotTaken, Invalid) as error:
            left = [item for later in groups[n:] for item in later]
            _postpone(store, left, str(error), clock())
            return
        _settle(store, group, clock())


def written(store: Store, rows: Sequence[AlertRow]) -> tuple[str, str]:
    """The title and the text of one message, or of several as one."""
    if len(rows) == 1:
        title = _("Segferry: {title}").format(title=rows[0].title)
        return title[:LONGEST_TITLE], _written(store, rows[0])
    title = many("Segferry: {n} alert", "Segferry: {n} alerts", len(rows))
    return title, "\n\n".join(f"{row.title}\n{_written(store, row)}" for row in rows)


def _written(store: Store, row: AlertRow) -> str:
    """The text, where it leads, and the number by which a second copy is known."""
    number = _("Message {uid}").format(uid=row.uid)
    return f"{row.text}\n{place(store.settings.public_url, row.path)}\n{number}"


def place(public_url: str, path: str) -> str:
    """The address of a page, or where to find it as long as nobody has said where we are."""
    if public_url:
        return public_url.rstrip("/") + path
    text = _("In the dashboard: {path} (with SEGFERRY_PUBLIC_URL set, this is a link)")
    return text.format(path=path)


def _place(store: Store, row: ChannelRow) -> tuple[str, str | None]:
    """The address, and the recipient where it is a mail server's. Raises Invalid, NotTaken."""
    if not row.mail:
        return store.vault.unlock(row.address), None
    with store.begin() as session:
        server = channels.mail_server(session)
    if server is None:
        text = _(
            "There is no mail server: an administrator has to add a channel of the team that "
            "begins with mailtos://."
        )
        raise NotTaken(text)
    return store.vault.unlock(server.address), row.mail


def _settle(store: Store, group: Sequence[Item], now: datetime) -> None:
    with store.begin() as session:
        alerts.settle(session, [item.delivery.id for item in group], now)
        if group[0].channel and (row := channels.look_up(session, group[0].channel.id)):
            channels.delivered(row, now)
            session.add(row)


def _postpone(store: Store, items: Sequence[Item], answer: str, now: datetime) -> None:
    with store.begin() as session:
        due = [item.delivery for item in items if item.delivery.due_at <= now]
        for row in due:  # the others came only so that nothing overtakes them
            at = _again(row.tries, row.made_at, now, PAUSES, GIVEN_UP)
            alerts.postpone(session, row, answer, now, at)
        if items[0].channel and (row_now := channels.look_up(session, items[0].channel.id)):
            channels.failing(row_now, answer, now)
            session.add(row_now)


def _beat(store: Store, item: Item, clock: Callable[[], datetime], ask: Ask) -> None:
    with store.begin() as session:
        given = alert_settings.heartbeat(session, store.vault)
    row = item.delivery
    try:
        if given:
            failed = row.heartbeat == "failed"
            ask(alert_settings.failed_address(given) if failed else given.address)
    except NotTaken as error:
        now = clock()
        at = _again(row.tries, row.made_at, now, BEATS, BEATS_GIVEN_UP)
        with store.begin() as session:
            alerts.postpone(session, row, str(error), now, at)
        return
    _settle(store, [item], clock())


def _again(
    tries: int,
    since: datetime,
    now: datetime,
    pauses: Sequence[timedelta],
    given_up: timedelta,
) -> datetime | None:
    """When it is tried next; None once that would be too late."""
    at = now + pauses[min(tries, len(pauses) - 1)]
    return at if at - since <= given_up else None
