"""Where things stand: the first steps, then the figures, who is needed, what happened."""

import streamlit as st

from core.access import Action, may
from core.texts import _
from pages.overview import attention, figures, first_steps
from pages.overview.facts import Facts, read
from pages.runs import live
from pages.runs.rows import table
from pages.ui import frame, kit, rows, samples
from pages.ui.words import today


def last_outcomes(facts: Facts) -> None:
    """How the newest ended runs went, a split as one."""
    with st.container(border=True, gap="small", key="last"):
        kit.section(_("Last outcomes"))
        rows.draw_few(table(), facts.ended)
        if not facts.ended:
            st.markdown(
                f":gray[{_('No export has run yet. Open one, check its preview, run it.')}]"
            )


person = frame.guard()
facts = read(person)
cards = first_steps.cards(person, facts)
if not all(card.done for card in cards):
    first_steps.show(person, cards)
    st.stop()
with kit.head(_("Overview"), today()):
    if may(person, Action.manage_exports) and st.button(
        _("New export"), icon=":material/add:", type="primary", key="new"
    ):
        frame.go("exports", view="new")
is_loading = samples.follow(person)
waiting = attention.waiting(facts.exports, facts.latest)
broken = attention.broken(person, facts.connections)
figures.show(facts, len(waiting), len(broken))
live.follow()
attention.channels(facts.unreached)
attention.proposals(facts.proposals)
attention.drafted(facts.drafted)
attention.connections(broken)
attention.exports(waiting)
last_outcomes(facts)
if not is_loading:
    samples.offer_removal(person)
