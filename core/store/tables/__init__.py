"""What is kept: the tables of the configuration and of its runs."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from core.store.database import Moment

# Constraint names on both engines, so that migrations can name them.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


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


class Stage(StrEnum):
    """What a running run is doing."""

    reading = "reading"
    sending = "sending"
    waiting = "waiting"
    clearing = "clearing"  # fields of profiles that were accepted


class JobStatus(StrEnum):
    """How an import job stands; Klaviyo's own words, and ours for what it has no word for."""

    sending = "sending"
    queued = "queued"
    processing = "processing"
    complete = "complete"
    cancelled = "cancelled"
    stuck = "stuck"
    refused = "refused"  # every row of the batch was refused, so no job was made
    failed = "failed"  # never accepted


class ConnectionState(StrEnum):
    """What the last look at a connection found."""

    unchecked = "unchecked"
    ok = "ok"
    degraded = "degraded"  # a scope is missing: some exports can't run
    broken = "broken"  # none can run
    reconnect = "reconnect"  # Klaviyo has withdrawn the authorization


class ConnectionRow(SQLModel, table=True):
    """A way to a destination, its secrets encrypted."""

    __tablename__ = "connection"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    type: str
    base_url: str
    secret: str = Field(repr=False)
    secret_ending: str
    secret_reference: str | None = None
    shared_with: str  # administrators, contributors or people: then those of these accounts
    people: list[int] = Field(default_factory=list, sa_type=sa.JSON)
    agreed_by: str
    agreed_version: str
    agreed_at: datetime = Field(sa_type=Moment)
    # the key from before a change-over, used where the new one is refused
    former_secret: str | None = Field(default=None, repr=False)
    former_ending: str | None = None
    oauth: str | None = Field(default=None, repr=False)  # tokens, used instead of the key
    account_id: str | None = None
    account_name: str | None = None
    test_account: bool | None = None
    time_zone: str | None = None
    state: ConnectionState = Field(default=ConnectionState.unchecked, sa_type=sa.String(12))
    missing: list[str] = Field(default_factory=list, sa_type=sa.JSON)  # scopes
    checked_at: datetime | None = Field(default=None, sa_type=Moment)
    problem: str | None = None
    used_at: datetime | None = Field(default=None, sa_type=Moment)
    # in whose name its exports run
    export_user_id: int | None = None  # accounts are never deleted
    # what happens to its exports once their runs have ended; then it is removed
    removal: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    owner_id: int | None = None  # the account that added it; None: from the command line
    # what Klaviyo's plan includes, and how many active profiles its billing page showed, and when
    plan_profiles: int | None = None
    active_profiles: int | None = None
    active_at: datetime | None = Field(default=None, sa_type=Moment)
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class Authorization(SQLModel, table=True):
    """An OAuth sign-in under way: begun by somebody, and once they are back, its tokens."""

    __tablename__ = "authorization"
    digest: str = Field(primary_key=True, repr=False)  # of the state, SHA-256
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE")
    base_url: str
    redirect_uri: str
    verifier: str = Field(repr=False)  # encrypted, as are the tokens
    tokens: str | None = Field(default=None, repr=False)
    problem: str | None = None
    expires_at: datetime = Field(sa_type=Moment)


class SourceRow(SQLModel, table=True):
    """Where profiles are read from, and what was found there last."""

    __tablename__ = "source"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    type: str
    path: str
    spec: dict[str, Any] = Field(sa_type=sa.JSON)
    fields: dict[str, str] | None = Field(default=None, sa_type=sa.JSON)
    rows: int | None = Field(default=None, sa_type=sa.BigInteger)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    problem: str | None = None
    confined: bool = True  # reads the allowed folders only, for its path comes from a browser
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class SegmentRow(SQLModel, table=True):
    """A group of people by rules, and how many it had last."""

    __tablename__ = "segment"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    source_id: int = Field(foreign_key="source.id", ondelete="RESTRICT", index=True)
    rules: dict[str, Any] = Field(sa_type=sa.JSON)
    active: bool = True
    members: int | None = Field(default=None, sa_type=sa.BigInteger)
    total: int | None = Field(default=None, sa_type=sa.BigInteger)
    counted_at: datetime | None = Field(default=None, sa_type=Moment)
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class ExportSegment(SQLModel, table=True):
    """Which segments an export takes, in order, and whose members it leaves out."""

    __tablename__ = "export_segment"
    export_id: int = Field(primary_key=True, foreign_key="export.id", ondelete="CASCADE")
    segment_id: int = Field(
        primary_key=True, foreign_key="segment.id", ondelete="RESTRICT", index=True
    )
    place: int
    excluded: bool = False


class ExportRow(SQLModel, table=True):
    """Segments to a list; without a connection it is detached and doesn't run."""

    __tablename__ = "export"
    id: int = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    connection_id: int | None = Field(
        default=None, foreign_key="connection.id", ondelete="SET NULL", index=True
    )
    list_id: str
    list_name: str | None = None
    spec: dict[str, Any] = Field(sa_type=sa.JSON)
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class Preference(SQLModel, table=True):
    """A setting of the whole installation, such as the common refresh."""

    __tablename__ = "preference"
    name: str = Field(primary_key=True)
    value: dict[str, Any] = Field(sa_type=sa.JSON)


