"""Tries an export on one person: first the body, then a run of only them, then the answer."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from core.access import Person
from core.configuration.export import Mode
from core.destinations import Known
from core.destinations.capabilities import Capabilities
from core.destinations.register import kind_of
from core.errors import Invalid, SegferryError
from core.preview import one_person
from core.preview.one_person import Answer, Shown
from core.runs.reasons import reason_words, warning_words
from core.store import exports, runs
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import ENDED, Run
from core.texts import _
from pages.runs import live, standing
from pages.runs.cached import CachedPreview
from pages.ui import forms, frame, kit
from pages.ui.words import plain

ON_LIST = {
    True: f":green[:material/check_circle:] {_('On the list')}",
    False: ":orange[:material/hourglass_top:] "
    + _(
        "Not on the list. With double opt-in they join once they confirm by email; "
        "otherwise {destination} may need a few more minutes."
    ),
}


def show(person: Person, row: ExportRow, connection: ConnectionRow, preview: CachedPreview) -> None:
    """The card; for those who may run the export and see whole addresses."""
    key = f"try-{row.id}"
    with st.container(border=True, key="try"):
        kit.section(_("Try it on one person"), _("nothing is sent before you confirm"))
        if typed := _address(key):
            forms.attempt(key, partial(_look, key, person, row, preview, typed[0]))
        forms.problem(key, "email")
        forms.rest(key, "email")
        order, shown = st.session_state.get(f"{key}-shown") or (None, None)
        if shown and order == preview.order:  # else it would be sent differently by now
            _shown(key, row, connection, shown)
        if run_id := st.session_state.get(f"{key}-run"):
            with frame.show_errors():
                _follow(key, person, run_id)


def _address(key: str) -> tuple[str] | None:
    """What was typed, once it is submitted; the field keeps it."""
    with (
        st.form(key, border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        typed = st.text_input(_("Email address of a member"), key=f"{key}-email", width=360)
        pressed = st.form_submit_button(_("Show"), icon=":material/visibility:", key=f"{key}-show")
    return (typed,) if pressed else None


def _look(key: str, person: Person, row: ExportRow, preview: CachedPreview, typed: str) -> None:
    for former in ("shown", "run", "answer"):
        st.session_state.pop(f"{key}-{former}", None)
    if not typed.strip():
        raise Invalid(_("Type the address of somebody in the segments."), "email")
    with st.spinner(_("Looking for this person in the source…")):
        found = one_person.show(frame.store(), person, row.id or 0, typed)
    st.session_state[f"{key}-shown"] = preview.order, found


def _shown(key: str, row: ExportRow, connection: ConnectionRow, shown: Shown) -> None:
    """The body, and the button that sends it; or why it would not be sent."""
    if shown.body is None:
        why, there = shown.reason or "", kind_of(connection.type).capabilities
        text = _("**{reason}.** {cure}.")
        text = text.format(reason=standing.reason(why, there), cure=standing.remedy(why, there))
        st.warning(text, title=_("This person would not be sent"), icon=":material/block:")
        return
    st.markdown(f"**{_('The profile as it would be sent')}**")
    _json(shown.body)
    if shown.clear:
        text = _("Cleared in {destination}: {fields}.")
        title = kind_of(connection.type).title
        fields = ", ".join(map(plain, shown.clear))
        st.markdown(text.format(destination=title, fields=fields))
    for kind in shown.warnings:
        st.markdown(f":small[:gray[:material/info: {plain(warning_words(kind, 1))}]]")
    label = _("Send only this one")
    busy = bool(live.under_way(row.id))
    if st.button(label, icon=":material/send:", key=f"{key}-send", disabled=busy):
        _confirm(key, row, connection, shown.email, label)


def _confirm(key: str, row: ExportRow, connection: ConnectionRow, email: str, label: str) -> None:
    kit.confirm(
        _("Send this one person?"),
        _consequences(row, connection, email),
        label,
        partial(_send, key, row.id or 0, email),
        otherwise=_("Cancel"),
    )


def _consequences(row: ExportRow, connection: ConnectionRow, email: str) -> str:
    """What sending them will do, naming person, account and list."""
    account = connection.account_name or connection.name
    text = _("One profile, **{email}**, is written to the {destination} account **{account}**.")
    title = kind_of(connection.type).title
    written = text.format(email=plain(email), destination=title, account=plain(account))
    with frame.store().begin() as session:
        joins = exports.spec(session, row).mode is not Mode.update
    if not joins:
        return f"{written} {_('It joins no list. Nobody else is sent.')}"
    text = _(
        "It joins the list **{list}**: at once, or with double opt-in once the person "
        "confirms by email. Flows that this list triggers may email this person. Nobody "
        "else is sent."
    )
    return f"{written} {text.format(list=plain(row.list_name or row.list_id))}"


def _send(key: str, export_id: int, email: str, person: Person) -> None:
    """Asks for the run; what is wrong stands in the card."""

    def send() -> None:
        run = one_person.send(frame.store(), person, export_id, email)
        st.session_state.pop(f"{key}-answer", None)
        st.session_state[f"{key}-run"] = run.id

    forms.attempt(key, send)


def _follow(key: str, person: Person, run_id: int) -> None:
    """The run while it is under way; then its result, read once."""
    run = _run(run_id)
    if run.status in standing.BUSY:
        st.fragment(_wait, run_every=live.TICK)(run_id)
        return
    answer_key = f"{key}-answer"
    answer = st.session_state.get(answer_key) or _read(person, run)
    if run.status in ENDED:  # each look costs requests, and a failed one time
        st.session_state[answer_key] = answer
    _answer(answer_key, *answer)


def _read(person: Person, run: Run) -> tuple[Answer, str | None]:
    """The answer; where the profile can't be read back, the run alone, and why."""
    destination = run.order.capabilities
    try:
        text = _("Reading the profile back from {destination}…")
        with st.spinner(text.format(destination=destination.title)):
            return one_person.answer(frame.store(), person, run.id or 0), None
    except SegferryError as error:
        return Answer(run.id or 0, run.status, destination), str(error)


