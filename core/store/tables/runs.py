"""Tables of runs and of their jobs, the states of both, and which may follow which."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlmodel import Field

from core.store.database import Moment, now
from core.store.tables.base import Table

if TYPE_CHECKING:
    from core.configuration.order import Order
    from core.destinations.read_back import ReadBack

AGENT = "agent"  # the trigger of a run that an agent requested: a person always confirms it


class RunStatus(StrEnum):
    """Where a run stands; see STEPS for what may follow."""

    queued = "queued"
    running = "running"
    held = "held"
    succeeded = "succeeded"
    partial = "partial"
    cancelled = "cancelled"
    failed = "failed"


ENDED = frozenset({RunStatus.succeeded, RunStatus.partial, RunStatus.cancelled, RunStatus.failed})
STEPS: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.queued: frozenset({RunStatus.running, RunStatus.cancelled, RunStatus.failed}),
    RunStatus.running: ENDED | {RunStatus.held, RunStatus.running},
    RunStatus.held: frozenset({RunStatus.queued, RunStatus.cancelled}),
    **{status: frozenset() for status in ENDED},
}


class RunKind(StrEnum):
    """What a run is for."""

    export = "export"
    undo = "undo"  # takes another run back
    restore = "restore"  # takes a list back to who was on it on a day


class Stage(StrEnum):
    """What a running run is doing, and a cancelled one that has ended."""

    reading = "reading"
    sending = "sending"
    waiting = "waiting"
    clearing = "clearing"  # fields of profiles that were accepted
    recording = "recording"  # what a cancelled run delivered, in the ledger of its list


class JobStatus(StrEnum):
    """How a job at the destination stands, in the words that the database keeps."""

    sending = "sending"
    queued = "queued"
    processing = "processing"
    complete = "complete"
    cancelled = "cancelled"
    stuck = "stuck"
    refused = "refused"  # every row of the batch was refused, so no job was made
    failed = "failed"  # never accepted


FIGURES = (
    *("created_at", "status", "export_id", "export", "list_id", "connection_id", "trigger", "by"),
    *("first_id", "part", "parts", "members", "valid", "unchanged", "sent", "not_sent", "accepted"),
    *("refused", "undelivered", "counting", "batches", "seconds", "finished_at"),
)
COUNTING, RECORDING = "counting > 0", "stage = 'recording'"  # as queries have to say it, too


def _partial(name: str, where: str, *columns: str) -> sa.Index:
    """An index of the rows for which it is so."""
    text = sa.text(where)
    return sa.Index(name, *columns, sqlite_where=text, postgresql_where=text)


class Run(Table, table=True):
    """One run of an export: what was asked, how far it is, how it ended. Numbers are profiles."""

    __tablename__ = "run"
    id: int = Field(default=None, primary_key=True)
    export_id: int | None = Field(
        default=None, foreign_key="export.id", ondelete="SET NULL", index=True
    )
    export: str
    account: str
    list_id: str
    connection_id: int | None = Field(default=None, index=True)  # as in its order
    trigger: str = Field(index=True)
    by: str = Field(index=True)
    status: RunStatus = Field(default=RunStatus.queued, sa_type=sa.String(12), index=True)
    stage: str | None = None
    stage_share: float = 0.0
    order_data: dict[str, Any] = Field(
        sa_type=sa.JSON, sa_column_kwargs={"name": "order"}, repr=False
    )
    part: int = 1
    parts: int = 1
    # the run with the folder that holds the frozen rows of all parts
    first_id: int | None = None
    retry_of: int | None = None
    kind: RunKind = Field(
        default=RunKind.export,
        sa_type=sa.String(12),
        sa_column_kwargs={"server_default": RunKind.export},
    )
    undo_of: int | None = Field(default=None, index=True)  # of a split its first part
    # of an undo and a restore: what is done and who is left alone, in people; as JSON
    undo: dict[str, Any] | None = Field(
        default=None, sa_type=sa.JSON(none_as_null=True), repr=False
    )
    stop_asked_by: str | None = None
    # has its account to itself until it ends
    claimed: bool = Field(default=False, sa_column_kwargs={"name": "aboard"})
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    progressed_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    seconds: float | None = None  # it took, once it has ended, less how long it was held
    list_size: int | None = None  # of its list in profiles, as it was counted after the run
    # when who was not exported, and whatever else tells of people, was removed by its age
    rejects_removed_at: datetime | None = Field(default=None, sa_type=Moment)
    # and what it froze, without which nothing of it can be retried
    files_removed_at: datetime | None = Field(default=None, sa_type=Moment)
    segments: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    members: int = 0
    valid: int = 0
    rejected: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    # what matched columns hold: the name of a Kind, and of those that changed since, why
    columns: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    warnings: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    # of those refused: why, n, new (not so in the runs before), the commonest first; as JSON
    refusals: list[dict[str, Any]] | None = Field(
        default=None, sa_type=sa.JSON(none_as_null=True), repr=False
    )
    batches: int = 0
    batches_sent: int = 0
    sent: int = 0
    accepted: int = 0
    refused: int = 0
    undelivered: int = 0
    missing: int = 0  # of those undelivered: accepted, and provably not on the list
    not_sent: int = 0  # of those undelivered: never handed over
    counting: int = 0  # of those undelivered: in jobs of a cancelled run that go on without it
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    leaving: int = 0  # to be taken off the list
    cleared: int = 0  # had fields emptied
    new_profiles: int | None = None  # of those added, as estimated when the run was guarded
    asking: int | None = None  # the number that a person has to confirm, where a guard holds it
    confirmed: int | None = None  # and the one that they confirmed
    read_back_data: dict[str, Any] | None = Field(
        default=None, sa_type=sa.JSON(none_as_null=True), sa_column_kwargs={"name": "read_back"}
    )
    requests: int = 0
    throttled: int = 0
    error: str | None = None
    hold: str | None = None  # why it is held, a sentence; `holds` counts how often it was
    holds: int = 0
    # each hold: since, why, and once it is over until, by (whose deed), deed, number; as JSON
    held_data: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=sa.JSON, sa_column_kwargs={"name": "held"}
    )
    export_user: str | None = None  # in whose name it runs
    # made by the demo, before anybody had it
    sample: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})

    @property
    def order(self) -> "Order":
        """The export as it was when the run was asked for; read from JSON at each call."""
        from core.configuration.order import Order  # which takes longer to import than all tables

        return Order.read(self.order_data)

    @property
    def leaves_over(self) -> bool:
        """Whether something of it is left to do: profiles, or people of an undo to be taken off."""
        return self.undelivered > 0 or (self.undo is not None and not self.undo.get("complete"))

    @property
    def is_recording(self) -> bool:
        """Whether it has ended, and what it delivered isn't in the ledger yet."""
        return self.finished_at is not None and self.stage == Stage.recording

    @property
    def is_settling(self) -> bool:
        """Whether something of it is still to be found out or recorded though it has ended."""
        return self.is_recording or self.counting > 0

    @property
    def read_back(self) -> "ReadBack | None":
        """What the run found on its list; None before it has looked at it."""
        from core.destinations.read_back import ReadBack  # as with the order

        return ReadBack.read(self.read_back_data) if self.read_back_data else None

    __table_args__ = (
        # A row is larger than a page of SQLite's: what lists and charts need of it stands here.
        sa.Index("run_figures", *FIGURES),
        _partial("ix_run_first_id", "first_id is not null", "first_id"),
        _partial("ix_run_retry_of", "retry_of is not null", "retry_of"),
        _partial(
            "run_counted",
            "list_size is not null",
            *("account", "list_id", "finished_at", "list_size"),
        ),
        _partial("run_counting", COUNTING, "id"),
        _partial("run_recording", RECORDING, "id"),
        sa.Index(
            "one_active_run_per_export",
            "export_id",
            "part",
            unique=True,
            sqlite_where=sa.text("finished_at is null"),
            postgresql_where=sa.text("finished_at is null"),
        ),
        sa.Index(
            "one_run_aboard_per_account",
            "account",
            unique=True,
            sqlite_where=sa.text("finished_at is null and aboard"),
            postgresql_where=sa.text("finished_at is null and aboard"),
        ),
    )


class RunDetail(Table, table=True):
    """What a run knows besides, too much for lists of runs."""

    __tablename__ = "run_detail"
    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    # its source as the run has read it, see `core.profiles.profile`; as JSON
    source: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    # its requests: totals by kind and status, and a bounded sample; as JSON
    requests: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))


class Job(Table, table=True):
    """One batch of a run on its way: which import job took it and what became of it."""

    __tablename__ = "job"
    run_id: int = Field(primary_key=True, foreign_key="run.id", ondelete="CASCADE")
    batch: int = Field(primary_key=True)
    job_id: str | None = None
    profiles: int
    bytes: int
    status: JobStatus = Field(default=JobStatus.sending, sa_type=sa.String(12))
    accepted: int = 0
    refused: int = 0
    error: str | None = None
    sent_at: datetime = Field(default_factory=now, sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    checks: int = 0
    misses: int = 0
    checked_at: datetime | None = Field(default=None, sa_type=Moment)
