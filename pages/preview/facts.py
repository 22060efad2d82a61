"""What is known of an export before its preview is computed, read in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from core.access import Action, Person, may
from core.configuration.export import Export
from core.destinations.capabilities import Capabilities
from core.destinations.register import DEFAULT, kind_of
from core.profiles.freshness import Freshness
from core.runs.history import ListPoint, list_points
from core.store import (
    approvals,
    export_segments,
    exports,
    preferences,
    second_person,
    slots,
    sources,
)
from core.store.runs import everything, how_many
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow
from core.store.tables.exports import ExportRow, ProposalRow
from core.store.tables.runs import Run, RunKind
from core.store.tables.schedules import Slot
from pages.runs import schedule_row
from pages.runs.rows import RunItem, items
from pages.ui import frame
from pages.ui.words import named

LAST = 5  # runs and slots shown
PERIODS = (14, 30, 90)  # days for which the list may be drawn
PERIOD = "days"  # in the address, and the key of the choice


@dataclass(frozen=True, slots=True)
class Facts:
    """An export with its settings, its past, and what its reader may do with it."""

    row: ExportRow
    spec: Export
    segments: list[SegmentRow]  # that it takes
    connection: ConnectionRow | None
    past: list[RunItem]  # the newest runs, newest first
    run_count: int
    schedule: schedule_row.ScheduleRow
    slots: list[Slot]  # the newest times of its schedule
    points: list[ListPoint]  # its list after each run of the last days
    source_id: int
    source_name: str
    of_dbt: bool  # whether the source is a model of dbt
    freshness: Freshness | None  # of the source's data, as it was read last
    source_rows: int  # as they were counted last; 0 where they weren't
    may_run: bool
    may_change: bool
    proposal: ProposalRow | None  # a change that waits for a second person
    others: list[str]  # who may change it, where it needs a second person
    may_manage: bool  # connections, whose pages are for administrators

    @property
    def destination(self) -> Capabilities:
        """What its destination declares; the usual one's for an export without a connection."""
        return kind_of(self.connection.type if self.connection else DEFAULT).capabilities

    @property
    def runs(self) -> list[Run]:
        """The newest ones, newest first, of a split its first part."""
        return [item.run for item in self.past]

    @property
    def sends(self) -> list[Run]:
        """Those of them that sent the export: the others took one back."""
        return [run for run in self.runs if run.kind == RunKind.export]

    @property
    def parts(self) -> dict[int, list[Run]]:
        """All parts of each of them, by its id."""
        return {item.run.id: list(item.parts) for item in self.past}

    @property
    def stops(self) -> bool:
        """Whether nothing is sent above the limit."""
        return self.spec.over_limit == "stop"


def period() -> int:
    """The days for which the list is drawn: as they are chosen, or as the address says."""
    asked = str(st.session_state.get(PERIOD) or frame.query(PERIOD)).split(" ")[0]
    return int(asked) if asked in map(str, PERIODS) else PERIODS[1]


def read(person: Person, chosen: str) -> Facts:
    """The facts of the export with this name or id. Raises Unknown."""
    with frame.store().begin() as session:
        row = exports.find(session, named(chosen))
        connection = exports.connection_of(session, row)
        refresh = preferences.refresh(session)
        newest = everything(session, export_id=row.id, whole=True, limit=LAST)
        source, now = export_segments.source_of(session, row), datetime.now(UTC)
        past = everything(
            session, export_id=row.id, since=now - timedelta(days=period()), limit=None
        )
        return Facts(
            row=row,
            spec=exports.spec(session, row),
            segments=export_segments.segments_of(session, row),
            connection=connection,
            past=items(session, newest),
            run_count=how_many(session, export_id=row.id, whole=True),
            schedule=schedule_row.read(session, person, row, refresh, now),
            slots=slots.everything(session, export_id=row.id, limit=LAST),
            points=list_points(past),
            source_id=source.id,
            source_name=source.name,
            of_dbt=sources.spec(source).dbt is not None,
            freshness=sources.freshness(source),
            source_rows=source.rows or 0,
            may_run=may(person, Action.run, connection),
            may_change=may(person, Action.manage_exports, connection),
            proposal=approvals.of(session, row),
            others=second_person.approvers(session, connection)
            if second_person.is_needed(row)
            else [],
            may_manage=may(person, Action.manage_connections),
        )
