"""Adding or changing a source: the file, what is found in it, its name; then Save."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import streamlit as st

from core.access import Person, Role
from core.audience import looks
from core.configuration import source
from core.errors import Invalid
from core.profiles.freshness import DATED
from core.profiles.sources import Schema
from core.store import sources
from core.store.drafts import Form
from core.store.lost_columns import dropped, refuse_dropped
from core.store.tables.data import SourceRow
from core.texts import _
from pages.sources import after_saving, database, joined, joined_data, place
from pages.sources import found as source_found
from pages.sources import options as source_options
from pages.sources.joined_data import Data
from pages.sources.options import Options
from pages.ui import cells, drafts, forms, frame, kit
from pages.ui.words import plain

FORM = "source"
LOOK = f"{FORM}-look"  # key in the session: what was found, and with which options
TRIED = f"{FORM}-tried"  # key in the session: with which options the file was looked at last
NAMED = f"{FORM}-named"  # key in the session: whether there was a file to look at
# Fields of the place, which show what is wrong there.
SHOWN = ("path", "url", "table", "query", "project", "model")
LABELS = {
    "name": _("Name"),
    "path": _("Path"),
    "key": _("Key field"),
    "fresh_by": _("How old the data is"),
    "encoding": _("Encoding"),
    "sheet": _("Sheet"),
    "separator": _("Separator"),
    "decimal": _("Decimal sign"),
    "dates": _("Order of dates"),
    "null_words": _("Words that mean empty"),
    "header": _("Header"),
    "skip": _("Lines to skip"),
    "comment": _("Comments begin with"),
    "quote": _("Quotes"),
    "joined": _("Fields from another table"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A place that was looked at; `wanted` are the options last tried, even in vain.

    `place` are the values that say where it is; of a database with the URL, if it is another.
    """

    place: Mapping[str, Any]
    title: str
    wanted: Options
    options: Options
    found: looks.Found


@dataclass(frozen=True, slots=True)
class Naming:
    """What is filled in below what was found."""

    name: str
    key: str | None
    fresh_by: str | None


def draw(row: SourceRow | None) -> None:
    """The whole form; for a new source without a row."""
    person = frame.guard(Role.contributor)
    frame.on_leaving("sources", leave)
    kit.back(_("Sources"), "sources")
    title = row.name if row else _("Add source")
    given = _given(person, row, title)
    with kit.head(title, _("Your data is only read, never changed.")):
        pass
    fresh = given["looked"] and TRIED not in st.session_state
    pressed = place.draw(FORM, given, row, LOOK not in st.session_state, _changed)
    if pressed or fresh:
        _look(row, given["options"])
    look: Look | None = st.session_state.get(LOOK)
    if look:
        _found(look, row)
        joins = joined.draw(FORM, look.found.schema, given["joined"], row)
        if joined.is_asked():
            joined.look(FORM, joins, {"name": look.title, **look.place, **look.options}, row)
            st.rerun()
        naming = _naming(look, given)
        _keep(person, given, options=look.wanted, looked=True, joined=joins, **asdict(naming))
        refused = [""] if look.wanted != look.options else []  # shown beside the options
        shown = (*asdict(naming), *source_options.NAMES, *joined_data.problems(joins), *refused)
        forms.rest(FORM, *SHOWN, *shown)
        _saving(person, row, look, naming, joins)
        return
    _keep(person, given)
    if (tried := st.session_state.get(TRIED)) is not None:
        _unread(person, row, tried)
    else:
        forms.rest(FORM, *SHOWN)


