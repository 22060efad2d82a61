"""A change of the export that waits for a second person: what it changes, and the decision."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from sqlmodel import Session

from core.access import Person
from core.store import approvals
from core.store.tables.exports import ProposalRow
from core.texts import _
from pages.preview.facts import Facts
from pages.runs.export_words import LABELS, WORDS
from pages.ui import differences, frame, kit
from pages.ui.words import plain, when

Decision = Callable[[Session, Person, ProposalRow], None]


def show(person: Person, facts: Facts) -> None:
    """The card, where a change waits; with its buttons for those who may decide."""
    found = facts.proposal
    if found is None:
        return
    with st.container(border=True, gap="small", key="proposal"):
        kit.section(_("A change waits for approval"), when(found.at))
        text = _(
            "**{who}** proposed it. Until somebody else approves it, the export runs as it is."
        )
        st.markdown(text.format(who=plain(found.by)))
        names = approvals.differing(found.base, found.spec)
        now = facts.spec.model_dump(mode="json")
        some = ({name: one.get(name) for name in names} for one in (now, found.spec))
        differences.show_change(LABELS, WORDS, *some)
        if facts.may_change:
            _decide(person, found, facts.others)


def _decide(person: Person, found: ProposalRow, others: list[str]) -> None:
    own = approvals.is_own(found, person)
    if own:
        left = [name for name in others if name != person.name]
        text = _("These can approve it: {names}.").format(names=", ".join(map(plain, left)))
        none = _(
            "Nobody else may change this export now: invite somebody, or share its connection."
        )
        st.markdown(f":small[:gray[{text if left else none}]]")
    with st.container(horizontal=True, horizontal_alignment="right", key="proposal-buttons"):
        label = _("Withdraw change") if own else _("Reject change")
        done = _("The export keeps its settings.")
        _button(label, "reject", partial(_do, approvals.reject, found.id), done)
        if not own:
            done = _("The change is approved. The next run uses it.")
            action = partial(_do, approvals.approve, found.id)
            _button(_("Approve change"), "approve", action, done, "primary")


def _button(
    label: str, key: str, action: Callable[[Person], None], done: str, kind: str = "secondary"
) -> None:
    st.button(label, key=key, type=kind, on_click=frame.pressed, args=(action, done))


def _do(decide: Decision, id: int, person: Person) -> None:
    with frame.store().begin() as session:
        if found := approvals.look_up(session, id):
            decide(session, person, found)
