"""The form of a channel of alerts: where it goes, what it tells of, and when."""

from datetime import time

import streamlit as st

from core.access import Person
from core.alerts import channels as actions
from core.alerts.services import FOR_PEOPLE
from core.configuration.alerts import EVERY_REASON, WORDS, Channel, Reason
from core.store import channels, exports, preferences
from core.store.tables.alerts import ChannelRow
from core.texts import _
from pages.ui import forms, frame, kit
from pages.ui.words import named, plain

FORM = "channel"
MORNING = time(7, 0)
KEPT = "${KEPT}"  # stands for an address that is not changed
AT_ONCE, DAILY = "once", "daily"
WHEN = {AT_ONCE: _("At once"), DAILY: _("Once a day, together")}
EXAMPLES = (
    ("Slack", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"),
    ("Microsoft Teams", "workflows://server.logic.azure.com/WORKFLOW/SIGNATURE"),
    (_("Mail"), "mailtos://user:password@smtp.example.com?from=segferry@example.com&to=ops@…"),
    (_("Webhook"), "jsons://example.com/hooks/segferry"),
)


def show(person: Person, is_own: bool, back: str, title: str) -> None:
    """The form; `back` is the page, by its name, that it was opened from."""
    row = _row()
    kit.back(title, back)
    with kit.head(_("Edit channel") if row else _("New channel")):
        pass
    with frame.store().begin() as session:
        names = [one.name for one in exports.everything(session)]
        chosen = [one.name for one in channels.exports_of(session, row)] if row else []
        zone = preferences.refresh(session).time_zone
    with st.container(border=True, key="form-channel"):
        name, address = _where(row, is_own)
    with st.container(border=True, key="form-tells"):
        reasons, some = _what(row, names, chosen)
        digest = _when(row, zone)
    forms.rest(FORM, "name", "address")
    with st.container(**kit.ROW, horizontal_alignment="right", key="save-row"):
        if st.button(_("Cancel"), key="form-cancel", type="tertiary"):
            _leave(back)
        pressed = st.button(_("Save channel"), key="form-save", type="primary")
    if not pressed:
        return

    def save() -> None:
        spec = Channel(
            name=name, address=address or KEPT, reasons=reasons, exports=some, digest=digest
        )
        id = row.id if row else None
        actions.save(frame.store(), person, id, spec, address, is_own=is_own)

    if not forms.attempt(FORM, save):
        st.rerun()
    frame.notify(_("The channel is saved. Send a test to see that it arrives."))
    _leave(back)


def _row() -> ChannelRow | None:
    """The channel that the address names."""
    if not (wanted := frame.query("channel")):
        return None
    with kit.finding(), frame.store().begin() as session:
        id = named(wanted)
        return channels.find(session, id if isinstance(id, int) else 0)


def _where(row: ChannelRow | None, is_own: bool) -> tuple[str, str]:
    kit.section(_("Where it goes"))
    name = st.text_input(
        _("Name"), row.name if row else "", key=f"{FORM}-name", max_chars=120, required=True
    )
    forms.problem(FORM, "name")
    kept = _("Kept encrypted, never shown again.")
    address = st.text_input(
        _("Address"),
        row.mail or "" if row else "",
        type="default" if row and row.mail else "password",
        live=True,
        key=f"{FORM}-address",
        autocomplete="off",
        required=row is None,
        placeholder=_("Unchanged") if row and not row.mail else None,
        help=_own_help() if is_own else kept,
    )
    forms.problem(FORM, "address")
    if not is_own:
        with st.expander(_("Examples of addresses"), type="compact"):
            lines = [f"- {plain(service)}: `{example}`" for service, example in EXAMPLES]
            text = _("Apprise, which takes messages there, knows 130 services more.")
            st.markdown("\n".join([*lines, "", text]))
    return name or "", (address or "").strip()


def _own_help() -> str:
    text = _("Your mail address, or an address of one of these, kept encrypted: {services}.")
    return text.format(services=", ".join(sorted(FOR_PEOPLE)))


def _what(
    row: ChannelRow | None, names: list[str], chosen: list[str]
) -> tuple[list[Reason], list[str]]:
    kit.section(_("What it tells of"))
    reasons = st.multiselect(
        _("Reasons"),
        list(EVERY_REASON),
        _chosen(row),
        format_func=WORDS.__getitem__,
        key=f"{FORM}-reasons",
        placeholder=_("Everything"),
    )
    some = st.multiselect(
        _("Exports"), names, chosen, key=f"{FORM}-exports", placeholder=_("All exports")
    )
    return reasons or list(EVERY_REASON), some


def _chosen(row: ChannelRow | None) -> list[Reason]:
    """Nothing is chosen of a channel that tells of everything."""
    found = [Reason(one) for one in row.reasons] if row else list(EVERY_REASON)
    return [] if len(found) == len(EVERY_REASON) else found


def _when(row: ChannelRow | None, zone: str) -> str | None:
    digest = row.digest_at if row else None
    choice = st.radio(
        _("When"),
        list(WHEN),
        1 if digest else 0,
        format_func=WHEN.__getitem__,
        horizontal=True,
        key=f"{FORM}-when",
    )
    if choice == AT_ONCE:
        return None
    at = time.fromisoformat(digest) if digest else MORNING
    label = _("Time ({zone})").format(zone=zone)
    chosen = st.time_input(label, at, key=f"{FORM}-time", width=200)
    return f"{chosen or at:%H:%M}"


def _leave(back: str) -> None:
    forms.forget(FORM)
    st.query_params.clear()
    frame.go(back)
