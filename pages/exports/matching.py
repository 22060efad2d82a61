"""Data matching in the export form: which column feeds which field of a profile."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.destinations.capabilities import Capabilities
from core.profiles.sources import Kind
from core.texts import _
from pages.runs.attributes import PERSON, PLACE
from pages.ui import forms, kit

ROW = (6, 7, 5)  # widths: the field with its column, what that holds, what is done when it is empty


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the matching is drawn: the form that knows its problems, and its source's fields.

    While it is drawn it gathers which fields are to be cleared, and the columns that are chosen
    with the places for what they hold.
    """

    form: str
    key: str  # of its widgets: another source has other columns
    schema: Mapping[str, Kind]
    destination: Capabilities
    clears: Collection[str]  # fields that are cleared when it is first drawn
    clear: list[str] = field(default_factory=list)
    places: list[tuple[str, Any]] = field(default_factory=list)

    def column(
        self, name: str, label: str, chosen: str | None, required: bool = False, **more: Any
    ) -> str | None:
        """A box to choose a column from, each with the kind of what it holds."""
        key = f"{self.key}-{name}"
        if key not in st.session_state and chosen in self.schema:
            st.session_state[key] = chosen  # as an index it could never be taken back
        return st.selectbox(
            label,
            list(self.schema),
            None,
            format_func=lambda column: f"{column} ({self.schema[column].one})",
            key=key,
            placeholder=_("Choose a column") if required else _("Not sent"),
            required=required,
            **more,
        )

    def row(self, place: str, name: str, label: str, chosen: str | None) -> str | None:
        """A field with, beside it, what its column holds, and whether it is cleared when empty."""
        left, middle, right = st.columns(ROW, gap="small", vertical_alignment="bottom")
        return self._field(place, name, label, chosen, (left, middle, right))

    def cell(self, place: str, name: str, label: str) -> str | None:
        """The same, all below each other, for a field that nothing feeds so far."""
        with st.container(gap="xsmall"):
            parts = (st.container(), st.container(), st.container())
        return self._field(place, name, label, None, parts)

    def _field(
        self, place: str, name: str, label: str, chosen: str | None, parts: tuple[Any, Any, Any]
    ) -> str | None:
        box, held, when_empty = parts
        with box:
            column = self.column(name, label, chosen, required=name == "email")
        if column:
            self.places.append((column, held))
            if name != "email":
                with when_empty:
                    self.clearing(f"{place}{name}", f"{self.key}-clear-{name}")
        return column

    def clearing(self, field: str, key: str) -> None:
        """Asks whether the field (first_name, location.city) is emptied there, too, if it can."""
        if field in self.destination.never_emptied:
            return
        title = self.destination.title
        help = _(
            "An empty field is normally left out, so {destination} keeps what it has. With this, "
            "what {destination} has is emptied too."
        ).format(destination=title)
        label = _("Clear in {destination} when empty").format(destination=title)
        if st.checkbox(label, field in self.clears, key=key, help=help):
            self.clear.append(field)


def edit(sheet: Sheet, match: Mapping[str, Any], tried: bool) -> dict[str, Any]:
    """Draws the matching; what is chosen now, in the shape of the configuration file.

    Once saving was `tried`, it says that the email column is missing.
    """
    found = {"email": sheet.row("", "email", _("Email address"), match.get("email"))}
    if tried and not found["email"]:
        kit.problem(_("Choose the column that holds the email address."))
    forms.problem(sheet.form, "match.email")
    found |= _rows(sheet, PERSON, match, "")
    place = match.get("location") or {}
    with st.expander(_("Location"), expanded=any(place.values()), key=f"{sheet.key}-location"):
        where = _rows(sheet, PLACE, place, "location.")
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


def _rows(
    sheet: Sheet, attributes: Mapping[str, str], match: Mapping[str, Any], place: str
) -> dict[str, str | None]:
    """A row for each field that is fed, as it began; the others together below."""
    fed = {name: label for name, label in attributes.items() if match.get(name)}
    found = {name: sheet.row(place, name, label, match[name]) for name, label in fed.items()}
    with st.grid(3, min_column_width=220, gap="small", key=f"{sheet.key}-{place}others"):
        for name, label in attributes.items():
            if name not in fed:
                found[name] = sheet.cell(place, name, label)
    forms.problem(sheet.form, *(f"match.{place}{name}" for name in attributes))
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
    return {name: column for name, column in found if name or column}


def _property(sheet: Sheet, n: int, name: str, column: str | None) -> tuple[str, str | None]:
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            chosen, typed = _named_column(sheet, n, name, column)
        called = (typed or chosen or "").strip()
        if chosen:
            widths = (sum(ROW[:2]), ROW[2])
            held, when_empty = st.columns(widths, gap="small", vertical_alignment="center")
            sheet.places.append((chosen, held))
            with when_empty:
                sheet.clearing(f"properties.{called}", f"{sheet.key}-clear-property-{n}")
    return called, chosen


def _named_column(
    sheet: Sheet, n: int, name: str, column: str | None
) -> tuple[str | None, str | None]:
    """Its column, its name as typed, and the button that removes it."""
    title = sheet.destination.title
    label = _("Column of property {n}").format(n=n + 1)
    chosen = sheet.column(f"column-{n}", label, column, width=300)
    typed = st.text_input(
        _("Name in {destination} of property {n}").format(destination=title, n=n + 1),
        name,
        key=f"{sheet.key}-property-{n}",
        placeholder=chosen or "",
        width=300,
    )
    if st.button(_("Remove property {n}").format(n=n + 1), key=f"{sheet.key}-x-{n}"):
        del st.session_state[f"{sheet.key}-rows"][n]
        st.rerun()
    return chosen, typed


def _given(found: Mapping[str, str | None]) -> dict[str, str]:
    return {attribute: column for attribute, column in found.items() if column}
