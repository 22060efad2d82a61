"""The people of the source that an export's segments don't take: who they are, a page at a time."""

import streamlit as st

from core.access import Action, Person, may
from core.audience.outside import outside
from core.store import export_segments, segments_within, sources
from core.texts import _, many
from pages.preview.facts import Facts
from pages.runs import people
from pages.ui import cells, frame, kit, links
from pages.ui.words import plain

OUTSIDE = "outside"  # in an address, as `people`
PAGE = 25  # people of a page
KEY = "outside-page"


def link(facts: Facts, n: int) -> None:
    """Leads to them."""
    st.page_link(
        frame.file_of("preview"),
        label=_("{n} outside the rules").format(n=f"{n:,}"),
        icon=":material/group:",
        query_params={"export": str(facts.row.id), people.ASKED: OUTSIDE},
    )


def is_wanted() -> bool:
    """Whether the address asks for them."""
    return frame.query(people.ASKED) == OUTSIDE


def show(person: Person, facts: Facts) -> None:
    """A page of them, as the source and the segments are now."""
    label = plain(facts.row.name)
    if st.button(label, icon=":material/arrow_back:", type="tertiary", key="back"):
        frame.go("preview", export=facts.row.id)
    title = _("Outside the rules of {export}").format(export=facts.row.name)
    with kit.head(title, _("In the source, and in none of the segments, as both are now.")):
        pass
    with st.container(**kit.ROW, gap="small", key="route"):
        for one in facts.segments:
            links.draw(links.segment(one.id, one.name), f"segment-{one.id}", strong=True)
    with frame.show_errors():
        _table(person, facts)


def _table(person: Person, facts: Facts) -> None:
    with frame.store().begin() as session:
        rules = {one.name: segments_within.whole(session, one) for one in facts.segments}
        source = export_segments.source_of(session, facts.row)
    schema = sources.schema(source)
    named = [name for group in rules.values() for name in group.fields()]
    fields = cells.columns(list(schema), [facts.spec.match.email, *named])
    page = st.session_state.get(KEY) or 1
    window = ((page - 1) * PAGE, page * PAGE)
    with st.spinner(_("Reading the source …")):
        found = outside(frame.store(), person, source, rules, fields, window)
    with st.container(border=True, key="outside"):
        kit.section(many("{n} person", "{n} people", found.n))
        if not found.rows:
            st.markdown(f":gray[{_('Everybody in the source is in a segment.')}]")
            return
        reveal = not may(person, Action.see_addresses) or cells.reveal("reveal-outside")
        shown = [name for name in fields if name in found.rows[0]]  # of those the source has now
        cells.table(found.rows, schema, shown, reveal, _("People outside the rules"))
        kit.pages(found.n, KEY, PAGE)
