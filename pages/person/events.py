"""What happened to a person, event by event."""

import json

import streamlit as st

from core.person import words
from core.person.events import Answer, Event, What
from core.person.look_up import Found
from core.texts import _, many
from pages.ui import kit, links
from pages.ui.words import plain, when

PAGE = 20  # events of a page
BADGES = {  # what happened -> a state with its icon and colour
    What.rejected: "failed",
    What.unchanged: "off",
    What.removed: "detached",
    What.no_member: "paused",
    What.member: "active",
}
ANSWERS = {
    None: "running",
    Answer.accepted: "succeeded",
    Answer.refused: "failed",
    Answer.missing: "partial",
    Answer.undelivered: "partial",
    Answer.waiting: "queued",
    Answer.held: "held",
}


def show(found: Found) -> None:
    """The newest first, a page at a time."""
    with st.container(border=True, key="events"):
        kit.section(_("What happened"), many("{n} event", "{n} events", len(found.events)))
        for line in words.gaps(found):
            st.markdown(f":small[:orange[:material/warning:] :gray[{plain(line)}]]")
        if not found.events:
            st.markdown(f":gray[{words.NOTHING}]")
        newest = found.events[::-1]
        first, last = kit.paged(len(newest), "events-page", PAGE)
        for n, event in enumerate(newest[first:last]):
            _event(event, n)
        kit.pages(len(newest), "events-page", PAGE)


def _event(event: Event, n: int) -> None:
    state = ANSWERS[event.answer] if event.what is What.sent else BADGES[event.what]
    with st.container(gap="xsmall", key=f"event-{n}"):
        with st.container(**kit.ROW, gap="small"):
            st.markdown(kit.badge_md(state, plain(words.happened(event))), width="content")
            name = f"{event.export}, {_('run {n}').format(n=event.run)}"
            links.draw(links.run(event.run, name), f"event-{n}")
            st.markdown(f":small[:gray[{when(event.at)}]]", width="content")
        lines = "  \n".join(f":small[:gray[{plain(line)}]]" for line in _lines(event))
        st.markdown(lines)
        if event.body:
            _profile(event)


def _lines(event: Event) -> list[str]:
    """Where it was, whose address it was, and why."""
    where = [event.email, words.place(event)]
    return [" · ".join(part for part in where if part), *words.why(event)]


def _profile(event: Event) -> None:
    with st.expander(_("The profile as it was sent"), icon=":material/data_object:"):
        # Without colours: on a light page they are too pale to read.
        st.code(json.dumps(event.body, ensure_ascii=False, indent=2), None)
