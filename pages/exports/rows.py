"""The exports as rows: how each stands, what it moved, and what can be done with it."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.access import Action, Person, may
from core.store import exports, runs
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _, many
from pages.exports import spark
from pages.runs import live, marks, standing
from pages.runs.route import route
from pages.ui import frame, kit
from pages.ui.words import plain, when


@dataclass(frozen=True, slots=True)
class ExportCard:
    """An export with what its row shows."""

    row: ExportRow
    parts: list[Run]  # of the newest run; none before the first one
    segments: list[str]
    sizes: list[int]  # profiles sent by the last ended runs, oldest first
    state: standing.State
    connection: ConnectionRow | None
    may_change: bool
    may_run: bool

    @property
    def run(self) -> Run | None:
        """The part that stands for the newest run."""
        return runs.standing_for(self.parts) if self.parts else None


def read(person: Person, rows: list[ExportRow], latest: dict[int, list[Run]]) -> list[ExportCard]:
    """What the rows show this person of these exports, in one transaction."""
    ids = [row.id for row in rows]
    with frame.store().begin() as session:
        connections = [exports.connection_of(session, row) for row in rows]
        segments = exports.segment_names(session, ids)
        sizes = runs.sizes(session, ids)
    return [
        ExportCard(
            row=row,
            parts=latest.get(row.id, []),
            segments=segments.get(row.id, []),
            sizes=sizes.get(row.id, []),
            state=standing.of(row, latest.get(row.id, [])),
            connection=connection,
            may_change=may(person, Action.manage_exports, connection),
            may_run=may(person, Action.run, connection),
        )
        for row, connection in zip(rows, connections, strict=True)
    ]


def draw(card: ExportCard) -> None:
    """One row, with the one sentence that it may need."""
    row, state = card.row, card.state
    with st.container(border=True, gap="small", key=f"export-{row.id}"):
        with st.container(**kit.ROW, gap="xsmall"):
            mark = marks.mark(card.connection) if card.connection else ""
            kit.named(row.name, f"{mark} {route(row, card.segments)}".strip(), 208)
            with st.container(width=128):
                kit.badge(state.status)
            _last(card.run)
            _size(card)
            _permission(card)
            with st.container(
                horizontal=True, horizontal_alignment="right", wrap=False, gap="xsmall"
            ):
                _act(card)
                _more(card)
        if state.note:
            icon, color = kit.STATUS[state.status][1:]
            st.markdown(f":small[:{color}[:material/{icon}:] {state.note}]")


def _last(run: Run | None) -> None:
    last, by = (when(run.created_at), plain(run.by)) if run else ("—", "—")
    lines = f":small[:gray[{_('Last')}] &nbsp;{last}]  \n:small[:gray[{_('By')}] &nbsp;{by}]"
    st.markdown(lines, width=168)


def _size(card: ExportCard) -> None:
    with st.container(**kit.ROW, gap="xsmall", wrap=False, width=156):
        kit.number(_valid(card), _("profiles"), 70)
        if len(card.sizes) > 1:
            text = _("Profiles sent by the last runs of {name}: from {first} to {last}").format(
                name=card.row.name, first=f"{card.sizes[0]:,}", last=f"{card.sizes[-1]:,}"
            )
            spark.draw(card.sizes, text)


def _valid(card: ExportCard) -> str:
    if (run := card.run) is None:
        return "—"
    text = standing.profiles(run, sum(part.valid for part in card.parts))
    return text if standing.is_counted(run) else f":small[{text}]"  # words take more room


def _permission(card: ExportCard) -> None:
    word = _("Edit") if card.may_change else _("View")
    st.markdown(f":small[{word}]  \n:small[:gray[{_('Your permission')}]]", width=104)


def _act(card: ExportCard) -> None:
    row, state = card.row, card.state
    if card.run and state.needs:
        standing.act(row, card.run, state, "act")
        return
    busy = state.status in standing.BUSY
    if card.may_run:
        st.button(
            _("Run"),
            icon=":material/play_arrow:",
            key=f"run-{row.id}",
            disabled=busy or row.connection_id is None,
            on_click=frame.pressed,
            args=(partial(live.start, row.id or 0), _("“{n}” is running.").format(n=row.name)),
        )


def _more(card: ExportCard) -> None:
    row = card.row
    choices = [_("Preview")]
    if card.may_run and card.state.needs and row.connection_id:
        choices += [_("Run again")]
    if card.may_change:
        choices += [_("Edit"), _("Duplicate")]
        choices += [_("Detach")] if row.connection_id else []
        choices += [_("Remove")]
    chosen = st.menu_button(_("More"), choices, key=f"more-{row.id}", type="tertiary")
    if chosen == _("Preview"):
        frame.go("preview", export=row.id)
    if chosen == _("Run again"):
        frame.pressed(partial(live.start, row.id or 0), _("“{n}” is running.").format(n=row.name))
        st.rerun()
    if chosen in (_("Edit"), _("Duplicate")):
        view = "edit" if chosen == _("Edit") else "duplicate"
        frame.stay(export=row.id, view=view)
    if chosen == _("Detach"):
        _detach(card)
    if chosen == _("Remove"):
        _remove(card)


def _detach(card: ExportCard) -> None:
    text = _(
        "**{name}** keeps its settings and its history, but doesn't run until somebody "
        "chooses a connection for it."
    )
    kit.confirm(
        _("Detach the export?"),
        text.format(name=plain(card.row.name)),
        _("Detach"),
        partial(_do, exports.detach, card.row.id or 0),
        _("“{name}” is detached.").format(name=card.row.name),
    )


def _remove(card: ExportCard) -> None:
    with frame.store().begin() as session:
        n = runs.how_many(session, export_id=card.row.id)
    text = _("**{name}** and its data matching are removed for good. {runs} in the history. {list}")
    kit.confirm(
        _("Remove the export?"),
        text.format(
            name=plain(card.row.name),
            runs=many("Its {n} run stays", "Its {n} runs stay", n),
            list=_list_stays(card),
        ),
        _("Remove export"),
        partial(_do, exports.remove, card.row.id or 0),
        _("“{name}” is removed.").format(name=card.row.name),
    )


def _list_stays(card: ExportCard) -> str:
    name = plain(card.row.list_name or card.row.list_id)
    if card.connection is None:
        return _("The list {list} and the people on it stay as they are.").format(list=name)
    text = _("The list {list} in {destination} and the people on it stay as they are.")
    return text.format(list=name, destination=marks.type_name(card.connection))


def _do(action, export_id: int, person: Person) -> None:
    with frame.store().begin() as session:
        action(session, person, exports.find(session, export_id))
