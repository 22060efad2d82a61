"""Why a run has more or fewer people than the run before of its export."""

import streamlit as st

from core.runs import why
from core.runs.why import Why
from core.store.tables.runs import Run
from core.texts import _, many
from pages.ui import frame, kit, links
from pages.ui.words import plain

ALSO = 6  # columns that moved, of those that explain nothing


def card(run: Run) -> None:
    """The comparison on the page of a run; nothing where there is none to compare with."""
    with frame.store().begin() as session:
        found = why.within(session, run)
    if found is None:
        return
    with st.container(border=True, gap="small", key="why"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(_("Compared with the run before"), anchor=False, width="content")
            links.draw(links.run(found.since), "before")
        st.markdown(f"**{plain(frame.readable(found.sentence or _same(found)))}**")
        st.markdown(f":small[:gray[{_numbers(found)} {plain(found.size)}]]")
        lines = [one.told for one in found.causes if one.told != found.sentence]
        lines += [f"{text}." for text in _others(found, lines)]
        if lines:
            st.markdown("\n".join(f"- :small[{plain(frame.readable(line))}]" for line in lines))


def for_hold(run: Run) -> None:
    """The same in few words, where somebody decides about a held run."""
    with frame.store().begin() as session:
        found = why.within(session, run)
    if found is None:
        return
    words = f"{found.sentence} {found.size}" if found.sentence else found.size
    st.markdown(f":material/troubleshoot: {plain(frame.readable(words))}")


def _same(found: Why) -> str:
    if found.before == found.now:
        return _("The segments have as many people as in the run before.")
    return _("No single cause stands out.")


def _numbers(found: Why) -> str:
    """Members, and the list: who was on it before and is a member again is in the former only."""
    members = _("{before} members then, {now} now ({change}).").format(
        before=f"{found.before:,}", now=f"{found.now:,}", change=f"{found.now - found.before:+,}"
    )
    new = many("{n} person is new to the list", "{n} people are new to the list", found.came)
    gone = many(
        "{n} of those on it is no longer a member",
        "{n} of those on it are no longer members",
        found.left,
    )
    return f"{members} {new}, {gone}."


def _others(found: Why, causes: list[str]) -> list[str]:
    """Columns that moved, and that no cause has named."""
    told = " ".join([*causes, found.sentence or ""])
    return [text for text in found.moved if text not in told][:ALSO]
