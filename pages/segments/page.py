"""Segments: groups of people by rules over the sources."""

import streamlit as st

from core.access import Role
from core.texts import _, many
from pages.segments import actions, builder, idle, listing, lists
from pages.segments.facts import Facts, read
from pages.ui import frame, kit
from pages.ui.words import named

person = frame.guard(Role.viewer)
manages = person.role >= Role.contributor


def all_segments(facts: Facts) -> None:
    """All segments, narrowed by state and by words."""
    with kit.head(_("Segments"), _about(facts)):
        label = _("Count again")
        if st.button(lists.TITLE, icon=":material/contact_mail:", key="lists"):
            frame.stay(view="lists")
        again = manages and facts.segments and st.button(label, icon=":material/refresh:")
        kind = "primary" if facts.segments else "secondary"
        label = _("New segment")
        adds = (
            manages
            and facts.sources
            and st.button(label, icon=":material/add:", type=kind, key="new")
        )
    if again:
        actions.count_again(person, facts.sources)
    if manages:
        frame.on_leaving("segments", idle.forget)
        idle.show(facts.idle)
    if facts.segments:
        listing.show(facts)
    else:
        adds = listing.show_empty(facts, manages) or adds
    if adds:
        frame.stay(view="new")


def _about(facts: Facts) -> str:
    """How many there are, over how many sources, or what they are."""
    if not facts.segments:
        return _("Groups of people, defined by rules over your sources.")
    over = {item.source.id for item in facts.segments}
    text = many("{n} segment", "{n} segments", len(facts.segments))
    return f"{text} {many('over {n} source', 'over {n} sources', len(over))}"


view = frame.query("view")
view = view if manages or view == "lists" else None
facts = read()
if view == "lists":
    lists.show(person)
elif view in ("new", "edit") and facts.sources:
    kit.back(_("Segments"), "segments")
    id = named(frame.query("segment")) if view == "edit" else ""
    builder.draw(id if isinstance(id, int) else None)
else:
    all_segments(facts)
