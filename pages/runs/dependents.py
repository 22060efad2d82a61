"""What depends on the list of an export at the destination, as it was told last."""

from collections.abc import Iterator

import streamlit as st

from core.access import Action, Person, may
from core.connections import readings
from core.destinations import dependents
from core.destinations.dependents import Dependents
from core.runs import dependent_words
from core.store import readings as kept
from core.store.tables.connections import ConnectionRow
from core.store.tables.readings import Reading
from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.words import plain, when

NAMED = 12  # of each kind, a line each


def card(person: Person, row: ConnectionRow, list_id: str) -> None:
    """The card of an export's page; the account is asked only on the button."""
    last = _last(row, list_id)
    with st.container(border=True, key="dependents"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            with st.container(**kit.ROW, gap="small", width="content"):
                st.header(_("What depends on this list"), anchor=False, width="content")
                if last:
                    at = _("Looked up {when}").format(when=when(last.asked_at, in_sentence=True))
                    st.markdown(f":small[:gray[{at}]]", width="content")
            pressed = may(person, Action.see_lists, row) and st.button(
                _("Look up again") if last else _("Look it up"),
                icon=":material/device_hub:",
                key="ask-dependents",
            )
        if pressed:
            with frame.show_errors():
                readings.ask_dependents(frame.store(), person, row, list_id)
                st.rerun()
        if last is None:
            text = _("The flows, scheduled campaigns and segments whose people a run changes.")
            st.markdown(f":small[:gray[{text}]]")
            return
        _draw(dependents.read(last.data), row.time_zone)


def lines(row: ConnectionRow | None, list_id: str | None) -> None:
    """The same as plain lines, for a dialog; nothing where nothing is known."""
    last = _last(row, list_id) if row and list_id else None
    found = dependents.read(last.data) if last else Dependents()
    if row and (not found.is_empty() or found.unseen or found.unread):
        st.markdown(f":small[:gray[{_('What depends on this list:')}]]")
        _draw(found, row.time_zone)


def _last(row: ConnectionRow, list_id: str) -> Reading | None:
    with frame.store().begin() as session:
        last = kept.find(session, row.id, kept.of_list(list_id))
    return last if last and last.data else None


def _draw(found: Dependents, zone: str | None) -> None:
    shown = [*_flows(found), *_campaigns(found), *_segments(found)]
    gaps = [*dependent_words.unseen(found), *dependent_words.unread(found, zone)]
    if not shown and not gaps:
        text = _("No live flow, scheduled campaign or segment depends on it.")
        shown = [f":gray[{text}]"]
    st.markdown("  \n".join(shown + [f":orange[{plain(one)}]" for one in gaps]))


def _flows(found: Dependents) -> Iterator[str]:
    for one in found.flows[:NAMED]:
        text = _("flow, emails everyone who joins")
        yield f":material/account_tree: &nbsp;**{plain(one.name)}** :small[:gray[{text}]]"
    yield from _more(len(found.flows))


def _campaigns(found: Dependents) -> Iterator[str]:
    for one in found.campaigns[:NAMED]:
        text = _("campaign, no time is set")
        if one.at:
            text = _("campaign, will be sent {when}").format(when=when(one.at, in_sentence=True))
        if one.through:
            names = ", ".join(f"“{plain(name)}”" for name in one.through)
            text += " " + _("to {segments}").format(segments=names)
        yield f":material/campaign: &nbsp;**{plain(one.name)}** :small[:gray[{text}]]"
    yield from _more(len(found.campaigns))


def _segments(found: Dependents) -> Iterator[str]:
    for one in found.segments[:NAMED]:
        text = _("segment")
        if one.flows:
            names = ", ".join(f"“{plain(flow.name)}”" for flow in one.flows)
            text = many(
                "segment, triggers the flow {flows}",
                "segment, triggers the flows {flows}",
                len(one.flows),
                flows=names,
            )
        yield f":material/group_work: &nbsp;**{plain(one.name)}** :small[:gray[{text}]]"
    yield from _more(len(found.segments))


def _more(n: int) -> Iterator[str]:
    if n > NAMED:
        yield f":gray[{many('{n} more', '{n} more', n - NAMED)}]"
