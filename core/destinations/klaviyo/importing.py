"""The bulk import of profiles: its envelope, its jobs, and what these refused."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from core.destinations import Ended, Outcome, Receipt, Refusal
from core.destinations.klaviyo import answers
from core.destinations.klaviyo.answers import (
    Accepted,
    ImportErrorData,
    ImportErrors,
    Job,
    JobData,
)
from core.destinations.klaviyo.client import Client, Params
from core.destinations.klaviyo.complaints import complaint, optional_field, row_of
from core.errors import AnswerLost, Invalid
from core.texts import _

PAGE = 100  # the most that one page of jobs or of import errors holds (official specification)
NEWEST: Params = {"sort": "-created_at", "page[size]": PAGE}  # jobs, the newest first
SKEW = timedelta(seconds=2)  # between the clocks of Klaviyo's machines, and of rounded times


def envelope(list_id: str | None, bodies: Sequence[str]) -> bytes:
    """The body of one import request; the profiles are joined in, not encoded again.

    Raises Invalid without profiles, or with a list id that is blank.
    """
    if not bodies or (list_id is not None and not list_id.strip()):
        raise Invalid(_("An import needs at least one profile and a list ID."))
    before = b'{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":['
    # Encoded one by one: joined text with one rare letter in it is four times as slow to encode.
    return before + b",".join(map(str.encode, bodies)) + b"]}}" + _lists(list_id).encode() + b"}}"


class ImportJobs:
    """The import jobs of an account: started, found again, asked after; Jobs, see there."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._losses = 0  # answers lost in a row

    def start(self, list_id: str | None, bodies: Sequence[str]) -> Receipt:
        """Starts a job for these profiles."""
        content = envelope(list_id, bodies)
        try:
            answer = self._client.post("import", Accepted, content, subject=list_id or "")
        except AnswerLost:
            self._losses += 1
            raise
        self._losses = 0
        return Receipt(answer.data.id, answer.data.attributes.status)

    def find(
        self, list_id: str | None, profiles: int, since: datetime, known: Collection[str]
    ) -> Receipt | None:
        """The one job that fits; None where several fit, since the wrong one would lose profiles.

        Looks for a lost job a moment after the loss: it isn't in the list of jobs at once.
        """
        if self._losses:
            self._client.pause(self._losses)
        fitting = (
            job
            for job in _jobs_since(self._client, since)
            if job.id not in known
            and job.attributes.total_count == profiles
            and job.attributes.status != Ended.cancelled
            and _fills(self._client, job, list_id)
        )
        match list(islice(fitting, 2)):
            case [job]:
                return Receipt(job.id, job.attributes.status)
        return None

    def glance(self) -> dict[str, bool]:
        """Whether each of the account's hundred newest jobs has ended, by id: one page."""
        page = self._client.get("jobs", answers.Jobs, None, NEWEST)
        return {job.id: job.attributes.status in set(Ended) for job in page.data}

    def check(self, job_id: str) -> Outcome | None:
        """What became of a job; its errors are read at once: Klaviyo drops them after a week."""
        job = self._client.get("job", Job, job_id).data.attributes
        if job.status not in set(Ended):
            return None
        refusals = tuple(refusals_in(_import_errors(self._client, job_id)))
        failed = max(job.failed_count or 0, len(refusals))
        if job.status == Ended.cancelled:
            return Outcome(Ended.cancelled, 0, refusals, failed)
        return Outcome(Ended.complete, job.accepted(failed), refusals, failed)


def refusals_in(errors: Iterable[ImportErrorData]) -> Iterator[Refusal]:
    """One refusal a profile, with everything that was said about it."""
    profiles: dict[object, Refusal] = {}
    for number, error in enumerate(errors):
        refusal = _refusal(error)
        whom = refusal.email or refusal.place
        key = ("nobody", number) if whom is None else whom
        earlier = profiles.get(key)
        profiles[key] = _together(earlier, refusal) if earlier else refusal
    return iter(profiles.values())


def _together(earlier: Refusal, refusal: Refusal) -> Refusal:
    both = earlier.without and refusal.without
    without = (*earlier.without, *refusal.without) if both else ()
    known = refusal.detail in earlier.detail
    detail = earlier.detail if known else f"{earlier.detail} {refusal.detail}"
    return replace(earlier, detail=detail, without=without)


def _refusal(error: ImportErrorData) -> Refusal:
    told = complaint(error.attributes)
    email = _email_in(error.attributes.get("original_payload"))
    path = optional_field(told.pointer)
    return Refusal(email, row_of(told.pointer), told.words, without=(path,) if path else ())


def _email_in(payload: Any) -> str | None:  # whatever JSON Klaviyo gives back
    """The email, whether the payload is a profile's attributes, a resource or a document."""
    while isinstance(payload, dict):
        if isinstance(email := payload.get("email"), str) and email:
            return email
        payload = payload.get("data") or payload.get("attributes")
    return None


def _import_errors(client: Client, job_id: str) -> Iterator[ImportErrorData]:
    for page in client.pages("import_errors", ImportErrors, {"page[size]": PAGE}, job_id):
        yield from page.data


def _jobs_since(client: Client, since: datetime) -> Iterator[JobData]:
    """Newest first; `since` is by our clock, when a job began by Klaviyo's."""
    for page in client.pages("jobs", answers.Jobs, NEWEST):
        for job in page.data:
            if job.attributes.began < since + client.exchange.ahead - SKEW:
                return
            yield job


def _fills(client: Client, job: JobData, list_id: str | None) -> bool:
    """Whether the job is for this list; only the job itself tells, and silence is no yes."""
    lists = client.get("job", Job, job.id, {"include": "lists"}).data.list_ids
    return lists == ([] if list_id is None else [list_id])


def _lists(list_id: str | None) -> str:
    if list_id is None:
        return ""
    lists = json.dumps([{"type": "list", "id": list_id}])
    return f',"relationships":{{"lists":{{"data":{lists}}}}}'
