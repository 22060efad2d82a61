"""The exports as rows: how each stands, what it moved, and what can be done with it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from core.access import Action, Person, may
from core.store import export_segments, exports, preferences, runs
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _
from pages.exports import actions
from pages.runs import marks, schedule_row, standing
from pages.ui import frame, kit, links, row_cells
from pages.ui.rows import Column, Table
from pages.ui.words import brief, plain

ORDER = (  # of states, in which somebody looks for what needs them
    *("held", "failed", "over", "partial", "detached", "running", "queued"),
    *("succeeded", "cancelled", "never", "paused"),
)
LAST = 12  # sizes of a line
ASKED = "run-asked"  # key in the session: the export whose run is asked about below the rows


@dataclass(frozen=True, slots=True)
class ExportItem:
    """An export with what its row shows."""

    row: ExportRow
    parts: list[Run]  # of the newest run; none before the first one
    segments: list[str]
    excluded: list[str]  # segments that it leaves out
    sizes: list[int]  # profiles sent by the last ended runs, oldest first
    state: standing.State
    connection: ConnectionRow | None
    next_time: datetime | None  # by its schedule
    paused: bool
    scheduled: bool
    may_change: bool
    may_run: bool

    @property
    def run(self) -> Run | None:
        """The part that stands for the newest run."""
        return runs.standing_for(self.parts) if self.parts else None

    @property
    def list(self) -> str:
        """The name of its list; its id where no name is known."""
        return self.row.list_name or self.row.list_id

    @property
    def tags(self) -> tuple[str, ...]:
        """What it is tagged with."""
        return tuple(self.row.spec.get("tags", ()))

    @property
    def status(self) -> str:
        """Its state as the row shows it: paused only where nothing else is to say."""
        quiet = self.state.status in ("succeeded", "never", "cancelled")
        return "paused" if self.paused and quiet else self.state.status


def read(person: Person) -> list[ExportItem]:
    """All exports with what their rows show this person, in one transaction."""
    now = datetime.now(UTC)
    with frame.store().begin() as session:
        rows, latest = exports.everything(session), runs.latest(session)
        ids = [row.id for row in rows]
        refresh = preferences.refresh(session)
        segments = export_segments.segment_names(session, ids)
        sizes = runs.sizes(session, ids, LAST)
        excluded = export_segments.segment_names(session, ids, excluded=True)
        found = []
        for row in rows:
            connection = exports.connection_of(session, row)
            scheduled = schedule_row.read(session, person, row, refresh, now)
            parts = latest.get(row.id, [])
            item = ExportItem(
                row=row,
                parts=parts,
                segments=segments.get(row.id, []),
                excluded=excluded.get(row.id, []),
                sizes=sizes.get(row.id, []),
                state=standing.of(row, parts),
                connection=connection,
                next_time=scheduled.next_time,
                paused=scheduled.status == "paused",
                scheduled=scheduled.status in ("active", "paused"),
                may_change=may(person, Action.manage_exports, connection),
                may_run=may(person, Action.run, connection),
            )
            found.append(item)
    return found


def table(items: list[ExportItem]) -> Table[ExportItem]:
    """How exports look as rows."""
    acts = any(item.may_run or item.may_change for item in items)
    return Table(
        is_sample=lambda item: item.row.sample,
        kind="export",
        columns=COLUMNS,
        identity=lambda item: (item.row.id, item.row.name),
        link=lambda item: links.export(item.row.id, item.row.name),
        actions=_actions,
        bulk=actions.bulk if acts else None,
        name_width=160,
    )


def _route(item: ExportItem) -> str:
    names = ", ".join(item.segments[:2])
    if len(item.segments) > 2:
        names += f" + {len(item.segments) - 2}"
    return row_cells.two(names, f"→ {item.list}")


def _status(item: ExportItem) -> str:
    word = item.state.word if item.status != "paused" else None
    why = frame.readable(item.run.hold or item.run.error) if item.run and item.state.needs else None
    return row_cells.badge(item.status, word, why)


def _last(item: ExportItem) -> str:
    return row_cells.text(brief(item.run.created_at) if item.run else "", gray=True)


def _size(item: ExportItem) -> str:
    if item.run is None:
        return ""
    n = standing.profiles(item.run, sum(part.valid for part in item.parts))
    color = "violet" if item.status == "held" else "green"
    return row_cells.number(n, _("profiles"), item.sizes, color)


def _next(item: ExportItem) -> str:
    if item.status == "held":
        return row_cells.text(_("Waits for you"), gray=True)
    return row_cells.text(brief(item.next_time) if item.next_time else "", gray=True)


def _connection(item: ExportItem) -> str:
    if item.connection is None:
        return row_cells.mark("", _("No connection"), icon="link_off")
    name, words = item.connection.name, marks.in_words(item.connection)
    if (kind := marks.kind(item.connection)) == "live":
        return row_cells.mark(name, words)
    return row_cells.mark(name, words, "blue", icon=kit.STATUS[kind][1])


def _owner(item: ExportItem) -> str:
    name = item.row.created_by
    return row_cells.mark(name, _("Owner: {name}").format(name=name))


def _permission(item: ExportItem) -> str:
    return row_cells.text(_("Edit") if item.may_change else _("View"), gray=True)


def _profiles(item: ExportItem) -> int:
    return -sum(part.valid for part in item.parts)


def _when(moment: datetime | None) -> float:
    return -moment.timestamp() if moment else 0.0


COLUMNS: tuple[Column[ExportItem], ...] = (
    Column("segment", _("Segment → list"), _route, order=lambda one: one.segments),
    Column(
        "status",
        _("Status"),
        _status,
        164,
        order=lambda one: ORDER.index(one.status),
    ),
    Column(
        "last",
        _("Last run"),
        _last,
        76,
        order=lambda one: _when(one.run.created_at if one.run else None),
        wide=True,
    ),
    Column("profiles", _("Profiles"), _size, 130, order=_profiles, number=True),
    Column(
        "next",
        _("Next run"),
        _next,
        76,
        order=lambda one: one.next_time.timestamp() if one.next_time else float("inf"),
        wide=True,
    ),
    Column(
        "connection",
        _("On"),
        _connection,
        28,
        order=lambda one: one.connection.name.casefold() if one.connection else "",
        widest=True,
    ),
    Column("permission", _("Your permission"), _permission, 68, wide=True),
    Column(
        "owner",
        _("By"),
        _owner,
        28,
        order=lambda one: one.row.created_by.casefold(),
        widest=True,
    ),
)


def _actions(item: ExportItem) -> None:
    row = item.row
    busy = item.state.status in standing.BUSY
    if item.may_run:
        pressed = st.button(
            _("Run {name}").format(name=plain(row.name)),
            icon=":material/play_arrow:",
            key=f"run-{row.id}",
            type="tertiary",
            disabled=busy or row.connection_id is None,
        )
        if pressed:
            st.session_state[ASKED] = row.id
    actions.menu(item)