def _given(person: Person, row: SourceRow | None, title: str) -> dict[str, Any]:
    """What the form begins with: what is saved, or what was typed before and is continued.

    `looked` says that its file is looked at without being asked for.
    """
    empty = {"way": "upload", "path": "", "options": {}, "looked": False, "upload": None}
    empty |= {"name": None, "key": None, "fresh_by": None, "of_database": dict(database.EMPTY)}
    empty |= {"joined": []}
    given = empty | (_of_row(row) if row else {})
    saved = sources.spec(row).model_dump(mode="json") if row else {}
    form = Form("source", row.id if row else 0)
    drawn = f"{FORM}-way" in st.session_state
    typed = drafts.begin(person, form, title, saved, drawn, place.drop_of_draft)
    given |= typed
    given["options"] = {  # JSON knows no tuples
        name: tuple(choice) if isinstance(choice, list) else choice
        for name, choice in given["options"].items()
    }
    there = given["way"] in ("path", "database") or place.take_up(FORM, given["upload"])
    return given | {"looked": given["looked"] and there}


def _of_row(row: SourceRow) -> dict[str, Any]:
    spec = sources.spec(row)
    own = {"name": row.name, "key": spec.key, "fresh_by": spec.fresh_by, "options": spec.options}
    own |= {"joined": joined_data.as_data(spec)}
    if spec.is_database:
        known = {"of_database": database.of_row(row), "options": {}, "looked": True}
        return own | {"way": "database"} | known
    return {"way": "path", "path": row.path, "looked": True} | own


def _keep(person: Person, given: dict[str, Any], **found: Any) -> None:
    """Keeps what was typed so far, and which file was uploaded."""
    drafts.keep(person, given | {"looked": False} | place.typed(FORM) | found)


def _unread(person: Person, row: SourceRow | None, tried: Options) -> None:
    """A file that couldn't be read as it is: why, and what may be said of it; no way to save it."""
    shown = (*SHOWN, *source_options.NAMES)
    forms.rest(FORM, *shown)
    if forms.found(FORM, *source_options.NAMES):
        wanted = source_options.draw(FORM, None, tried, refused=True)
        if wanted != tried:
            _look(row, wanted)
    if st.session_state.get(NAMED):
        label = _("Can’t save: the file isn’t readable")
        with drafts.last_row(person, _close, "cancel"):
            st.button(
                label if row else _("Can’t add: the file isn’t readable"), disabled=True, key="save"
            )


def leave() -> None:
    """Drops what was looked at and not saved, but for an upload that a draft names."""
    _forget(keep_upload=drafts.is_changed())


def _forget(keep_upload: bool = False) -> None:
    place.drop(FORM, keep_upload)
    database.forget_tables(FORM)
    joined_data.forget()
    for key in (LOOK, TRIED, NAMED):
        st.session_state.pop(key, None)
    forms.forget(FORM)


def _changed() -> None:
    """Another place was filled in: what was found is no longer what is there."""
    place.drop(FORM)
    st.session_state.pop(LOOK, None)
    if TRIED in st.session_state:
        st.session_state[TRIED] = {}
    forms.forget(FORM)


def _look(row: SourceRow | None, options: Options) -> None:
    """Reads the place that was filled in; what was found is kept for the next drawing."""
    st.session_state[TRIED], st.session_state[NAMED] = options, False
    bar = st.progress(0.0, _("Reading …"))
    old: Look | None = st.session_state.get(LOOK)

    def read() -> None:
        title, where = place.chosen(FORM, frame.store().settings, row)
        st.session_state[NAMED] = True
        spec = source.Source(name=title[:120] or "source", **where, **options)
        person = frame.guard(Role.contributor)
        found = looks.look(
            frame.store(), person, spec, row, lambda share, doing: bar.progress(share, plain(doing))
        )
        st.session_state[LOOK] = Look(where, title, options, options, found)

    if not forms.attempt(FORM, read, "" if old else "path") and old:
        st.session_state[LOOK] = replace(old, wanted=options)
    st.rerun()


def _found(look: Look, row: SourceRow | None) -> None:
    """What was found, and the choice to read it otherwise."""
    found, refused = look.found, look.wanted != look.options
    with st.container(border=True, key="found"):
        kit.section(_("What was found"), source_found.numbers(found.rows, len(found.schema)))
        if found.facts.versions:
            st.markdown(source_found.version(found.facts))
        if detected := found.facts.detected:
            st.markdown(source_found.reading(detected))
            source_found.remarks(detected)
            wanted = source_options.draw(FORM, detected, look.wanted, refused)
            if wanted != look.wanted:
                _look(row, wanted)
        source_found.fields(found.schema, found.sample, cells.reveal(f"{FORM}-reveal"))


