"""What was said: the newest messages, each with what came of its deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from core.store import alerts
from core.store.tables.alerts import AlertRow, ChannelRow, Delivery, DeliveryStatus
from core.texts import _, many
from pages.ui import frame, kit, row_cells, rows
from pages.ui.links import Link
from pages.ui.rows import Column, Table
from pages.ui.words import brief, when

PAGE = 15  # messages
PLACES = {"/export": "preview", "/history": "history", "/connections": "connections"}


@dataclass(frozen=True, slots=True)
class MessageItem:
    """A message, and where it went."""

    row: AlertRow
    deliveries: Sequence[tuple[Delivery, ChannelRow]]

    def having(self, status: DeliveryStatus) -> list[tuple[Delivery, ChannelRow]]:
        """The deliveries of this status."""
        return [one for one in self.deliveries if one[0].status == status]


def show() -> None:
    """The card."""
    with st.container(border=True, gap="small", key="messages"):
        kit.section(_("Recent alerts"), _("kept for {n} days").format(n=alerts.KEPT.days))
        with frame.store().begin() as session:
            n = alerts.how_many(session)
            first, last = kit.paged(n, rows.page_key(TABLE), PAGE)
            found = alerts.newest(session, last - first, first)
            went = alerts.deliveries(session, [row.id for row in found])
        if found:
            rows.draw_page(TABLE, [MessageItem(row, went[row.id]) for row in found], n, PAGE)
        else:
            st.markdown(f":gray[{_('There was nothing to tell yet.')}]")


def _link(item: MessageItem) -> Link | None:
    parts = urlsplit(item.row.path)
    page = PLACES.get(parts.path, "schedules")
    return Link(item.row.title, page, dict(parse_qsl(parts.query)))


def _text(item: MessageItem) -> str:
    return row_cells.clamped(item.row.text)


def _at(item: MessageItem) -> str:
    return row_cells.text(brief(item.row.at), gray=True, whole=when(item.row.at))


def _went(item: MessageItem) -> str:
    for status, badge, words in (
        (DeliveryStatus.failed, "degraded", _("Not delivered")),
        (DeliveryStatus.waiting, "due", _("Waiting")),
    ):
        if some := item.having(status):
            whole = "; ".join(f"{channel.name}: {one.answer or '—'}" for one, channel in some)
            return row_cells.badge(badge, words, whole)
    if not item.deliveries:
        return row_cells.text(_("no channel"), gray=True)
    names = ", ".join(channel.name for _one, channel in item.deliveries)
    n = len(item.deliveries)
    return row_cells.badge("done", many("{n} channel", "{n} channels", n), names)


TABLE: Table[MessageItem] = Table(
    kind="message",
    columns=(
        Column("text", _("What it says"), _text, wide=True),
        Column("at", _("When"), _at, 96),
        Column("went", _("Delivered to"), _went, 134),
    ),
    identity=lambda item: (item.row.id, item.row.title),
    link=_link,
    name_title=_("Alert"),
    name_width=260,
    sorts=(),
)
