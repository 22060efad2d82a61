"""Lineage: sources, segments, exports and lists on one page, and what hangs on what is out."""

import streamlit as st

from core.runs import lineage
from core.texts import _
from pages.lineage import focus, outages, picture
from pages.ui import frame, kit


def show() -> None:
    """The picture with its filters."""
    whole = lineage.read(frame.store(), person)
    with kit.head(_("Lineage"), _("Where each list comes from, and what waits for what.")):
        pass
    if not whole.things:
        _empty()
        return
    outages.show(whole)
    offered = focus.choices(whole)
    chosen = focus.in_address(offered)
    with st.container(**kit.ROW, horizontal_alignment="distribute", key="filters"):
        around = focus.narrow(whole, chosen, False)
        affected = focus.ask(offered, chosen, len(around.affected().things))
    shown = focus.narrow(whole, chosen, affected)
    if shown.things:
        picture.draw(whole, shown)
    else:
        st.markdown(f":green[:material/check_circle:] {_('Nothing here is affected.')}")


def _empty() -> None:
    if kit.empty(
        "account_tree",
        _("Nothing to show yet"),
        _("Add a source: its segments, their exports and lists are shown here."),
        _("Sources"),
    ):
        frame.go("sources")


person = frame.guard()
with frame.show_errors():
    show()
