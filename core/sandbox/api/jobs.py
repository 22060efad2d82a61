"""Bulk imports: taken in whole or not at all, followed as jobs, with their errors in pages."""

from core.sandbox.api.call import Call
from core.sandbox.api.lists import list_resource
from core.sandbox.jsonapi import Json, Reply, bad_request, moment, not_found, one, relation
from core.sandbox.paging import choice_of, collection, filter_of, page_of, sparse
from core.sandbox.state import Db, jobs, lists
from core.sandbox.state.jobs import KEPT, Job
from core.sandbox.validation import check_import


def create_job(call: Call) -> Reply:
    """POST /api/profile-bulk-import-jobs: 202, or 400 and nothing is imported."""
    world = call.world
    first_only = world.settings.first_bad_row_only
    rows, list_id = check_import(call.document, first_only=first_only)
    with world.state.writing() as db:
        _check_list(db, call.account, list_id)
        id = jobs.add(
            db,
            account=call.account,
            list=list_id,
            fate=world.faults.fate_of_job() or "complete",
            total=len(rows),
            body=call.body,
            now=call.now,
            delay=world.settings.delay,
        )
        made = jobs.get(db, call.account, id, call.now)
    if world.settings.delay:
        world.importer.nudge()
    else:  # a thread that takes turns with the requests would make both slower
        world.importer.work()
    return Reply(202, one(sparse(job_resource(_found(made, id), call.base), call.query)))


def get_job(call: Call) -> Reply:
    """GET /api/profile-bulk-import-jobs/{id}."""
    included = choice_of(call.query, "include", ("lists",))
    job = _job_of(call)
    document = one(sparse(job_resource(job, call.base), call.query))
    if included:
        document["included"] = _lists_of(call, job)
    return Reply(200, document)


def get_jobs(call: Call) -> Reply:
    """GET /api/profile-bulk-import-jobs."""
    page = page_of(call.query, default=20, most=100)
    wanted = filter_of(call.query, ("status",))
    if call.query.get("sort", "created_at").removeprefix("-") != "created_at":
        raise bad_request("Sort by created_at or -created_at.", parameter="sort")
    with call.world.state.reading() as db:
        found, key = jobs.some(db, call.account, wanted, page, call.now)
    data = [sparse(job_resource(job, call.base), call.query) for job in found]
    return Reply(200, collection(call.url, call.query, data, key))


def get_errors(call: Call) -> Reply:
    """GET /api/profile-bulk-import-jobs/{id}/import-errors: 20 on a page, 100 at most."""
    page = page_of(call.query, default=20, most=100)
    job = _job_of(call)
    with call.world.state.reading() as db:
        found, key = jobs.errors(db, job.seq, page)
    data = [sparse(error_resource(error, call.base), call.query) for error in found]
    return Reply(200, collection(call.url, call.query, data, key))


def job_resource(job: Job, base: str) -> Json:
    """A job as the API shows it."""
    self = f"{base}/profile-bulk-import-jobs/{job.id}"
    own = [{"type": "list", "id": job.list}] if job.list else []
    attributes = {
        "status": job.status,
        "created_at": moment(job.created),
        "total_count": job.total,
        "completed_count": job.taken - job.failed,
        "failed_count": job.failed,
        "completed_at": moment(job.finished),
        "expires_at": moment(job.created + KEPT),
        "started_at": None if job.status == "queued" else moment(job.started),
    }
    return {
        "type": "profile-bulk-import-job",
        "id": job.id,
        "attributes": attributes,
        "relationships": {
            "lists": {"data": own, **relation(self, "lists")},
            "profiles": relation(self, "profiles"),
            "import-errors": relation(self, "import-errors", self_link=False),
        },
        "links": {"self": f"{self}/"},
    }


def error_resource(error: Json, base: str) -> Json:
    """An import error as the API shows it."""
    id = error["id"]
    attributes = {name: value for name, value in error.items() if name != "id"}
    links = {"self": f"{base}/import-errors/{id}/"}
    return {"type": "import-error", "id": id, "attributes": attributes, "links": links}


def _check_list(db: Db, account: str, id: str | None) -> None:
    if id is not None and (not isinstance(id, str) or lists.get(db, account, id) is None):
        raise bad_request(f"A list with id {id} does not exist.", pointer="/data")


def _job_of(call: Call) -> Job:
    id = call.path["id"]
    with call.world.state.reading() as db:
        return _found(jobs.get(db, call.account, id, call.now), id)


def _found(job: Job | None, id: str) -> Job:
    if job is None:
        raise not_found(f"A profile bulk import job with id {id} does not exist.")
    return job


def _lists_of(call: Call, job: Job) -> list[Json]:
    with call.world.state.reading() as db:
        found = lists.get(db, call.account, job.list) if job.list else None
    return [list_resource(found, call.base)] if found else []
