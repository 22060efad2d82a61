"""From when on something is worth an alert, and the heartbeat, each changed in a dialog."""

from functools import partial

import streamlit as st

from core.access import Person, Role
from core.configuration.alerts import Heartbeat, Limits
from core.store import alert_settings, alerts
from core.store.tables.alerts import Delivery, DeliveryStatus
from core.texts import _
from pages.ui import facts, forms, frame, kit
from pages.ui.words import when

REJECTED, SIZE, SLOW = "limit-rejected", "limit-size", "limit-slow"  # keys of fields
BEAT, FAILED = "beat-address", "beat-failed"


def show() -> None:
    """Both cards."""
    with frame.store().begin() as session:
        limits = alert_settings.limits(session)
        host, last = alert_settings.heartbeat_host(session), alerts.last_beat(session)
    with st.container(border=True, gap="small", key="limits"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(_("Limits"), anchor=False, width="content")
            if st.button(_("Change limits"), key="change-limits"):
                _ask_limits(limits)
        facts.draw(
            {
                _("Profiles rejected"): (_("more than {n} %").format(n=f"{limits.rejected:g}"), ""),
                _("Size of an export"): (
                    _("changed by more than {n} %").format(n=f"{limits.size:g}"),
                    _("against the run before"),
                ),
                _("Duration of a run"): (
                    _("more than {n} times the median").format(n=f"{limits.slow:g}"),
                    _("of the 20 runs before"),
                ),
            }
        )
    with st.container(border=True, gap="small", key="heartbeat"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(_("Heartbeat"), anchor=False, width="content")
            label = _("Change heartbeat") if host else _("Set up heartbeat")
            if st.button(label, key="change-heartbeat"):
                _ask_heartbeat(host)
        text = _("After each refresh an address is called, so that a monitor notices silence.")
        st.markdown(f":small[:gray[{text}]]")
        if host:
            facts.draw({_("Called at"): (host, ""), _("Last call"): _last(last)})


def _last(last: Delivery | None) -> tuple[str, str]:
    """What came of it, and when."""
    if last is None:
        return _("none yet"), _("the next refresh makes one")
    words = {
        DeliveryStatus.sent: _("heard"),
        DeliveryStatus.waiting: _("being tried"),
        DeliveryStatus.failed: _("not heard"),
    }
    return words[DeliveryStatus(last.status)], f"{when(last.made_at)} {last.answer or ''}".strip()


@st.dialog(_("Limits"))
def _ask_limits(limits: Limits) -> None:
    frame.guard(Role.administrator)
    st.number_input(_("Profiles rejected, in %"), 0.1, 100.0, float(limits.rejected), key=REJECTED)
    st.number_input(_("Change of size, in %"), 1.0, 10_000.0, float(limits.size), key=SIZE)
    st.number_input(_("Times as long as usual"), 1.1, 1_000.0, float(limits.slow), key=SLOW)
    done = _("The limits are changed.")
    _decide(_("Save limits"), partial(_keep_limits), done)


def _keep_limits(person: Person) -> None:
    typed = st.session_state
    chosen = Limits(rejected=typed[REJECTED], size=typed[SIZE], slow=typed[SLOW])
    with frame.store().begin() as session:
        alert_settings.change_limits(session, person, chosen)


@st.dialog(_("Heartbeat"))
def _ask_heartbeat(host: str | None) -> None:
    frame.guard(Role.administrator)
    help = _("Such as https://hc-ping.com/… of healthchecks.io; kept encrypted, never shown again.")
    forms.secret(
        _("Address"),
        key=BEAT,
        autocomplete="off",
        help=help,
        required=True,
    )
    help = _("Empty: the address with /fail at its end.")
    forms.secret(
        _("After a failed refresh"),
        key=FAILED,
        autocomplete="off",
        help=help,
    )
    if host:
        _decide(_("Switch off"), _switch_off, _("The heartbeat is off."), "beat-off", "tertiary")
    _decide(_("Save heartbeat"), _keep_heartbeat, _("The heartbeat is saved."))


def _keep_heartbeat(person: Person) -> None:
    address, failed = ((st.session_state[key] or "").strip() for key in (BEAT, FAILED))
    chosen = Heartbeat.model_construct(address=address, failed=failed or None)
    store = frame.store()
    with store.begin() as session:
        alert_settings.change_heartbeat(session, store.vault, person, chosen)


def _switch_off(person: Person) -> None:
    store = frame.store()
    with store.begin() as session:
        alert_settings.change_heartbeat(session, store.vault, person, None)


def _decide(
    label: str, action: object, done: str, key: str = "limits-yes", kind: str = "primary"
) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(label, key=key, type=kind, on_click=frame.pressed, args=(action, done)):
            st.rerun()
