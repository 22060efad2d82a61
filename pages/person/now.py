"""Where a person is now, and under which addresses they are known."""

import streamlit as st

from core.person import words
from core.person.look_up import Found
from core.person.standing import Standing
from core.texts import _
from pages.ui import kit
from pages.ui.words import plain, when


def addresses(found: Found) -> None:
    """The address, and the others of the same person."""
    if found.linked:
        lines = "  \n".join(plain(words.linked(one)) for one in found.linked)
        title = _("Also known by other addresses")
        st.info(lines, title=title, icon=":material/alternate_email:")


def show(found: Found, may_ask: bool) -> bool:
    """How they stand by the ledgers and by what was asked; whether to ask the destinations now."""
    asking = False
    with st.container(border=True, key="now"):
        kit.section(_("Where they are now"), _("by what runs recorded"))
        if found.now:
            kit.table(*_rows(found.now), _("How this person stands with each list"))
        else:
            st.markdown(f":gray[{_('On none of our lists.')}]")
        for one in found.asked or ():
            line = f"**{plain(one.connection)}** {plain(one.email)}: {plain(words.answered(one))}"
            st.markdown(line)
        if found.rules:
            lines = (f"**{plain(one.export)}** {plain(words.judged(one))}" for one in found.rules)
            st.markdown("  \n".join(lines))
        if found.asked == () and may_ask:
            text = _("No destination that you may use has had this person.")
            st.markdown(f":gray[{text}]")
        if may_ask:
            label = _("Ask the destinations and sources")
            asking = st.button(label, icon=":material/travel_explore:", key="ask")
    return asking


def _rows(standings: tuple[Standing, ...]) -> tuple[list[str], list[list[object]]]:
    heads = [_("List"), _("Export"), _("Email"), _("State"), _("In the segments"), _("First sent")]
    yes, no = _("yes"), _("no")
    return heads, [
        [
            plain(words.place(one) or "—"),
            plain(one.export),
            plain(one.email),
            words.STATES[words.State(one.state)],
            yes if one.member else no,
            when(one.since),
        ]
        for one in standings
    ]