class Run(SQLModel, table=True):
    """One run of an export: what was asked, how far it is, how it ended. Numbers are profiles."""

    __tablename__ = "run"
    id: int = Field(default=None, primary_key=True)
    export_id: int | None = Field(
        default=None, foreign_key="export.id", ondelete="SET NULL", index=True
    )
    export: str
    account: str
    list_id: str
    trigger: str
    by: str
    status: RunStatus = Field(default=RunStatus.queued, sa_type=sa.String(12), index=True)
    stage: str | None = None
    stage_share: float = 0.0
    # the export as it was when it was asked for
    order: dict[str, Any] = Field(sa_type=sa.JSON, repr=False)
    part: int = 1
    parts: int = 1
    first_id: int | None = None  # the run whose folder holds the frozen rows of all parts
    retry_of: int | None = None
    stop_asked_by: str | None = None
    aboard: bool = False  # has its account to itself until it ends
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    progressed_at: datetime | None = Field(default=None, sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    segments: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    members: int = 0
    valid: int = 0
    rejected: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    warnings: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    batches: int = 0
    batches_sent: int = 0
    sent: int = 0
    accepted: int = 0
    refused: int = 0
    undelivered: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    leaving: int = 0  # to be taken off the list
    cleared: int = 0  # had fields emptied
    new_profiles: int | None = None  # of those added, as estimated when the run was guarded
    asking: int | None = None  # the number that a person has to confirm, where a guard holds it
    confirmed: int | None = None  # and the one that they confirmed
    read_back: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    requests: int = 0
    throttled: int = 0
    error: str | None = None
    hold: str | None = None  # why it is held, a sentence; `holds` counts how often it was
    holds: int = 0
    export_user: str | None = None  # in whose name it runs

    __table_args__ = (
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


class Job(SQLModel, table=True):
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


class Outcome(StrEnum):
    """What came of one slot of a schedule."""

    due = "due"  # being started
    ran = "ran"
    held = "held"
    failed = "failed"
    skipped = "skipped"
    missed = "missed"


class Slot(SQLModel, table=True):
    """One moment of a schedule, and what came of it: of each slot exactly one row."""

    __tablename__ = "slot"
    id: int = Field(default=None, primary_key=True)
    schedule: str  # “refresh”, or “export 7”
    export_id: int | None = Field(
        default=None, foreign_key="export.id", ondelete="SET NULL", index=True
    )
    name: str  # of the export, or empty
    at: datetime = Field(sa_type=Moment, index=True)
    outcome: Outcome = Field(sa_type=sa.String(8))
    reason: str | None = None
    run_id: int | None = Field(default=None, foreign_key="run.id", ondelete="SET NULL")

    __table_args__ = (sa.UniqueConstraint("schedule", "at", name="uq_slot_schedule"),)


class AccountRow(SQLModel, table=True):
    """A person who may sign in. `handle` is the name in the form in which it is compared."""

    __tablename__ = "account"
    id: int = Field(default=None, primary_key=True)
    name: str
    handle: str = Field(unique=True)
    email: str | None = Field(default=None, unique=True)
    role: int
    password: str | None = Field(default=None, repr=False)
    disabled_at: datetime | None = Field(default=None, sa_type=Moment)
    signed_in_at: datetime | None = Field(default=None, sa_type=Moment)  # last
    created_by: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class SessionRow(SQLModel, table=True):
    """A browser that is signed in; of its token only the SHA-256 is kept."""

    __tablename__ = "session"
    digest: str = Field(primary_key=True, repr=False)
    account_id: int = Field(foreign_key="account.id", ondelete="CASCADE", index=True)
    address: str
    agent: str
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    seen_at: datetime = Field(default_factory=now, sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment, index=True)


class TicketRow(SQLModel, table=True):
    """Opens one door once: signing in, an invitation, a new password, the set-up."""

    __tablename__ = "ticket"
    digest: str = Field(primary_key=True, repr=False)
    purpose: str
    account_id: int | None = Field(
        default=None, foreign_key="account.id", ondelete="CASCADE", index=True
    )
    expires_at: datetime = Field(sa_type=Moment, index=True)


class Attempt(SQLModel, table=True):
    """Wrong tries in a row to sign in, of a name or from an address."""

    __tablename__ = "attempt"
    subject: str = Field(primary_key=True)
    tries: int = 0
    last_at: datetime = Field(default_factory=now, sa_type=Moment)
    paused_until: datetime | None = Field(default=None, sa_type=Moment)


class AuditRow(SQLModel, table=True):
    """Who did what to what, when and from where. Rows are added, and removed only by their age."""

    __tablename__ = "audit"
    id: int = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    by: str = Field(index=True)
    role: str
    origin: str
    action: str = Field(index=True)
    kind: str
    what: str
    refused: bool = False
