"""What the export form begins with: the export as it is, or a new one, and what can be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from core.access import Action, Person, may_use, require
from core.configuration.export import Guards
from core.destinations.capabilities import Capabilities
from core.destinations.register import DEFAULT, kind_of
from core.store import export_segments, exports, look_up, preferences, segments
from core.store.connections import everything
from core.store.drafts import Form
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportRow
from core.texts import _
from pages.runs.export_words import LABELS, WORDS
from pages.ui import differences, drafts, forms, frame, kit
from pages.ui.words import named


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form begins with, in the shape of the configuration file, and what there is."""

    form: str  # key of its widgets and its problems
    data: Mapping[str, Any]
    row: ExportRow | None  # the export that is changed; None for a new one
    list_name: str | None
    source_id: int | None
    connections: list[ConnectionRow]
    segments: list[SegmentRow]
    kept_as: Form  # under which the server keeps what is typed
    guards: Guards  # of new exports


def begin(session: Any, person: Person, view: str, export: str) -> Draft:
    """Reads what the form needs. Raises Unknown, Denied."""
    row = exports.find(session, named(export)) if export else None
    if row and view == "edit":
        require(person, Action.manage_exports, exports.connection_of(session, row))
    data = exports.spec(session, row).model_dump(mode="json") if row else _new(session)
    if row and view == "duplicate":
        data["name"] = _("{name}, copy").format(name=row.name)
    draft = Draft(
        form=f"export-{view}-{export}",
        data=data,
        row=row if view == "edit" else None,
        list_name=row.list_name if row else None,
        source_id=export_segments.source_of(session, row).id if row else None,
        connections=[c for c in everything(session) if may_use(person, c)],
        segments=segments.everything(session),
        kept_as=Form("export", (row.id if view == "edit" else -row.id) if row else 0),
        guards=preferences.guards(session),
    )
    _forget_abandoned(draft)
    return draft


def _new(session: Any) -> dict[str, Any]:
    """A new one begins with the segment that its address names, else with the only one there is.

    It is called like that, until its reader says otherwise.
    """
    if segment := frame.query("segment"):
        chosen = [segments.find(session, named(segment))]
    else:
        chosen = segments.everything(session)
    if len(chosen) != 1:
        return {}
    name = chosen[0].name
    return {"segments": [name]} | ({} if look_up(session, ExportRow, name) else {"name": name})


def go_on(person: Person, draft: Draft, title: str) -> Draft:
    """The same with what was typed before and not saved, where that is to be continued."""
    saved = draft.data if draft.row else {}
    differs = partial(differences.show_change, LABELS, WORDS, saved)
    typed = drafts.begin(person, draft.kept_as, title, saved, _is_drawn(draft), differs=differs)
    if not typed:
        return draft
    sources = {row.name: row.source_id for row in draft.segments}
    data = {**draft.data, **typed}
    chosen = [sources[name] for name in data["segments"] if name in sources]
    return replace(
        draft,
        data=data,
        list_name=draft.list_name if data["list_id"] == draft.data.get("list_id") else None,
        source_id=chosen[0] if chosen else None,
    )


def destination_of(draft: Draft, connection: str | None) -> Capabilities:
    """What the chosen connection's destination declares; until one is chosen, the likeliest's."""
    types = {row.type for row in draft.connections if row.name == connection}
    types = types or {row.type for row in draft.connections}
    return kind_of(types.pop() if len(types) == 1 else DEFAULT).capabilities


def problem(draft: Draft, field: str, value: object, needed: str) -> None:
    """What is wrong at a field: that it is needed, once saving was tried, or what saving found."""
    if tried(draft) and not value:
        kit.problem(needed)
    else:
        forms.problem(draft.form, field)


def tried(draft: Draft) -> bool:
    """Whether somebody tried to save while something was missing."""
    return bool(st.session_state.get(f"{draft.form}-tried"))


def try_without(draft: Draft) -> None:
    """From now on each field says that it is needed."""
    st.session_state[f"{draft.form}-tried"] = True
    forms.point_out(draft.form)


def _forget_abandoned(draft: Draft) -> None:
    """Streamlit drops the widgets of a form that was left; this drops the rest."""
    if _is_drawn(draft):
        return
    for key in [k for k in st.session_state if str(k).startswith(f"{draft.form}-")]:
        del st.session_state[key]


def _is_drawn(draft: Draft) -> bool:
    return f"{draft.form}-name" in st.session_state
