"""Removes a connection: one choice for all of its exports, and what will happen before it does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from core.access import Person, Role
from core.destinations.register import kind_of
from core.runs import removal
from core.store.connections import MOVE, REMOVE
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.texts import _, many
from pages.connections.facts import Around
from pages.ui import frame, links
from pages.ui.words import plain

DETACH = "detach"
WORDS = {DETACH: _("Detach"), MOVE: _("Move"), REMOVE: _("Remove")}
ALL, TARGET, EACH = "fate-all", "fate-target", "fate-each"  # keys
NAMED = 3  # lists of a sentence
SCROLLED = 280  # pixels of the choices for each export


def ask(found: Around) -> None:
    """The dialog."""
    row, exports = found.item.row, found.item.exports

    @st.dialog(_("Remove “{name}”?").format(name=plain(row.name)), width="medium")
    def confirm() -> None:
        frame.guard(Role.administrator)
        st.markdown(_consequences(found))
        fates = _choose(found) if exports else {}
        if exports:
            st.info(_outcome(found, fates), icon=":material/arrow_forward:")
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Cancel"), key="keep", type="tertiary"):
                st.rerun()
            ids = [export.id for export in exports]
            if st.button(
                _label(fates),
                key="remove",
                type="primary",
                on_click=frame.pressed,
                args=(partial(_removal, row.id, ids),),
            ):
                frame.stay()

    confirm()


def _consequences(found: Around) -> str:
    text = _(
        "Its key is deleted and nothing more is sent through it. What was sent stays in "
        "{destination} and in the history."
    ).format(destination=_destination(found.item.row))
    if found.running:
        names = ", ".join(f"**{plain(name)}**" for name in found.running)
        text += " " + _("These runs are cancelled first: {names}.").format(names=names)
    n = len(found.item.exports)
    if not n:
        return text + " " + _("No export uses it.")
    return f"{text}\n\n" + many("**{n} export uses it.**", "**{n} exports use it.**", n)


def _choose(found: Around) -> dict[int, str]:
    """What becomes of each export: the one choice for all, or where unfolded a choice for each."""
    n, movable = len(found.item.exports), bool(found.replacements)
    chosen = st.radio(
        _("What becomes of them"),
        [fate for fate in WORDS if movable or fate != MOVE],
        format_func=lambda fate: _for_all(fate, n),
        captions=[_meaning(fate, n) for fate in WORDS if movable or fate != MOVE],
        key=ALL,
    )
    box = st.expander(_("Decide for each export"), key=EACH, on_change="rerun") if n > 1 else None
    fates = dict.fromkeys((export.id for export in found.item.exports), chosen)
    if box and box.open:
        with box, st.container(height=SCROLLED, border=False):
            fates = {e.id: _fate(e, chosen, movable) for e in found.item.exports}
    if MOVE in fates.values():
        st.selectbox(
            _("Move to"),
            [one.id for one in found.replacements],
            format_func=lambda id: _name(found.replacements, id),
            key=TARGET,
        )
    return fates


def _fate(export: ExportRow, chosen: str, movable: bool) -> str:
    """The choice for one; another choice for all begins it anew."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"fate-row-{export.id}"):
        links.draw(links.export(export.id, export.name), f"fate-{export.id}", 260, strong=True)
        fate: str = st.radio(
            plain(export.name),
            [one for one in WORDS if movable or one != MOVE],
            [one for one in WORDS if movable or one != MOVE].index(chosen),
            format_func=WORDS.__getitem__,
            horizontal=True,
            key=_key(export.id, chosen),
            label_visibility="collapsed",
        )
    return fate


def _key(export_id: int, chosen: str) -> str:
    return f"fate-{export_id}-{chosen}"


def _for_all(fate: str, n: int) -> str:
    if fate == MOVE:
        return many("Move it to another connection", "Move all {n} to another connection", n)
    if fate == REMOVE:
        return many("Remove it, too", "Remove all {n}, too", n)
    return many("Detach it", "Detach all {n}", n)


def _meaning(fate: str, n: int) -> str:
    if fate == MOVE:
        return many(
            "It keeps its schedule and its list.",
            "They keep their schedules and their lists.",
            n,
        )
    if fate == REMOVE:
        return many(
            "Its settings are gone for good; its runs stay in the history.",
            "Their settings are gone for good; their runs stay in the history.",
            n,
        )
    return many(
        "It keeps its settings but doesn't run until it is given another connection.",
        "They keep their settings but don't run until they are given another connection.",
        n,
    )


def _outcome(found: Around, fates: Mapping[int, str]) -> str:
    """What will happen, in numbers, and which lists stay: all of them do."""
    counts = Counter(fates.values())
    parts = []
    if n := counts[REMOVE]:
        parts.append(many("{n} export is removed.", "{n} exports are removed.", n))
    if n := counts[MOVE]:
        to = plain(_name(found.replacements, st.session_state.get(TARGET)))
        text = many("{n} export is moved to {to}.", "{n} exports are moved to {to}.", n, to=to)
        parts.append(text)
    if n := counts[DETACH]:
        parts.append(many("{n} export is detached.", "{n} exports are detached.", n))
    return " ".join([*parts, _lists(found)])


def _lists(found: Around) -> str:
    names = list(dict.fromkeys(row.list_name or row.list_id for row in found.item.exports))
    shown = ", ".join(plain(name) for name in names[:NAMED])
    if len(names) > NAMED:
        shown += " " + many("and {n} more", "and {n} more", len(names) - NAMED)
    return many(
        "The list {names} stays in {destination} with everyone on it.",
        "The lists {names} stay in {destination} with everyone on them.",
        len(names),
        names=shown,
        destination=_destination(found.item.row),
    )


def _label(fates: Mapping[int, str]) -> str:
    """What the button does, with the number of exports that go with it."""
    if n := Counter(fates.values())[REMOVE]:
        return many("Remove connection and {n} export", "Remove connection and {n} exports", n)
    return _("Remove connection")


def _destination(row: ConnectionRow) -> str:
    return kind_of(row.type).title


def _name(rows: Sequence[ConnectionRow], id: int | None) -> str:
    return next((row.name for row in rows if row.id == id), rows[0].name if rows else "")


def _removal(connection_id: int, exports: Sequence[int], person: Person) -> None:
    """With what is chosen for each export now, not when the dialog was drawn."""
    state = st.session_state
    chosen = state.get(ALL, DETACH)
    fates = dict.fromkeys(exports, chosen)
    if state.get(EACH):
        fates = {id: state.get(_key(id, chosen), chosen) for id in exports}
    if removal.ask(frame.store(), person, connection_id, fates, state.get(TARGET)):
        frame.notify(_("The connection is removed."))
    else:
        frame.notify(_("The connection is removed once its runs have stopped."))
