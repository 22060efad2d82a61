"""A segment to be read: size over time, top values, overlaps, differences, exports, members."""

import streamlit as st

from core.access import Action, Person, Role, may
from core.profiles.segments import words
from core.texts import _, many
from pages.runs import counted, standing
from pages.segment import charts, people, statements
from pages.segment.facts import Facts, read
from pages.segments import coverage, members
from pages.ui import frame, kit, links
from pages.ui.words import day, percent, plain, when


def show(person: Person, facts: Facts) -> None:
    """The page of the segment."""
    kit.back(_("Segments"), "segments")
    _head(person, facts)
    _source(facts)
    st.markdown(f":gray[{plain(words.words(facts.rules, facts.seen))}]")
    statements.conditions(facts)
    _over_time(facts)
    found = people.show(person, facts)
    coverage.draw(person, facts.source, facts.rules)
    statements.draw(person, facts)
    _used(facts)
    if found and may(person, Action.see_addresses):
        members.draw(person, facts.source, facts.rules, found.members)


def _head(person: Person, facts: Facts) -> None:
    row = facts.row
    with kit.head(row.name, _about(facts)):
        if st.button(_("Lineage"), icon=":material/account_tree:", key="lineage"):
            frame.go("lineage", segment=row.id)
        if person.role < Role.contributor:
            return
        if st.button(_("Members as CSV"), icon=":material/download:", key="csv"):
            members.as_csv(row)
        if st.button(_("Edit rules"), icon=":material/edit:", key="edit"):
            frame.go("segments", view="edit", segment=row.id)
        label = _("Export this segment")
        if st.button(label, icon=":material/upload:", key="export", type="primary"):
            frame.go("exports", view="new", segment=row.id)


def _source(facts: Facts) -> None:
    """Over which source it is, which opens it."""
    source = facts.source
    with st.container(**kit.ROW, gap="small", key="source"):
        st.markdown(f":gray[{_('Source')}]", width="content")
        links.draw(links.source(source.id, source.name), "source", strong=True)
        if facts.inner:
            st.markdown(f":gray[{_('Made from')}]", width="content")
        for one in facts.inner:
            links.draw(links.segment(one.id, one.name), f"inner-{one.id}", strong=True)


def _about(facts: Facts) -> str:
    row = facts.row
    status = kit.badge_md(*counted.status(row, facts.source))
    if row.members is None:
        return f"{status} &nbsp; {_('not counted')}"
    people_found = many("{n} person", "{n} people", row.members)
    share = _("{share} of {source}").format(
        share=percent(row.members / row.total if row.total else 0), source=plain(facts.source.name)
    )
    return f"{status} &nbsp; {people_found}, {share}"


def _over_time(facts: Facts) -> None:
    sizes = [(one.at, one.members) for one in facts.sizes]
    with st.container(border=True, key="over-time"):
        kit.section(_("Members over time"), _("from every count of the last 90 days"))
        if not sizes:
            st.markdown(f":gray[{_('It is counted with the next refresh of its source.')}]")
            return
        numbers = [n for _at, n in sizes]
        text = _("Members since {day}: {low} to {high}, now {n}").format(
            day=day(sizes[0][0].date()),
            low=f"{min(numbers):,}",
            high=f"{max(numbers):,}",
            n=f"{numbers[-1]:,}",
        )
        charts.over_time(sizes, text)
        at = _("counted {when}").format(when=when(facts.row.counted_at, in_sentence=True))
        st.markdown(f":small[:gray[{text} · {at}]]")


def _used(facts: Facts) -> None:
    n = len(facts.users)
    with st.container(border=True, gap="small", key="used"):
        kit.section(many("Used by {n} export", "Used by {n} exports", n))
        if not n:
            st.markdown(f":gray[{_('No export uses it yet.')}]")
        for one in facts.outer:
            with st.container(**kit.ROW, gap="small", key=f"outer-{one.id}"):
                links.draw(links.segment(one.id, one.name), f"outer-{one.id}", 300, strong=True)
                st.markdown(f":small[:gray[{_('a segment that is made from it')}]]", width=220)
        for row in facts.users:
            with st.container(**kit.ROW, gap="small", key=f"used-{row.id}"):
                links.draw(links.export(row.id, row.name), f"used-{row.id}", 300, strong=True)
                st.markdown(f":small[:gray[{plain(row.list_name or row.list_id)}]]", width=220)
                kit.badge(standing.of(row, facts.latest.get(row.id, [])).status)


person = frame.guard()
if not frame.query("segment"):
    frame.go("segments")
with kit.finding():
    facts = read(frame.query("segment"))
show(person, facts)
