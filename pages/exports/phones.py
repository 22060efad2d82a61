"""The country of phone numbers that don't say theirs, in the export form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.access import Person
from core.audience.phones import phone_countries
from core.errors import SegferryError
from core.profiles.matching.countries import names
from core.profiles.matching.phone_countries import PhoneCountries
from core.profiles.segments.rules import Group
from core.profiles.sources import Kind
from core.store import sources
from core.store.tables.data import SourceRow
from core.texts import _, many
from pages.exports.draft import Draft
from pages.ui import forms, frame

NONE, ONE, COLUMN = _("None"), _("One country"), _("A column of country codes")
KEY = "phone-countries"  # in the session: what was measured last, and of what
NOTHING = PhoneCountries(0, {})


@dataclass(frozen=True, slots=True)
class Phones:
    """The phone numbers of the form: their source, their column, whose they are."""

    person: Person
    source: SourceRow
    column: str
    segments: Mapping[str, Group]

    def measured(self) -> PhoneCountries:
        """What each likely country would mend; nothing where the source can't be read."""
        basis = (self.source.id, self.source.read_at, self.column, dict(self.segments))
        kept = st.session_state.get(KEY)
        if kept and kept[0] == basis:
            found: PhoneCountries = kept[1]
            return found
        try:
            found = phone_countries(
                frame.store(), self.person, self.source, self.column, self.segments
            )
        except SegferryError:  # the examples beside the columns say why
            return NOTHING
        st.session_state[KEY] = (basis, found)
        return found


def choose(draft: Draft, phones: Phones) -> tuple[Any, Callable[[], None]]:
    """None, a country code, or the column that holds one; and what is to be said about it last.

    That takes a moment on many people, so it is said once the rest of the form is drawn.
    """
    given = draft.data.get("phone_region")
    choices = [NONE, ONE, COLUMN]
    start = NONE if not given else ONE if isinstance(given, str) else COLUMN
    choice = st.radio(
        _("Country of numbers that don't begin with +"),
        choices,
        choices.index(start),
        horizontal=True,
        key=f"{draft.form}-region",
    )
    region: Any = None
    if choice == ONE:
        region = _country(draft, given, phones)
    elif choice == COLUMN:
        region = _country_column(draft, given, sources.schema(phones.source))
    place = st.empty()
    if choice == NONE:
        text = _("Such numbers are left out; the profiles are sent.")
        place.markdown(f":small[:gray[{text}]]")
    forms.problem(draft.form, "phone_region")
    return region, (lambda: _say(phones, place)) if choice == NONE else (lambda: None)


def keep_choice(draft: Draft) -> None:
    """Remembers it while no phone number is sent."""
    forms.keep_hidden(*(f"{draft.form}-{name}" for name in ("region", "country", "region-column")))


def _say(phones: Phones, place: Any) -> None:
    """What is lost without a country, and what the likeliest one would mend."""
    found = phones.measured()
    if not found.valid:
        return
    country, n = next(iter(found.valid.items()))
    text = many(
        "{n} number without a country is left out; the profile is sent.",
        "{n} numbers without a country are left out; the profiles are sent.",
        found.without,
    )
    more = many("{n} more would be valid", "{n} more would be valid", n)
    mend = _("With “One country: {name}” {more}.").format(name=names()[country], more=more)
    place.markdown(f":small[:orange[:material/warning: {text} {mend}]]")


def _country(draft: Draft, given: Any, phones: Phones) -> str:
    """Never empty: it begins with what is saved, or with the country that mends most."""
    key, all_names = f"{draft.form}-country", names()
    with st.spinner(_("Trying out countries …")):
        valid = phones.measured().valid
    first = [country for country in valid if country in all_names]
    saved = given if isinstance(given, str) else None
    options = list(dict.fromkeys([*first, *all_names, *([saved] if saved else [])]))
    start = saved or (first[0] if first else options[0])
    if st.session_state.get(key) not in options:
        st.session_state[key] = start
    chosen: str = st.selectbox(
        _("Country of these numbers"),
        options,
        format_func=lambda country: _in_words(country, valid.get(country)),
        key=key,
        width=320,
    )
    return chosen


def _in_words(country: str, n: int | None) -> str:
    name = f"{names().get(country, country)} ({country})"
    return f"{name} · {many('{n} more valid', '{n} more valid', n)}" if n else name


def _country_column(draft: Draft, given: Any, schema: Mapping[str, Kind]) -> dict[str, str] | None:
    columns = [name for name, kind in schema.items() if kind in (Kind.text, Kind.nothing)]
    current = given.get("column") if isinstance(given, dict) else None
    chosen = st.selectbox(
        _("Column of country codes"),
        columns,
        columns.index(current) if current in columns else None,
        key=f"{draft.form}-region-column",
        placeholder=_("Choose a column"),
        width=320,
    )
    return {"column": chosen} if chosen else None
