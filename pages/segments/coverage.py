"""Of each address list in the rules of a segment: how much of it is in the source, and the rest."""

import streamlit as st

from core.access import Action, Person, may
from core.audience import address_lists
from core.audience.address_lists import Coverage
from core.errors import SegferryError
from core.profiles.segments.address_list import AddressList
from core.profiles.segments.rules import Group, Rule
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.ui import download, frame, kit
from pages.ui.words import plain

KEY = "address-list-coverage"  # in the session: what is known of this reading of this source


def draw(person: Person, source: SourceRow, rules: Group) -> None:
    """A card with a line for each list; nothing where the (resolved) rules name none."""
    found = {(rule.field, rule.value): rule for rule in rules.rules() if _has_list(rule)}
    if not found:
        return
    with st.container(border=True, gap="small", key="address-lists"):
        kit.section(_("Address lists"))
        for n, (field, known) in enumerate(found):
            _line(person, source, field, known, n)


def _has_list(rule: Rule) -> bool:
    return isinstance(rule.value, AddressList)


def _line(person: Person, source: SourceRow, field: str, known: AddressList, n: int) -> None:
    try:
        found = _coverage(person, source, field, known)
    except SegferryError as error:
        kit.problem(plain(frame.readable(str(error))))
        return
    with st.container(**kit.ROW, horizontal_alignment="distribute", key=f"coverage-{n}"):
        st.markdown(f"**{plain(known.name)}**  \n:small[:gray[{_words(found, source)}]]")
        if found.missing and may(person, Action.see_addresses):
            download.button(
                _("The missing ones as CSV"),
                lambda who: address_lists.missing_csv(
                    frame.store(), who, source, field, known.name
                ),
                "missing.csv",
                key=f"missing-{n}",
                type="tertiary",
            )


def _words(found: Coverage, source: SourceRow) -> str:
    text = _("{there} of {all} are in {source}").format(
        there=f"{found.there:,}", all=f"{found.addresses:,}", source=plain(source.name)
    )
    if not found.missing:
        return f"{text}."
    return f"{text}; {many('{n} isn’t', '{n} aren’t', found.missing)}."


def _coverage(person: Person, source: SourceRow, field: str, known: AddressList) -> Coverage:
    """Looked at once for each reading of the source."""
    key = (source.id, str(source.read_at), field, known.digest)
    cached = st.session_state.setdefault(KEY, {})
    if key not in cached:
        cached[key] = address_lists.coverage(frame.store(), person, source, field, known.name)
    found: Coverage = cached[key]
    return found
