"""Who may use a connection: administrators, all contributors, or chosen ones."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.access import ADMINISTRATORS, CONTRIBUTORS, PEOPLE, Role
from core.store import accounts
from core.store.tables.connections import ConnectionRow
from core.store.tables.people import AccountRow
from core.texts import _
from pages.ui import forms, frame

WHO = {
    ADMINISTRATORS: _("Administrators"),
    CONTRIBUTORS: _("Administrators and all contributors"),
    PEOPLE: _("Administrators and chosen contributors"),
}

NOBODY = _("Choose at least one person, or let all contributors use it.")


def ask(form: str, key: str, given: str | Sequence[str] = ADMINISTRATORS) -> str | tuple[str, ...]:
    """What was chosen, as `configuration.Connection` has it; so is what it begins with, `given`."""
    one_by_one = not isinstance(given, str)
    chosen = st.radio(
        _("Who may use it"),
        list(WHO),
        list(WHO).index(PEOPLE if one_by_one else given),
        format_func=WHO.__getitem__,
        key=key,
        horizontal=True,
    )
    if chosen != PEOPLE:
        return str(chosen)
    return _people(form, f"{key}-people", given if one_by_one else ())


def described(row: ConnectionRow, people: Mapping[int, str]) -> str:
    """The same in words, plain; `people` are the names by account."""
    if row.shared_with != PEOPLE:
        return WHO[row.shared_with]
    names = [people[id] for id in row.people if id in people]
    return _("Administrators, {names}").format(names=", ".join(names))


def words(given: str | Sequence[str]) -> str:
    """What was chosen, as `configuration.Connection` has it, for people."""
    return WHO[given] if isinstance(given, str) else ", ".join(given)


def _people(form: str, key: str, given: Sequence[str]) -> tuple[str, ...]:
    known = _contributors()
    here = [one.name for one in known if one.name in given]
    names = st.multiselect(
        _("People"),
        [one.name for one in known],
        here,
        key=key,
        on_change=forms.forget,
        args=(form,),
    )
    if not known:
        st.markdown(f":small[:gray[{_('The team has no contributors yet.')}]]")
    forms.problem(form, "shared_with")
    return tuple(names)


def _contributors() -> list[AccountRow]:
    with frame.store().begin() as session:
        everybody = accounts.everybody(session)
    return [one for one in everybody if one.role == Role.contributor and not one.disabled_at]
