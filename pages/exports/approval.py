"""The switch of an export that lets a second person approve its changes and held runs."""

import streamlit as st

from core.store import second_person
from core.texts import _
from pages.exports.draft import Draft
from pages.ui import forms, frame, kit
from pages.ui.words import plain


def choose(draft: Draft, connection: str | None) -> bool:
    """Whether it is wanted; says who could approve, and that two people are needed."""
    was = bool(draft.data.get("approval"))
    with st.container(border=True, key="form-approval"):
        kit.section(_("Approval"), _("optional"))
        wanted = st.toggle(
            _("A second person approves changes and held runs"),
            was,
            key=f"{draft.form}-approval",
            on_change=forms.forget,
            args=(draft.form,),
        )
        if wanted:
            st.markdown(f":small[:gray[{_about(draft, connection)}]]")
        forms.problem(draft.form, "approval")
    return wanted


def _about(draft: Draft, connection: str | None) -> str:
    through = next((row for row in draft.connections if row.name == connection), None)
    with frame.store().begin() as session:
        names = second_person.approvers(session, through)
    text = _(
        "Whoever changes it or starts a run can’t approve that change or confirm that run; until "
        "somebody else does, it keeps its settings. Switching this off needs approval, too. "
    )
    if len(names) >= second_person.FEWEST:
        who = ", ".join(plain(name) for name in names)
        return text + _("Who can approve: {names}.").format(names=who)
    few = _("It needs at least {n} people who may change this export, and there are fewer now.")
    return text + few.format(n=second_person.FEWEST)
