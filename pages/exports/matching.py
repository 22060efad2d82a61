"""Data matching in the export form: which column feeds which field of a profile.

The fields are those of the destination that is chosen. What was chosen for others is kept, for the
destination may be changed back, and named; it is neither saved nor sent.
"""

from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.destinations.capabilities import Capabilities
from core.layout import IN_PROPERTIES
from core.profiles.matching.fields import FIELDS, IN_LOCATION
from core.profiles.sources import Kind
from core.texts import _, many
from pages.ui import forms, kit
from pages.ui.words import plain

ROW = (1, 1, 1)  # widths: the field with its column, what that holds, what is done when it is empty
PROPERTY = (8, 8, 1)  # widths: a property's column, its name, the button that removes it
# A cross as a picture, whose text a screen reader hears.
CROSS = (
    "data:image/svg+xml;base64,"
    + b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">'
        b'<path d="M3 3l10 10M13 3L3 13" stroke="#7d8590" stroke-width="2"/></svg>'
    ).decode()
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the matching is drawn: the form that knows its problems, and its source's fields.

    While it is drawn it gathers which fields are to be cleared, and the columns that are chosen
    with the places for what they hold. Fields are named as in FIELDS, such as location.city.
    """

    form: str
    key: str  # of its widgets: another source has other columns
    schema: Mapping[str, Kind]
    destination: Capabilities
    clears: Collection[str]  # fields that are cleared when it is first drawn
    clear: list[str] = field(default_factory=list)
    places: list[tuple[str, Any]] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the destination has this field."""
        return name in self.destination.layout.fields

    def column(
        self, name: str, label: str, chosen: str | None, required: bool = False, **more: Any
    ) -> str | None:
        """A box to choose a column from, each with the kind of what it holds."""
        self._begin(name, chosen)
        return st.selectbox(
            label,
            list(self.schema),
            None,
            format_func=lambda column: f"{column} ({self.schema[column].one})",
            key=f"{self.key}-{name}",
            placeholder=_("Choose a column") if required else _("Not sent"),
            required=required,
            **more,
        )

    def kept(self, name: str, chosen: str | None) -> str | None:
        """The column of a field that isn't drawn, remembered for when it will be."""
        key = _last(name)
        self._begin(key, chosen)
        forms.keep_hidden(f"{self.key}-{key}", f"{self.key}-clear-{key}")
        column: str | None = st.session_state.get(f"{self.key}-{key}")
        return column

    def row(self, name: str, chosen: str | None) -> str | None:
        """A field with, beside it, what its column holds, and whether it is cleared when empty."""
        left, middle, right = st.columns(ROW, gap="small", vertical_alignment="bottom")
        return self._field(name, chosen, (left, middle, right))

    def cell(self, name: str) -> str | None:
        """The same, all below each other, for a field that nothing feeds so far."""
        with st.container(gap="xsmall"):
            parts = (st.container(), st.container(), st.container())
        return self._field(name, None, parts)

    def _begin(self, name: str, chosen: str | None) -> None:
        key = f"{self.key}-{name}"
        if key not in st.session_state and chosen in self.schema:
            st.session_state[key] = chosen  # as an index it could never be taken back

    def _field(self, name: str, chosen: str | None, parts: tuple[Any, Any, Any]) -> str | None:
        box, held, when_empty = parts
        with box:
            column = self.column(_last(name), FIELDS[name], chosen, required=name == "email")
        if column:
            self.places.append((column, held))
            if name != "email":
                with when_empty:
                    self.clearing(name, f"{self.key}-clear-{_last(name)}")
        return column

    def clearing(self, field: str, key: str) -> None:
        """Asks whether the field is emptied there, too, if it can be."""
        if key not in st.session_state:
            st.session_state[key] = field in self.clears
        title = self.destination.title
        if field in self.destination.never_emptied:
            forms.keep_hidden(key)
            if st.session_state[key]:
                text = _("{destination} can't clear this field.").format(destination=title)
                st.markdown(f":small[:orange[:material/warning: {text}]]")
            return
        help = _(
            "An empty field is normally not sent, so {destination} keeps its value. With "
            "this, the value in {destination} is cleared too."
        ).format(destination=title)
        label = _("Clear in {destination} when empty").format(destination=title)
        if st.checkbox(label, key=key, help=help):
            self.clear.append(field)


def edit(sheet: Sheet, columns: Mapping[str, str], tried: bool) -> dict[str, Any]:
    """Draws the matching; what is chosen now, in the shape of the configuration file.

    It begins with `columns`, by the names of their fields. Once saving was `tried`, it says that
    the email column is missing.
    """
    _name_lacking(sheet, columns)
    offered = [name for name in FIELDS if sheet.has(name) and name != "email"]
    found = {"email": sheet.row("email", columns.get("email"))}
    if tried and not found["email"]:
        kit.problem(_("Choose the column with the email address."))
    forms.problem(sheet.form, "match.email")
    person = [name for name in offered if not name.startswith(IN_LOCATION)]
    found |= _rows(sheet, "", person, columns)
    where: dict[str, str | None] = {}
    if place := [name for name in offered if name.startswith(IN_LOCATION)]:
        opened = any(name in columns for name in place)
        with st.expander(_("Location"), expanded=opened, key=f"{sheet.key}-location"):
            where = _rows(sheet, IN_LOCATION, place, columns)
    properties = _properties(sheet, columns)
    return _given(found) | {"location": _given(where), "properties": properties}