def _naming(look: Look, given: Mapping[str, Any]) -> Naming:
    with st.container(border=True, key="naming"):
        kit.section(_("Name and key"))
        left, middle, right = st.columns(3)
        with left:
            name = st.text_input(
                _("Name"),
                given["name"] or place.title(look.title),
                key=f"{FORM}-name",
                required=True,
                max_chars=120,
                on_change=forms.forget,
                args=(FORM,),
            )
            forms.problem(FORM, "name")
        with middle:
            fields = ["", *look.found.schema]
            key = st.selectbox(
                _("Key field"),
                fields,
                fields.index(given["key"]) if given["key"] in fields else 0,
                format_func=lambda field: field or _("None"),
                key=f"{FORM}-key",
                help=_(
                    "Optional: the field that identifies a person even when their address "
                    "changes. It has to be filled and unique in every row."
                ),
            )
            forms.problem(FORM, "key")
        with right:
            fresh_by = _fresh_by(look.found.schema, given["fresh_by"])
    return Naming((name or "").strip(), key or None, fresh_by)


def _fresh_by(schema: Schema, given: str | None) -> str | None:
    """The field whose newest date says how old the data is; None for the time of the files."""
    dated = ["", *(name for name, kind in schema.items() if kind in DATED or name == given)]
    chosen = st.selectbox(
        LABELS["fresh_by"],
        dated,
        dated.index(given) if given in dated else 0,
        format_func=lambda name: (
            _("The newest “{field}”").format(field=name) if name else _("The time of its files")
        ),
        key=f"{FORM}-fresh_by",
        help=_(
            "What says how old the data is: on the source, on its exports, and for exports that "
            "take no old data. Dates in the future don’t count."
        ),
        on_change=forms.forget,
        args=(FORM,),
    )
    forms.problem(FORM, "fresh_by")
    return chosen or None


def _saving(
    person: Person, row: SourceRow | None, look: Look, naming: Naming, joins: list[Data]
) -> None:
    drafts.review(person, LABELS, {}, _close)
    with drafts.last_row(person, _close, "cancel"):
        pressed = st.button(_("Save source"), key="save", type="primary")
    if pressed or drafts.save_anyway():
        if drafts.save(FORM, lambda: _save(person, row, look, naming, joins)):
            frame.notify(_("“{name}” is saved.").format(name=naming.name))
            after_saving.follow(person, naming.name)
            _close()
        st.rerun()


def _save(
    person: Person, row: SourceRow | None, look: Look, naming: Naming, joins: list[Data]
) -> None:
    if not naming.name:
        raise Invalid(_("Give it a name."), "name")
    if look.wanted != look.options:
        raise Invalid(_("It can’t be read like this. Choose “As found” again."), "encoding")
    joined_data.refuse_unfinished(joins)
    made = {"joined": joined_data.as_joined(joins)}
    spec = source.Source(**look.place, **asdict(naming), **look.options, **made)
    fresh = looks.check(frame.store(), person, spec, row) or look.found.freshness
    found = looks.look(frame.store(), person, spec, row) if spec.joins else look.found
    with drafts.saving(person) as s:
        if row:
            saved = sources.find(s, row.id or 0)
            now, mine = (one.model_dump(mode="json") for one in (sources.spec(saved), spec))
            drafts.refuse(s, saved.name, now, mine)
            schema, store = found.schema, frame.store()
            refuse_dropped(s, saved, dropped(saved, spec, schema))
            sources.change(s, person, saved, spec, schema, store.vault, settings=store.settings)
        else:
            saved = sources.add(s, person, spec, found.schema, frame.store().vault)
        known = found.schema, found.rows
        sources.note_reading(s, saved, *known, freshness=fresh)


def _close() -> None:
    _forget()
    st.query_params.clear()
    st.rerun()
