"""What pages say of runs that take others back: which undoes which, and what that did."""

from functools import partial

import streamlit as st

from core.access import Person
from core.runs import previous_values, undo_words
from core.store import exports, runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import ENDED, Run, RunKind
from core.texts import _, many
from pages.ui import frame
from pages.ui.words import plain, size, when


def links_of(run: Run) -> None:
    """On a run's page: the run that it undoes, or that undid it."""
    with frame.store().begin() as session:
        undo = runs.undone_by(session, run) if run.kind == RunKind.export else None
    if undo:
        done = undo.status in ENDED
        text = _("Undone by run {n}") if done else _("Run {n} is undoing it")
        _link(text.format(n=undo.id), undo.id)
    elif run.undo_of:
        _link(_("Undoes run {n}").format(n=run.undo_of), run.undo_of)


def kept(run: Run) -> None:
    """What the previous values take that a run has replaced, where any are kept."""
    if taken := previous_values.of_run(frame.store(), run):
        text = _("Previous values of those it changed are kept for an undo: {size}.")
        st.markdown(f":small[:gray[{text.format(size=size(taken))}]]")


def _link(text: str, run_id: int) -> None:
    st.page_link(
        frame.file_of("history"),
        label=text,
        icon=":material/undo:",
        query_params={"run": str(run_id)},
    )


def origin(run: Run) -> str | None:
    """What a list of runs says of it; None for a run of an export."""
    if run.kind == RunKind.undo:
        return _("undo of run {n}").format(n=run.undo_of)
    return _("list restored to a day") if run.kind == RunKind.restore else None


def figures(run: Run) -> list[tuple[str, str, str]]:
    """Label, number and words of what an undo does, or has done."""
    ended = run.status in ENDED
    removed = f"{run.removed:,}" if ended else f"{run.leaving:,}"
    alone = sum((run.undo or {}).get("alone", {}).values())
    return [
        (_("Taken off"), removed, _("the list")),
        (_("Put back"), f"{run.added:,}", _("on the list")),
        (_("Restored"), f"{run.updated:,}", _("previous values")),
        (_("Left alone"), f"{alone:,}", _("see why below") if alone else _("nobody")),
    ]


def left_alone(run: Run) -> None:
    """Whom an undo left as they are, by reason."""
    lines = [f"- **{n}** {plain(words)}" for words, n in _counted(run)]
    if lines:
        with st.container(border=True, gap="small", key="left-alone"):
            st.header(_("Left alone"), anchor=False)
            st.markdown("\n".join(lines))


def _counted(run: Run) -> list[tuple[str, str]]:
    return [(words, f"{n:,}") for words, n in undo_words.counted(run).items()]


def notice(row: ExportRow, may_change: bool) -> None:
    """On an export's page: that its last run undid another one, and what its next run would do."""
    with frame.store().begin() as session:
        run = runs.last_undo(session, row.id)
        paused = exports.paused(row)
        scheduled = exports.schedule(row) != "off"
    if run is None or not (run.removed or run.accepted):
        return
    st.info(_sentence(run), icon=":material/undo:", title=_title(run))
    if scheduled and may_change:
        label = _("Resume its schedule") if paused else _("Pause its schedule")
        st.button(
            label,
            icon=":material/play_circle:" if paused else ":material/pause_circle:",
            key="undo-pause",
            on_click=frame.pressed,
            args=(partial(_pause, row.id, not paused),),
        )


def _title(run: Run) -> str:
    if run.kind == RunKind.restore:
        return _("The list was restored to a day")
    return _("Run {n} was undone").format(n=run.undo_of)


def _sentence(run: Run) -> str:
    text = _("By {who}, {when}.").format(who=plain(run.by), when=when(run.finished_at))
    if run.removed:
        text += " " + many(
            "The next run would add {n} again, if they are still in its segments.",
            "The next run would add {n} again, if they are still in its segments.",
            run.removed,
        )
    if run.accepted:
        text += " " + _("It would change those that were put back or restored again, too.")
    return text


def _pause(export_id: int, paused: bool, person: Person) -> None:
    with frame.store().begin() as session:
        exports.pause(session, person, exports.find(session, export_id), paused)
