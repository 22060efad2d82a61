"""What the destination bills: as it was read there, else as an administrator entered it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.configuration.connection import MOST_BILLED
from core.destinations.register import kind_of
from core.errors import Invalid
from core.store.billing import Bill
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.ui import forms, kit
from pages.ui.words import dated, when


@dataclass(frozen=True, slots=True)
class Entered:
    """What the two fields hold now."""

    plan: int | None
    active: int | None

    def value(self) -> dict[str, int] | None:
        """As `configuration.Connection` has it. Raises Invalid for one without the other."""
        if self.plan is None and self.active is None:
            return None
        if self.plan is None or self.active is None:
            raise Invalid(_("Enter both numbers, or leave both empty."), "billing")
        return {"plan": self.plan, "active": self.active}


def ask(form: str, row: ConnectionRow, given: Mapping[str, int | None]) -> Entered:
    """The two fields, which begin with `given`; both may stay empty.

    They stay as they are where the destination bills nothing of it.
    """
    words = kind_of(row.type).capabilities.billing
    if words is None:
        return Entered(row.plan_profiles, row.active_profiles)
    entered = (
        _("entered {when}").format(when=when(row.active_at, in_sentence=True))
        if row.active_at
        else None
    )
    with st.container(border=True, key="billing"):
        kit.section(_("Billing (optional)"), entered)
        st.markdown(f":small[:gray[{words.why}]]")
        left, right = st.columns(2)
        with left:
            plan = _number(form, f"{form}-plan-{row.id}", words.plan, given.get("plan"))
        with right:
            active = _number(form, f"{form}-active-{row.id}", words.active, given.get("active"))
        forms.problem(form, "billing", "billing.plan", "billing.active")
    return Entered(plan, active)


def _number(form: str, key: str, label: str, value: int | None) -> int | None:
    """Filled in by its state: a number field that has a start value can't be emptied."""
    st.session_state.setdefault(key, value)
    found: int | None = st.number_input(
        label,
        0,
        MOST_BILLED,
        None,
        step=1_000,
        key=key,
        placeholder=_("Not entered"),
        on_change=forms.forget,
        args=(form,),
    )
    return found


def summary(bill: Bill, destination: str) -> str:
    """`41,200 of 50,000 active profiles, typed in on 24 Nov; about 1,300 new since`.

    Numbers that were read are so again and again: what is new since is soon among them.
    """
    text = _("{active} of {plan} active profiles, {source}")
    entered = text.format(
        active=f"{bill.active:,}", plan=f"{bill.plan:,}", source=source(bill, destination)
    )
    if bill.read or not bill.created:
        return entered
    return f"{entered}; {_('about {n} new since').format(n=f'{bill.created:,}')}"


def source(bill: Bill, destination: str) -> str:
    """`read from there on 28 Nov`, `typed in on 24 Nov`."""
    if bill.read:
        return _("read from {destination} on {day}").format(
            destination=destination, day=dated(bill.at)
        )
    return _("typed in on {day}").format(day=dated(bill.at))


def unread(missing: Sequence[str], destination: str) -> str | None:
    """The line that says why the plan isn't read; None where nothing is missing."""
    if not missing:
        return None
    text = _("The plan can't be read from {destination}: the key has no {scopes}.")
    return text.format(destination=destination, scopes=", ".join(missing))
