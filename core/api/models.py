"""What the API answers, as the description shows it; fields may be added later."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.store.tables.runs import JobStatus, RunStatus
from core.store.tables.schedules import Outcome

MOST_REJECTS = 10_000  # of one answer


class Answer(BaseModel):
    """Root of what is answered: more fields than are described may be there."""

    model_config = ConfigDict(extra="allow")


class Job(Answer):
    """A batch of a run at the destination. Numbers are profiles."""

    id: str | None = Field(description="The destination's name of it; null before it has one.")
    profiles: int
    bytes: int
    status: JobStatus
    batch: int
    accepted: int
    refused: int
    error: str | None


class Run(Answer):
    """A run, as `segferry show --json` prints it. Numbers are profiles."""

    run_id: int
    export: str
    status: RunStatus
    created_at: str = Field(description="ISO 8601, with its zone, as all times.")
    started_at: str | None
    finished_at: str | None
    seconds: float | None = Field(description="How long it took, without the time it was held.")
    members: int = Field(description="In the segments: unchanged, rejected, sent and not_sent.")
    valid: int
    rejected: dict[str, int] = Field(description="Before sending, by reason.")
    sent: int
    accepted: int
    refused: int = Field(description="By the destination.")
    undelivered: int = Field(description="A retry sends them.")
    unchanged: int
    added: int
    updated: int
    removed: int
    warnings: dict[str, int]
    requests: int
    throttled: int
    error: str | None = Field(description="A sentence.")
    hold: str | None = Field(description="Why it waits for a person, a sentence.")
    holds: list[dict[str, Any]]
    trigger: str = Field(description="`api` for one that a token requested.")
    by: str = Field(description="Who requested it: a person, or the name of a token.")
    jobs: list[Job]


class Preview(Answer):
    """What a run would do now, as `segferry preview --json` prints it. Numbers are profiles."""

    export: str
    list_id: str
    segments: dict[str, int]
    members: int = Field(description="In any of the segments: valid and all of rejected.")
    valid: int
    rejected: dict[str, int]
    duplicates: int
    warnings: dict[str, int]
    limit: int
    over_limit: bool
    add: int
    update: int
    unchanged: int
    leave: int
    requests: int
    seconds: int
    billing: dict[str, Any] | None = Field(
        None, description="What the account's plan has room for; null where that isn't known."
    )
    sample: list[dict[str, Any]] = Field(description="The first bodies as they would be sent.")


class Reject(Answer):
    """A profile that was not exported, and why."""

    row: int | None = Field(description="In the source, from 1.")
    email: str | None
    reason: str
    detail: str | None = Field(description="In the destination's words, where it refused it.")


class Rejects(Answer):
    """Some of a run's profiles that were not exported, in the order of the source."""

    run_id: int
    total: int
    offset: int
    rejects: list[Reject]


class RefreshRequested(Answer):
    """A refresh that goes on by itself: sources are read, then the exports run that follow it."""

    status: Literal["requested"]
    requested_at: str


class RefreshedExport(Answer):
    """An export that follows a refresh, and what became of it."""

    export: str
    status: Outcome
    run_id: int | None = Field(description="Its run; null before it has started, or without one.")
    reason: str | None = Field(description="Why it did not run, or is held or failed.")


class Refresh(Answer):
    """The last refresh that a token requested; `due` while sources are read."""

    requested_at: str
    status: Outcome
    reason: str | None
    exports: list[RefreshedExport]


class ProblemDetails(Answer):
    """What went wrong (RFC 9457); `detail` is a sentence that says what to do."""

    type: str
    title: str
    status: int
    detail: str


class Page(BaseModel):
    """Which of the rejects."""

    model_config = ConfigDict(extra="forbid")

    offset: int = Field(0, ge=0, le=1_000_000_000, description="How many to leave out.")
    limit: int = Field(1_000, ge=1, le=MOST_REJECTS, description="How many at most.")


class Nothing(BaseModel):
    """No parameter in the address."""

    model_config = ConfigDict(extra="forbid")