def _wait(run_id: int) -> None:
    """Draws the whole page again once the run is no longer under way."""
    frame.guard()
    with frame.show_errors():
        run = _run(run_id)
        if run.status not in standing.BUSY:
            st.rerun()
        st.markdown(f"{kit.badge_md(run.status)} &nbsp; {live.progress_text(run)}")


def _run(run_id: int) -> Run:
    with frame.store().begin() as session:
        return runs.find(session, run_id)


def _answer(key: str, answer: Answer, problem: str | None) -> None:
    """How it went, in the destination's words where it has any, and the profile as it is now."""
    with st.container(**kit.ROW, horizontal_alignment="distribute"):
        text = _("Run {n}, of this person only").format(n=answer.run)
        st.markdown(f"{kit.badge_md(answer.status)} &nbsp; {text}", width="content")
        if answer.status in ENDED and st.button(
            _("Look again"), icon=":material/refresh:", type="tertiary", key=f"{key}-again"
        ):
            st.session_state.pop(key)
            st.rerun()
    if words := answer.words:
        known = reason_words(words, answer.destination)
        st.warning(plain(known[0] if known else words))
    if problem:
        st.error(plain(problem), icon=":material/error:")
    elif answer.status in ENDED:
        _profile(answer)


def _profile(answer: Answer) -> None:
    title = answer.destination.title
    if answer.on_list is not None:
        st.markdown(ON_LIST[answer.on_list].format(destination=title))
    if answer.known is None:
        text = _("{destination} has no profile with this address.")
        st.markdown(f":gray[{text.format(destination=title)}]")
        return
    st.markdown(_email(answer.destination, answer.known))
    text = _("The profile in {destination} now")
    st.markdown(f"**{text.format(destination=title)}**")
    _json(_filled(answer.profile or {}))


def _email(destination: Capabilities, known: Known) -> str:
    """What the destination says of mails to this person."""
    can = _("Can receive email") if known.can_receive else _("Can’t receive email")
    word = destination.consents.get(known.consent)
    consent = word.words if word else plain(known.consent)
    reasons = [destination.suppressions.get(why) or plain(why) for why in known.suppressions]
    return f":material/mail: {can}: {', '.join([consent, *reasons])}"


def _json(value: Mapping[str, Any]) -> None:
    # Without colours: on a light page they are too pale to read.
    st.code(json.dumps(value, ensure_ascii=False, indent=2), None)


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty: a destination may name every field that a profile could have."""
    nested = {k: _filled(v) if isinstance(v, Mapping) else v for k, v in fields.items()}
    return {k: v for k, v in nested.items() if v is not None and v != {}}