def shown(match: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of the form that are drawn here, as errors name them."""
    return (
        "match.properties",
        *(f"match.{name}" for name in FIELDS),
        *(f"match.properties.{name}" for name in match.get("properties", ())),
    )


def _name_lacking(sheet: Sheet, columns: Mapping[str, str]) -> None:
    """Says which columns are chosen for fields that the destination doesn't have."""
    lacking = [name for name in FIELDS if not sheet.has(name)]
    kept = {name: sheet.kept(name, columns.get(name)) for name in lacking}
    named = [f"{FIELDS[name]} ({plain(column)})" for name, column in kept.items() if column]
    if named:
        text = many(
            "{destination} has no such field: {fields}. It is neither saved nor sent. To send this "
            "column, add it as a property.",
            "{destination} has no such fields: {fields}. They are neither saved nor sent. To send "
            "these columns, add them as properties.",
            len(named),
            destination=sheet.destination.title,
            fields=", ".join(named),
        )
        st.markdown(f":small[:orange[:material/warning: {text}]]")


def _rows(
    sheet: Sheet, group: str, names: Collection[str], columns: Mapping[str, str]
) -> dict[str, str | None]:
    """A row for each field that is fed, as it began; the others together below."""
    found = {name: sheet.row(name, columns[name]) for name in names if name in columns}
    with st.grid(3, min_column_width=220, gap="small", key=f"{sheet.key}-{group}others"):
        found |= {name: sheet.cell(name) for name in names if name not in columns}
    forms.problem(sheet.form, *(f"match.{name}" for name in names))
    return found


def _properties(sheet: Sheet, columns: Mapping[str, str]) -> dict[str, str | None]:
    """Own properties of the profile: rows of a column and a name, added and removed."""
    own = {name.removeprefix(IN_PROPERTIES): c for name, c in columns.items() if name not in FIELDS}
    rows = st.session_state.setdefault(f"{sheet.key}-rows", dict(enumerate(own.items())))
    st.markdown(f"**{_('Properties')}** &nbsp; :small[:gray[{_('under names of your own')}]]")
    if rows:
        _heads(sheet)
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


def _heads(sheet: Sheet) -> None:
    """The heads of the table of properties."""
    column, name, _x = st.columns(PROPERTY, gap="small", wrap=False)
    column.markdown(f":small[:gray[{_('Column')}]]")
    title = _("{destination} property").format(destination=sheet.destination.title)
    name.markdown(f":small[:gray[{title}]]")


def _property(sheet: Sheet, n: int, name: str, column: str | None) -> tuple[str, str | None]:
    with st.container(gap="xsmall"):
        chosen, typed = _named_column(sheet, n, name, column)
        called = (typed or chosen or "").strip()
        if chosen:
            widths = (sum(ROW[:2]), ROW[2])
            held, when_empty = st.columns(widths, gap="small", vertical_alignment="center")
            sheet.places.append((chosen, held))
            with when_empty:
                sheet.clearing(f"{IN_PROPERTIES}{called}", f"{sheet.key}-clear-property-{n}")
    return called, chosen


def _named_column(
    sheet: Sheet, n: int, name: str, column: str | None
) -> tuple[str | None, str | None]:
    """A row of the table: its column, its name as typed, and the button that removes it."""
    left, middle, right = st.columns(PROPERTY, gap="small", wrap=False)
    hidden = {"label_visibility": "collapsed"}  # the heads show it; readers still hear it
    with left:
        label = _("Column of property {n}").format(n=n + 1)
        chosen = sheet.column(f"column-{n}", label, column, **hidden)
    title = sheet.destination.title
    typed = middle.text_input(
        _("Name in {destination} of property {n}").format(destination=title, n=n + 1),
        name,
        key=f"{sheet.key}-property-{n}",
        placeholder=chosen or "",
        **hidden,
    )
    remove = _("Remove property {n}").format(n=n + 1)
    if right.button(f"![{remove}]({CROSS})", key=f"{sheet.key}-x-{n}", type="tertiary"):
        del st.session_state[f"{sheet.key}-rows"][n]
        st.rerun()
    return chosen, typed


def _given(found: Mapping[str, str | None]) -> dict[str, str]:
    return {_last(name): column for name, column in found.items() if column}


def _last(name: str) -> str:
    """The field within its group: city of location.city."""
    return name.rpartition(".")[2]
