"""Alerts: where they go, from when on something is worth one, and what was said."""

import streamlit as st

from core.access import Person, Role
from core.texts import _
from pages.alerts import limits, messages
from pages.runs import channel_form, channels
from pages.ui import frame, kit

TITLE = _("Alerts")


def everything(person: Person) -> None:
    """All of it on one page."""
    text = _("One message when something goes wrong, and one when it works again.")
    found = channels.items(False, person)
    with kit.head(TITLE, text):
        label, icon = _("New channel"), ":material/add:"
        if found and st.button(label, icon=icon, type="primary", key="new"):
            frame.stay(view="channel")
    if found:
        with st.container(border=True, gap="small", key="channels"):
            kit.section(_("Channels of the team"), _("people have their own in their account"))
            channels.draw(found)
    else:
        text = _("Mail, Slack, Teams, a webhook: add one, and send a test.")
        if kit.empty("notifications", _("No channel yet"), text, _("New channel")):
            frame.stay(view="channel")
    limits.show()
    messages.show()


person = frame.guard(Role.administrator)
if frame.query("view") == "channel":
    channel_form.show(person, False, "alerts", TITLE)
else:
    everything(person)
