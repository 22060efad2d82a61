"""The exports as rows: how each stands, what it moved, and what can be done with it."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.access import Action, Person, may
from core.store import exports, runs
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _, many
from pages.runs import live, marks, standing
from pages.runs.route import route
from pages.ui import charts, frame, kit
from pages.ui.words import plain, when

GAP = "xsmall"  # between the parts at the end of a row


@dataclass(frozen=True, slots=True)
class Shown:
    """An export with what its row tells."""

    row: ExportRow
    run: Run | None  # the newest one
    segments: list[str]
    sizes: list[int]  # profiles sent by the last ended runs, oldest first
    how: standing.Standing
    mark: str  # of its connection, in markdown; empty for none
    manages: bool  # whether its reader may change it
    runs: bool  # whether its reader may run it


def read(person: Person, wanted: list[ExportRow], latest: dict[int, Run]) -> list[Shown]:
    """What the rows tell this person of these exports."""
    with frame.store().begin() as session:
        return [_shown(session, person, row, latest.get(row.id or 0)) for row in wanted]


def _shown(session, person: Person, row: ExportRow, run: Run | None) -> Shown:
    connection = exports.connection_of(session, row)
    return Shown(
        row,
        run,
        [segment.name for segment in exports.segments_of(session, row)],
        runs.sizes(session, row.id or 0),
        standing.of(row, run),
        marks.mark(connection) if connection else "",
        may(person, Action.manage_exports, connection),
        may(person, Action.run, connection),
    )


def draw(shown: Shown) -> None:
    """One row, with the one sentence that it may need."""
    row, how = shown.row, shown.how
    with st.container(border=True, gap="small", key=f"export-{row.id}"):
        with st.container(**kit.ROW, gap="xsmall"):
            kit.named(row.name, f"{shown.mark} {route(row, shown.segments)}".strip(), 208)
            with st.container(width=128):
                kit.badge(how.status)
            _last(shown.run)
            _size(shown)
            _permission(shown)
            with st.container(
                horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"
            ):
                _act(shown)
                _more(shown)
        if how.note:
            icon, color = kit.STATUS[how.status][1:]
            st.markdown(f":small[:{color}[:material/{icon}:] {how.note}]")


def _last(run: Run | None) -> None:
    last, by = (when(run.created_at), plain(run.by)) if run else ("—", "—")
    lines = f":small[:gray[{_('Last')}] &nbsp;{last}]  \n:small[:gray[{_('By')}] &nbsp;{by}]"
    st.markdown(lines, width=168)


def _size(shown: Shown) -> None:
    with st.container(**kit.ROW, gap="xsmall", wrap=False, width=156):
        kit.number(shown.run.valid if shown.run else "—", _("profiles"), 70)
        if len(shown.sizes) > 1:
            told = _("Profiles sent by the last runs of {name}: from {first} to {last}").format(
                name=shown.row.name, first=f"{shown.sizes[0]:,}", last=f"{shown.sizes[-1]:,}"
            )
            charts.spark(shown.sizes, told)


def _permission(shown: Shown) -> None:
    word = _("Edit") if shown.manages else _("View")
    st.markdown(f":small[{word}]  \n:small[:gray[{_('Your permission')}]]", width=104)


def _act(shown: Shown) -> None:
    row, how = shown.row, shown.how
    if shown.run and how.needs:
        standing.act(row, shown.run, how, "act")
        return
    runs_now = how.status in standing.BUSY
    if shown.runs:
        st.button(
            _("Run"),
            icon=":material/play_arrow:",
            key=f"run-{row.id}",
            disabled=runs_now or row.connection_id is None,
            on_click=frame.pressed,
            args=(partial(live.start, row.id or 0), _("“{n}” runs.").format(n=row.name)),
        )


def _more(shown: Shown) -> None:
    row = shown.row
    choices = [_("Preview")]
    if shown.runs and shown.how.needs and row.connection_id:
        choices += [_("Run again")]
    if shown.manages:
        choices += [_("Edit"), _("Duplicate")]
        choices += [_("Detach")] if row.connection_id else []
        choices += [_("Remove")]
    chosen = st.menu_button(_("More"), choices, key=f"more-{row.id}", type="tertiary")
    if chosen == _("Preview"):
        frame.go("preview", export=row.id)
    if chosen == _("Run again"):
        frame.pressed(partial(live.start, row.id or 0), _("“{n}” runs.").format(n=row.name))
        st.rerun()
    if chosen in (_("Edit"), _("Duplicate")):
        view = "edit" if chosen == _("Edit") else "duplicate"
        frame.stay(export=row.id, view=view)
    if chosen == _("Detach"):
        _detach(shown)
    if chosen == _("Remove"):
        _remove(shown)


def _detach(shown: Shown) -> None:
    text = _(
        "**{name}** keeps its configuration and its history, but doesn't run until somebody "
        "chooses a connection for it again."
    )
    kit.confirm(
        _("Detach the export?"),
        text.format(name=plain(shown.row.name)),
        _("Detach"),
        partial(_do, exports.detach, shown.row.id or 0),
        _("“{name}” is detached.").format(name=shown.row.name),
    )


def _remove(shown: Shown) -> None:
    with frame.store().begin() as session:
        n = runs.how_many(session, export_id=shown.row.id)
    text = _(
        "**{name}** and its data matching go for good. {runs} in history. The list "
        "{list} in Klaviyo and the people on it stay as they are."
    )
    kit.confirm(
        _("Remove the export?"),
        text.format(
            name=plain(shown.row.name),
            runs=many("Its {n} run stays", "Its {n} runs stay", n),
            list=plain(shown.row.list_name or shown.row.list_id),
        ),
        _("Remove export"),
        partial(_do, exports.remove, shown.row.id or 0),
        _("“{name}” is removed.").format(name=shown.row.name),
    )


def _do(action, export_id: int, person: Person) -> None:
    with frame.store().begin() as session:
        action(session, person, exports.find(session, export_id))
