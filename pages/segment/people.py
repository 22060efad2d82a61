"""Who is in a segment, on its page: top values, what is different, overlaps, the first members."""

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from core.access import Person, Role
from core.audience import segment_page
from core.errors import SegferryError
from core.profiles.segments.description import Description
from core.profiles.segments.rules import Group
from core.store import Store, sources
from core.texts import _
from pages.segment import charts
from pages.segment.facts import Facts
from pages.ui import frame, kit
from pages.ui.words import plain

READ = 24  # fields that are read
SHOWN = 8  # fields with their values
OTHERS = 3  # segments to compare with
Counts = dict[tuple[bool, ...], int]


def show(person: Person, facts: Facts) -> Description | None:
    """The pictures; None where the source can't be read, which is said then."""
    with st.spinner(_("Reading the members …")):
        try:
            found = _described(
                frame.store(), person, person.role, *_version(facts), tuple(facts.fields[:READ])
            )
        except SegferryError as error:
            frame.fail(error)
            return None
    if facts.source.type == "database" and found.rows < (facts.source.rows or 0):
        text = _("Top values and differences are those of {n} rows of the database, not of all.")
        st.markdown(f":small[:gray[:material/info: {text.format(n=f'{found.rows:,}')}]]")
    _tops(found)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch", key="overlap"):
        _overlap(facts)
    with right, st.container(border=True, height="stretch", key="different"):
        _different(found)
    return found


def _tops(found: Description) -> None:
    shown = [(name, parts) for name, parts in found.columns.items() if len(parts) > 1][:SHOWN]
    if not shown or not found.members:
        return
    with st.container(border=True, key="tops"):
        kit.section(_("Top values"), _("of the fields that rules and exports use"))
        with st.grid(4, min_column_width=200, gap="medium", key="tops-grid"):
            for n, (name, parts) in enumerate(shown):
                with st.container(gap="xsmall", key=f"top-{n}"):
                    st.markdown(f"**{plain(name)}**")
                    charts.values(name, parts, found.members)


def _different(found: Description) -> None:
    kit.section(_("What is different here"), _("bar: this segment, mark: everyone"))
    if found.different:
        charts.differences(found.different)
    else:
        text = _("By the other fields its members are like everyone.")
        st.markdown(f":gray[{text}]")


@st.fragment
def _overlap(facts: Facts) -> None:
    """With up to three others of the same source; at first with the largest that are counted."""
    person = frame.guard()
    kit.section(_("Overlap"), _("who is in which"))
    rows = {row.name: row for row in facts.others}
    if not rows:
        st.markdown(f":gray[{_('There is no other segment of this source.')}]")
        return
    largest = sorted(rows, key=lambda name: -(rows[name].members or 0))[:OTHERS]
    chosen = st.multiselect(
        _("Compare with up to three segments"),
        list(rows),
        sorted(largest[:2]),
        max_selections=OTHERS,
        key="compared",
    )
    if not chosen:
        return
    rules = tuple(facts.every[name].model_dump_json(exclude_none=True) for name in chosen)
    with frame.show_errors():
        counts = _overlapping(frame.store(), person, *_version(facts), rules)
        if counts:
            names = [facts.row.name, *chosen]
            charts.upset(counts, names)
            lines = [
                f"**{plain(x)}** {plain(name)}" for x, name in zip("ABCD", names, strict=False)
            ]
            st.markdown(f":small[{' · '.join(lines)}]")
        else:
            st.markdown(f":gray[{_('Nobody is in any of them.')}]")


def _version(facts: Facts) -> tuple[str, int, datetime | None, str, date]:
    """What the cached numbers are of: installation, source, its reading, rules, day."""
    home = str(frame.store().settings.home)
    rules = facts.rules.model_dump_json(exclude_none=True)
    return home, facts.source.id, facts.source.read_at, rules, datetime.now().date()


@st.cache_data(ttl=3600, max_entries=64, show_spinner=False)
def _described(
    _store: Store,
    _person: Person,
    role: Role,
    home: str,
    id: int,
    read_at: datetime | None,
    rules: str,
    today: date,
    fields: Sequence[str],
) -> Description:
    del role, home, read_at, today  # of the cache's key
    with _store.begin() as session:
        row = sources.find(session, id)
    return segment_page.describe(_store, _person, row, Group.model_validate_json(rules), fields)


@st.cache_data(ttl=3600, max_entries=64, show_spinner=False)
def _overlapping(
    _store: Store,
    _person: Person,
    home: str,
    id: int,
    read_at: datetime | None,
    rules: str,
    today: date,
    others: Sequence[str],
) -> Counts:
    del home, read_at, today  # of the cache's key
    with _store.begin() as session:
        row = sources.find(session, id)
    groups = [Group.model_validate_json(text) for text in (rules, *others)]
    return segment_page.overlap(_store, _person, row, groups)
