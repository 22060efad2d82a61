"""The SQL of a segment: its conditions as they are written, and what is sent to its database."""

import streamlit as st

from core.access import Person, Role
from core.audience import databases
from core.errors import SegferryError
from core.profiles.segments.rules import Group
from core.store import sources
from core.texts import _
from pages.segment.facts import Facts
from pages.ui import frame, kit


def conditions(facts: Facts) -> None:
    """Those among its rules, to be copied; for who may see values, which are in them."""
    if facts.seen is not None:
        return
    for group in Group.model_validate(facts.row.rules).groups():
        if group.sql is not None:
            st.code(group.sql, language="sql", wrap_lines=True)


def draw(person: Person, facts: Facts) -> None:
    """A switch, and once it is on both statements."""
    if person.role < Role.contributor or not sources.spec(facts.source).is_database:
        return
    with st.container(border=True, gap="small", key="sql"):
        kit.section(_("In the database"), _("what is sent there, as SQL"))
        if not st.toggle(_("Show the SQL"), key=f"sql-{facts.row.id}"):
            return
        try:
            found = databases.statements(frame.store(), person, facts.source, facts.rules)
        except SegferryError as error:
            frame.fail(error)
            return
        st.markdown(_("To count it"))
        st.code(found.count, language="sql", wrap_lines=True, height=260)
        st.markdown(_("To read its members"))
        st.code(found.members, language="sql", wrap_lines=True, height=260)
