"""The form of an export: new, edited or duplicated. Saving never runs it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from core.access import Person, Role
from core.configuration import LIMIT, Export
from core.models import SegmentRow, SourceRow
from core.store import exports, sources
from core.texts import _, many
from pages.ui import export_choices, export_draft, forms, frame, kit, matching
from pages.ui.export_draft import Draft

NEEDED = ("name", "connection", "list_id", "segments")
TITLES = {"new": _("New export"), "edit": _("Edit export"), "duplicate": _("Duplicate export")}


def show() -> None:
    """The whole form."""
    person = frame.guard(Role.contributor)
    view = st.query_params["view"]
    with kit.finding(), frame.store().begin() as session:
        draft = export_draft.begin(session, person, view, st.query_params.get("export", ""))
    kit.back(_("Exports"), "exports.py")
    with kit.head(TITLES[view], _("Saving never runs the export. Next you see its preview.")):
        pass
    data = _what(person, draft)
    with _card("list", _("List"), _("where these people go in Klaviyo")):
        data["list_id"], list_name = export_choices.a_list(person, draft, data["connection"])
    data["segments"], data["exclude"], source = _whom(draft)
    data["match"] = _match(draft, source)
    data["phone_region"] = _phones(draft, source, data["match"])
    data |= _how(draft)
    forms.rest(draft.form, *_fields(data))
    _save(person, draft, data, list_name)


@contextmanager
def _card(key: str, title: str, note: str | None = None) -> Iterator[None]:
    with st.container(border=True, key=f"form-{key}"):
        kit.section(title, note)
        yield


def _what(person: Person, draft: Draft) -> dict[str, Any]:
    with _card("what", _("Name and connection")):
        left, right = st.columns(2)
        with left:
            name = st.text_input(
                _("Name"),
                draft.data.get("name", ""),
                key=f"{draft.form}-name",
                max_chars=120,
                required=True,
            )
            export_draft.problem(draft, "name", name.strip(), _("Give the export a name."))
        with right:
            connection = export_choices.a_connection(person, draft)
    return {"name": name, "connection": connection}


def _whom(draft: Draft) -> tuple[list[str], list[str], SourceRow | None]:
    """The segments, those that are left out, and the source they are over."""
    rows = {row.name: row for row in draft.segments}
    with _card("segments", _("Segments"), _("each person once, however many segments hold them")):
        if not rows:
            st.info(_("There is no segment yet."), icon=":material/filter_alt:")
            st.page_link("segments.py", label=_("Build a segment"), icon=":material/filter_alt:")
        chosen = st.multiselect(
            _("Segments"),
            list(rows),
            [name for name in draft.data.get("segments", ()) if name in rows],
            format_func=lambda name: _counted(rows[name]),
            placeholder=_("Choose one or more"),
            key=f"{draft.form}-segments",
            label_visibility="collapsed",
        )
        export_draft.problem(draft, "segments", chosen, _("Choose at least one segment."))
        excluded = _left_out(draft, rows, chosen)
    if not chosen:
        return [], excluded, None
    with frame.store().begin() as session:
        return chosen, excluded, sources.find(session, rows[chosen[0]].source_id)


def _left_out(draft: Draft, rows: dict[str, SegmentRow], chosen: list[str]) -> list[str]:
    others = [name for name in rows if name not in chosen]
    return st.multiselect(
        _("Leave out the members of"),
        others,
        [name for name in draft.data.get("exclude", ()) if name in others],
        placeholder=_("Nobody is left out"),
        key=f"{draft.form}-exclude",
    )


def _counted(row: SegmentRow) -> str:
    if row.members is None:
        return row.name
    return f"{row.name} · {many('{n} member', '{n} members', row.members)}"


def _match(draft: Draft, source: SourceRow | None) -> dict[str, Any]:
    with _card("match", _("Data matching"), _("which column feeds which field of the profile")):
        if source is None:
            text = _("Choose a segment first: the columns are those of its source.")
            st.markdown(f":gray[{text}]")
            return {}
        schema = sources.schema(source)
        kept = draft.data.get("match") if source.id == draft.source_id else None
        sheet = matching.Sheet(draft.form, f"{draft.form}-match-{source.id}", schema)
        return matching.edit(sheet, kept or matching.propose(schema), export_draft.tried(draft))


def _phones(draft: Draft, source: SourceRow | None, match: Mapping[str, Any]) -> Any:
    """The region of numbers without +, once a phone number is matched."""
    if source is None or not match.get("phone_number"):
        return None
    with _card("phones", _("Phone numbers"), _("numbers that begin with + say their country")):
        return export_choices.a_region(draft, sources.schema(source))


def _how(draft: Draft) -> dict[str, Any]:
    with _card("how", _("How it runs")):
        mode = export_choices.a_mode(draft)
        left, right = st.columns(2)
        with left:
            limit = st.number_input(
                _("Profiles in one run, at most"),
                1,
                1_000_000,
                draft.data.get("limit", LIMIT),
                step=1_000,
                key=f"{draft.form}-limit",
            )
            forms.problem(draft.form, "limit")
        with right:
            over = export_choices.over_limit(draft)
    return {"mode": mode, "limit": limit, "over_limit": over}


def _save(person: Person, draft: Draft, data: dict[str, Any], list_name: str | None) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", key="save-row"):
        if st.button(_("Cancel"), key="form-cancel", type="tertiary"):
            st.query_params.clear()
            st.switch_page("exports.py")
        pressed = st.button(_("Save export"), key="form-save", type="primary")
    if not pressed:
        return
    if not all(data[field] for field in NEEDED) or not data["match"].get("email"):
        export_draft.try_without(draft)
        st.rerun()
    saved: list[int] = []
    if not forms.attempt(draft.form, lambda: saved.append(_kept(person, draft, data, list_name))):
        st.rerun()
    frame.say(_("“{name}” is saved. Nothing has been sent.").format(name=data["name"].strip()))
    st.switch_page("export.py", query_params={"export": str(saved[0])})


def _kept(person: Person, draft: Draft, data: dict[str, Any], list_name: str | None) -> int:
    """The id of the saved export. Raises ValidationError, Invalid, Denied."""
    spec = Export.model_validate({**draft.data, **data})
    with frame.store().begin() as session:
        if draft.row is None:
            return exports.add(session, person, spec, list_name).id or 0
        row = exports.find(session, draft.row.id or 0)
        exports.change(session, person, row, spec, list_name)
        return row.id or 0


def _fields(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields whose problems are told beside them."""
    own = ("name", "connection", "list_id", "segments", "phone_region", "limit")
    return (*own, *matching.shown(data["match"]))
