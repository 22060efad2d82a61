"""Channels of alerts as rows: of the team on the page Alerts, of a person in their account."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.access import Person
from core.alerts import channels as actions
from core.configuration.alerts import EVERY_REASON, WORDS, Reason
from core.errors import SegferryError
from core.store import channels
from core.store.tables.alerts import ChannelRow
from core.texts import _, many
from pages.ui import frame, kit, row_cells, rows
from pages.ui.rows import Column, Table
from pages.ui.words import ago, brief, plain, when

EDIT, REMOVE = _("Edit"), _("Remove")
SERVICES = {
    "mail": _("Your mail"),
    "mailto": _("Mail"),
    "mailtos": _("Mail"),
    "slack": "Slack",
    "workflow": "Microsoft Teams",
    "workflows": "Microsoft Teams",
    "msteams": "Microsoft Teams",
    "discord": "Discord",
    "tgram": "Telegram",
    "json": _("Webhook"),
    "jsons": _("Webhook"),
}


@dataclass(frozen=True, slots=True)
class ChannelItem:
    """A channel, and the names of the exports that it tells of; none where it tells of all."""

    row: ChannelRow
    exports: Sequence[str]


def items(is_own: bool, person: Person) -> list[ChannelItem]:
    """The team's channels, or this person's own."""
    with frame.store().begin() as session:
        found = channels.own(session, person) if is_own else channels.team(session)
        return [
            ChannelItem(row, [one.name for one in channels.exports_of(session, row)])
            for row in found
        ]


def draw(found: Sequence[ChannelItem]) -> None:
    """The rows, and below them what is wrong with those at which nothing arrives."""
    rows.draw_few(TABLE, found)
    for item in found:
        if item.row.failing_since:
            text = _("Nothing reaches **{name}** since {when}: {why}")
            st.warning(
                text.format(
                    name=plain(item.row.name),
                    when=when(item.row.failing_since),
                    why=plain(item.row.problem),
                ),
                icon=":material/notifications_off:",
            )


def _actions(item: ChannelItem) -> None:
    row = item.row
    name = plain(row.name)
    icon = ":material/send:"
    if st.button(
        _("Test {name}").format(name=name), icon=icon, key=f"try-{row.id}", type="tertiary"
    ):
        _test(row)
    label = _("More for {name}").format(name=name)
    icon = ":material/more_horiz:"
    chosen = st.menu_button(
        label, [EDIT, REMOVE], key=f"more-channel-{row.id}", type="tertiary", icon=icon
    )
    if chosen == EDIT:
        frame.stay(view="channel", channel=row.id)
    if chosen == REMOVE:
        text = _("Nothing more goes to **{name}**, and what waits to go there is dropped.")
        kit.confirm(
            _("Remove the channel?"),
            text.format(name=name),
            _("Remove channel"),
            partial(_remove, row.id),
            _("The channel is removed."),
        )


def _test(row: ChannelRow) -> None:
    """Shows what the service answered, in its words."""
    try:
        with st.spinner(_("Sending a test …")):
            service = actions.test(frame.store(), frame.guard(), row.id)
    except SegferryError as error:
        text = _("“{name}” did not take the test: {why}")
        frame.notify(text.format(name=row.name, why=error), failed=True)
    else:
        text = _("{service} took the test of “{name}”. Check that it arrived.")
        frame.notify(text.format(service=service, name=row.name))
    st.rerun()


def _remove(row_id: int, person: Person) -> None:
    actions.remove(frame.store(), person, row_id)


def _service(item: ChannelItem) -> str:
    row = item.row
    word = SERVICES.get(row.service, row.service)
    return row_cells.two(word, row.mail) if row.mail else row_cells.text(word)


def _tells(item: ChannelItem) -> str:
    reasons = [WORDS[Reason(one)] for one in item.row.reasons]
    of = ", ".join(item.exports) or _("all exports")
    if channels.tells_nothing(item.row):
        of = _("no export any more")
    if len(reasons) == len(EVERY_REASON):
        return row_cells.two(_("everything"), _("of {exports}").format(exports=of))
    n = many("{n} thing", "{n} things", len(reasons))
    shown = reasons[0] if len(reasons) == 1 else n
    return row_cells.two(shown, _("of {exports}").format(exports=of))


def _goes(item: ChannelItem) -> str:
    if item.row.digest_at is None:
        return row_cells.text(_("at once"))
    return row_cells.text(_("daily, {time}").format(time=item.row.digest_at))


def _status(item: ChannelItem) -> str:
    row = item.row
    if row.failing_since:
        why = _("since {ago}: {why}").format(ago=ago(row.failing_since), why=row.problem)
        return row_cells.badge("degraded", _("Not delivered"), why)
    if row.delivered_at is None:
        return row_cells.badge("never", _("Nothing sent yet"))
    word = _("Delivered")
    return row_cells.badge("done", word, _("last {when}").format(when=brief(row.delivered_at)))


TABLE: Table[ChannelItem] = Table(
    kind="channel",
    columns=(
        Column("service", _("Goes to"), _service, 150, wide=True),
        Column("tells", _("Tells of"), _tells),
        Column("goes", _("When"), _goes, 110, wide=True),
        Column("status", _("Status"), _status, 140),
    ),
    identity=lambda item: (item.row.id, item.row.name),
    link=lambda _item: None,
    actions=_actions,
    action_width=64,
)
