"""Segments: groups of people by rules over the sources."""

import streamlit as st

from core.access import Role
from core.texts import _, many
from pages.segments import builder, cards, listing
from pages.segments.facts import Facts, read
from pages.ui import frame, kit
from pages.ui.words import named

person = frame.guard(Role.viewer)
manages = person.role >= Role.contributor


def all_segments(facts: Facts) -> None:
    """All segments, narrowed by state and by words."""
    with kit.head(_("Segments"), _about(facts)):
        label = _("Count again")
        again = manages and facts.segments and st.button(label, icon=":material/refresh:")
        kind = "primary" if facts.segments else "secondary"
        label = _("New segment")
        adds = manages and facts.sources and st.button(label, icon=":material/add:", type=kind)
    if again:
        cards.count_again(person, facts.sources)
    if facts.segments:
        listing.show(person, facts)
    else:
        adds = listing.show_empty(facts, manages) or adds
    if adds:
        frame.stay(view="new")


def _about(facts: Facts) -> str:
    people = sum(row.rows or 0 for row in facts.sources)
    text = _("Groups of people, defined by rules over your sources.")
    total = many("{n} person in all.", "{n} people in all.", people)
    return f"{text} {total}" if people else text


view = frame.query("view") if manages else None
facts = read()
if view in ("new", "edit") and facts.sources:
    kit.back(_("Segments"), "segments")
    id = named(frame.query("segment")) if view == "edit" else ""
    builder.draw(id if isinstance(id, int) else None)
else:
    all_segments(facts)
