"""Data matching in the export form: which column feeds which attribute of a Klaviyo profile."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.sources import Kind
from core.texts import _
from pages.ui import forms, kit

PERSON = {
    "phone_number": _("Phone number"),
    "external_id": _("External ID"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "organization": _("Organization"),
    "title": _("Title"),
    "locale": _("Locale"),
    "image": _("Image address"),
}
PLACE = {
    "address1": _("Address, line 1"),
    "address2": _("Address, line 2"),
    "city": _("City"),
    "region": _("Region"),
    "zip": _("Postcode"),
    "country": _("Country"),
    "timezone": _("Time zone"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "ip": _("IP address"),
}
# Names that columns often bear, besides the attribute's own; compared without case and signs.
OFTEN = {
    "email": ("mail", "emailaddress", "epasts", "primaryemail", "contactemail"),
    "phone_number": ("phone", "mobile", "mobilephone", "telephone", "tel", "talrunis", "telefon"),
    "external_id": ("customerid", "id", "customernumber", "userid", "contactid", "klientaid"),
    "first_name": ("firstname", "givenname", "forename", "vards", "vorname"),
    "last_name": ("lastname", "surname", "familyname", "uzvards", "nachname"),
    "organization": ("organisation", "company", "employer"),
    "locale": ("language", "lang"),
    "address1": ("address", "street", "adrese"),
    "city": ("town", "pilseta", "ort", "stadt"),
    "zip": ("postcode", "postalcode", "zipcode", "plz"),
    "country": ("countrycode", "valsts", "land"),
    "timezone": ("tz",),
    "latitude": ("lat",),
    "longitude": ("lon", "lng"),
}
HELD = {
    Kind.text: _("text"),
    Kind.number: _("number"),
    Kind.boolean: _("yes or no"),
    Kind.date: _("date"),
    Kind.moment: _("date and time"),
    Kind.list: _("list"),
    Kind.bytes: _("bytes"),
    Kind.other: _("other"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the matching is drawn: the form that knows its problems, and its source's fields."""

    form: str
    key: str  # of its widgets: another source has other columns
    schema: Mapping[str, Kind]

    def column(
        self, name: str, label: str, chosen: str | None, required: bool = False, **more: Any
    ) -> str | None:
        """A box to choose a column from, told with what it holds."""
        columns = list(self.schema)
        return st.selectbox(
            label,
            columns,
            columns.index(chosen) if chosen in columns else None,
            format_func=lambda column: f"{column} ({HELD[self.schema[column]]})",
            key=f"{self.key}-{name}",
            placeholder=_("Choose a column") if required else _("Not sent"),
            required=required,
            **more,
        )


def propose(schema: Mapping[str, Kind]) -> dict[str, Any]:
    """A matching guessed from the columns' names, in the shape of the configuration file."""
    bare = {_bare(column): column for column in reversed(list(schema))}
    taken = {a: c for a in ("email", *PERSON, *PLACE) if (c := _guess(a, bare))}
    place = {a: c for a, c in taken.items() if a in PLACE}
    return {a: c for a, c in taken.items() if a not in PLACE} | {"location": place}


def edit(sheet: Sheet, match: Mapping[str, Any], tried: bool) -> dict[str, Any]:
    """Draws the matching; what is chosen now, in the shape of the configuration file.

    Once saving was `tried`, a missing email column is told.
    """
    label = _("Email address")
    found = {"email": sheet.column("email", label, match.get("email"), required=True)}
    if tried and not found["email"]:
        kit.problem(_("Choose the column that holds the email address."))
    forms.problem(sheet.form, "match.email")
    found |= _boxes(sheet, PERSON, match, "match.")
    place = match.get("location") or {}
    with st.expander(_("Location"), expanded=any(place.values()), key=f"{sheet.key}-location"):
        where = _boxes(sheet, PLACE, place, "match.location.")
    properties = _properties(sheet, match.get("properties") or {})
    return _given(found) | {"location": _given(where), "properties": properties}


def shown(match: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of the form that are drawn here, as errors name them."""
    return (
        "match.email",
        "match.properties",
        *(f"match.{a}" for a in PERSON),
        *(f"match.location.{a}" for a in PLACE),
        *(f"match.properties.{name}" for name in match.get("properties", ())),
    )


def _boxes(
    sheet: Sheet, attributes: Mapping[str, str], match: Mapping[str, Any], place: str
) -> dict[str, str | None]:
    with st.grid(3, min_column_width=220, gap="small", key=f"{sheet.key}{place}boxes"):
        found = {a: sheet.column(a, label, match.get(a)) for a, label in attributes.items()}
    forms.problem(sheet.form, *(f"{place}{attribute}" for attribute in attributes))
    return found


def _properties(sheet: Sheet, properties: Mapping[str, str]) -> dict[str, str | None]:
    """Own properties of the profile: rows of a column and a name, added and removed."""
    start = dict(enumerate(properties.items()))
    rows = st.session_state.setdefault(f"{sheet.key}-rows", start)
    st.markdown(f"**{_('Properties')}** &nbsp; :small[:gray[{_('under names of your own')}]]")
    found = [_property(sheet, n, *pair) for n, pair in list(rows.items())]
    forms.problem(sheet.form, "match.properties", *(f"match.properties.{p}" for p, _c in found))
    left = [c for c in sheet.schema if c not in {column for _p, column in found}]
    adds = st.button(
        _("Add property"), icon=":material/add:", key=f"{sheet.key}-add", disabled=not left
    )
    if adds:
        rows[max(rows, default=-1) + 1] = ("", None)
        st.rerun()
    return {name.strip(): column for name, column in found if name.strip() or column}


def _property(sheet: Sheet, n: int, name: str, column: str | None) -> tuple[str, str | None]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        label = _("Column of property {n}").format(n=n + 1)
        chosen = sheet.column(f"column-{n}", label, column, width=300)
        typed = st.text_input(
            _("Name in Klaviyo of property {n}").format(n=n + 1),
            name,
            key=f"{sheet.key}-property-{n}",
            placeholder=chosen or "",
            width=300,
        )
        if st.button(_("Remove property {n}").format(n=n + 1), key=f"{sheet.key}-x-{n}"):
            del st.session_state[f"{sheet.key}-rows"][n]
            st.rerun()
    return typed or chosen or "", chosen


def _given(found: Mapping[str, str | None]) -> dict[str, str]:
    return {attribute: column for attribute, column in found.items() if column}


def _guess(attribute: str, bare: Mapping[str, str]) -> str | None:
    """The column that bears the attribute's name or one that is often used for it."""
    for name in (attribute, *OFTEN.get(attribute, ())):
        if column := bare.get(_bare(name)):
            return column
    return None


def _bare(name: str) -> str:
    """The name without case, signs and accents."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in letters if c.isalnum())
