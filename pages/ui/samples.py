"""Demo content: to be loaded, followed while that is done, and removed; for administrators."""

import streamlit as st

from core.access import Action, Person, may
from core.server.demo import loading, removal
from core.server.demo.removal import Removal, Stays
from core.store import samples
from core.store.runtime import LongWork
from core.texts import _, many
from pages.ui import frame, kit, long_work
from pages.ui.words import plain

ABOUT = _(
    "Sample profiles, five segments, three exports and a month of their runs, sent to a sandbox "
    "beside the dashboard. Nothing leaves this machine; you can remove all of it again."
)
KINDS = {
    "export": _("Export"),
    "segment": _("Segment"),
    "source": _("Source"),
    "connection": _("Connection"),
    "run": _("Run"),
}


def card(person: Person) -> None:
    """Whatever can be done about it now; nothing for those who may not."""
    if not follow(person) and not offer_removal(person) and may(person, Action.configure):
        _offer()


def follow(person: Person) -> bool:
    """How far the loading is, while it goes on; whether it does."""
    is_loading = long_work.is_going_on(_work())
    if is_loading and may(person, Action.configure):
        long_work.follow("demo", _("Loading demo content"), _work, _cancel)
    return is_loading


def offer_removal(person: Person) -> bool:
    """Says what samples are, where there are any; whether there are."""
    with frame.store().begin() as session:
        are_there = samples.are_there(session)
    if are_there and may(person, Action.configure):
        _offer_removal()
    return are_there


def _offer() -> None:
    with st.container(border=True, key="demo"):
        kit.section(_("Look around in the sandbox first"))
        st.markdown(f":gray[{ABOUT}]")
        long_work.say_problem(_work())
        st.button(
            _("Load demo content"),
            icon=":material/science:",
            key="demo-load",
            on_click=frame.pressed,
            args=(_load,),
        )


def _offer_removal() -> None:
    with st.container(**kit.ROW, border=True, horizontal_alignment="distribute", key="demo"):
        text = _("The demo made what is marked as a sample.")
        st.markdown(f"{kit.badge_md('sample')} :gray[{text}]", width="content")
        if st.button(_("Remove samples"), key="demo-remove", icon=":material/delete:"):
            _ask()
    long_work.say_problem(_work())


def _load(person: Person) -> None:
    loading.load(frame.store(), person)


def _remove(person: Person) -> None:
    found = removal.remove(frame.store(), person)
    frame.notify(_("The samples are removed.") if not found.stays else _stays(found))


def _stays(found: Removal) -> str:
    names = ", ".join(f"“{one.name}”" for one in found.stays)
    return _("The samples are removed, but for {names}.").format(names=names)


def _work() -> LongWork | None:
    return frame.store().runtime.demo


def _cancel(person: Person) -> None:
    loading.cancel(frame.store(), person)


def _ask() -> None:
    """Says what goes, and what stays and why, before anything does."""
    with frame.store().begin() as session:
        found = removal.plan(session)
    text = [
        _("Removed: {what}.").format(what=_going(found)),
        _("What they sent is taken out of the sandbox, unless you use that, too."),
    ]
    if found.stays:
        lines = [
            f"- {KINDS[one.kind]} “{plain(one.name)}”: {plain(one.why)}" for one in found.stays
        ]
        text.append(_("These stay:") + "\n" + "\n".join(lines))
    kit.confirm(_("Remove samples?"), "\n\n".join(text), _("Remove samples"), _remove)


def _stay(one: Stays) -> str:
    return f"{KINDS[one.kind]} “{plain(one.name)}”: {plain(one.why)}"


def _going(found: Removal) -> str:
    parts = (
        many("{n} export", "{n} exports", len(found.exports)) if found.exports else "",
        many("{n} segment", "{n} segments", len(found.segments)) if found.segments else "",
        many("{n} source", "{n} sources", len(found.sources)) if found.sources else "",
        many("{n} connection", "{n} connections", len(found.connections))
        if found.connections
        else "",
        many("{n} run", "{n} runs", len(found.runs)) if found.runs else "",
    )
    return ", ".join(part for part in parts if part) or _("nothing")
