"""One export before it runs: who is in it, what will happen, and who is left out."""

import streamlit as st

from core.access import Action, Person, may
from core.errors import SegferryError
from core.texts import _
from pages.preview import (
    approval,
    dbt_line,
    freshness_line,
    funnel,
    guards_line,
    head,
    knowledge,
    one_person,
    outside,
    over_limit,
    over_time,
    past,
    plan,
    result,
    run_buttons,
)
from pages.preview.facts import Facts, read
from pages.runs import cached, dependents, held, live, undone
from pages.runs.cached import CachedPreview
from pages.ui import frame, kit


def show(person: Person, facts: Facts) -> None:
    """The page of the export."""
    kit.back(_("Exports"), "exports")
    head.show(facts)
    approval.show(person, facts)
    under_way = live.follow(facts.row.id)
    for run in facts.runs[:1]:
        held.show(run, facts.may_run)
    undone.notice(facts.row, facts.may_change)
    result.show(person, facts)
    guards_line.show(facts)
    freshness_line.show(facts)
    _pictures(facts)
    if facts.connection and facts.spec.joins:
        dependents.card(person, facts.connection, facts.row.list_id)
    if facts.connection is None:
        text = _("The export keeps its settings but doesn't run. Edit it to choose one.")
        st.warning(text, title=_("No connection"), icon=":material/link_off:")
    try:
        preview = cached.preview_of(person, facts.row)
    except SegferryError as error:
        frame.fail(error)
    else:
        over_limit.show(facts, preview.preview)
        dbt_line.show(preview)
        plan.show(preview, may(person, Action.see_addresses), facts.row.id)
        run_buttons.show(facts, preview, bool(under_way))
        _ask_destination(person, facts, preview)
    past.runs(facts)
    past.schedule(facts)


def _pictures(facts: Facts) -> None:
    """The way to the list, and the list over time, side by side where there is room."""
    left, right = st.columns(2)
    with left:
        funnel.show(facts)
    with right:
        over_time.show(facts.row.list_name or facts.row.list_id, facts.points)


def _ask_destination(person: Person, facts: Facts, preview: CachedPreview) -> None:
    """What asks the destination or sends to it, for those who may use the connection."""
    if facts.connection is None:
        return
    if may(person, Action.see_lists, facts.connection):
        knowledge.show(person, facts.row, facts.connection, preview)
    if may(person, Action.see_addresses) and facts.may_run:
        one_person.show(person, facts.row, facts.connection, preview)


person = frame.guard()
if not frame.query("export"):
    frame.go("exports")
with kit.finding():
    facts = read(person, frame.query("export"))
if outside.is_wanted():
    outside.show(person, facts)
else:
    show(person, facts)
