"""The common refresh: its schedule in words, its next time, and running it now."""

from datetime import UTC, datetime

import streamlit as st

from core.access import Action, Person, may
from core.configuration import calendar
from core.configuration.schedule import RefreshCron, RefreshSchedule
from core.runs import scheduler
from core.texts import _, many
from pages.runs.schedule_form import DOWNTIME
from pages.runs.schedule_row import draw_next_time
from pages.ui import frame, kit
from pages.ui.words import plain

Refresh = RefreshSchedule | RefreshCron


def card(person: Person, refresh: Refresh, now: datetime) -> None:
    """The common refresh, with the way to change it for those who may."""
    with st.container(border=True, gap="small", key="refresh"):
        kit.section(
            _("Refresh schedule"),
            _("reads sources, recounts segments, runs the exports that follow it"),
        )
        with st.container(**kit.ROW, gap="xsmall"):
            text = DOWNTIME[refresh.after_downtime]
            second = _("If the server was down: {what}").format(what=text.lower())
            kit.named(calendar.in_words(refresh), second, 380)
            with st.container(width=126):
                kit.badge("active" if refresh.active else "off")
            draw_next_time(calendar.next_slot(refresh, now) if refresh.active else None)
            with st.container(horizontal=True, horizontal_alignment="right"):
                verb = _("Change") if refresh.active else _("Set up")
                label = kit.named_button(verb, _("the refresh schedule"))
                if may(person, Action.configure) and st.button(label, key="change-refresh"):
                    frame.stay(view="refresh")


def confirm(followers: list[str], destinations: list[str]) -> None:
    """Asks before everything is read, and sent by `followers`, the exports that would run."""
    text = _("Every source that segments use is read again, and its segments are recounted.")
    if followers:
        names = ", ".join(f"**{plain(name)}**" for name in followers)
        text += " " + many(
            "Then {n} export runs, and sends to {destinations}: {names}.",
            "Then {n} exports run, and send to {destinations}: {names}.",
            len(followers),
            destinations=", ".join(destinations),
            names=names,
        )
    kit.confirm(
        _("Refresh now?"), text, _("Refresh now"), _refresh, _("The refresh starts in a moment.")
    )


def _refresh(person: Person) -> None:
    with frame.store().begin() as session:
        scheduler.refresh_now(session, person, datetime.now(UTC))
