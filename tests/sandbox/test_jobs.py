"""Import jobs of the local Klaviyo: their states, their pages, their errors."""

from tests.sandbox.local import JOBS, MIDNIGHT, Local

GOOD = {"email": "good@example.com"}


def test_a_job_goes_from_queued_over_processing_to_complete(local: Local):
    id = local.make_job(GOOD, {"email": "refused1@example.com"})
    assert local.job(id)["status"] == "queued"
    local.clock.now = MIDNIGHT + 0.5
    assert local.job(id)["status"] == "processing"
    assert local.members() == []
    local.clock.now = MIDNIGHT + 1
    done = local.job(id)
    assert done == {
        "status": "complete",
        "created_at": "2026-09-21T00:00:00+00:00",
        "started_at": "2026-09-21T00:00:00.333333+00:00",
        "completed_at": "2026-09-21T00:00:01+00:00",
        "expires_at": "2026-09-28T00:00:00+00:00",
        "total_count": 2,
        "completed_count": 1,
        "failed_count": 1,
    }
    assert len(local.members()) == 1


def test_the_delay_can_be_changed(local: Local):
    local.switch("settings", delay=0)
    assert local.job(local.make_job(GOOD))["status"] == "complete"


def test_a_job_is_gone_after_seven_days(local: Local):
    id = local.imported(GOOD)
    local.clock.now += 7 * 86_400
    assert local.get(f"{JOBS}/{id}").status_code == 404
    assert local.get(JOBS).json()["data"] == []


def test_jobs_are_listed_in_pages_newest_first_and_by_status(local: Local):
    done = [local.imported(GOOD) for _ in range(3)]
    waiting = local.make_job(GOOD)
    first = local.get(JOBS, params={"sort": "-created_at", "page[size]": "2"}).json()
    second = local.get(first["links"]["next"]).json()
    found = [job["id"] for page in (first, second) for job in page["data"]]
    assert found == [waiting, *reversed(done)]
    queued = local.get(JOBS, params={"filter": 'equals(status,"queued")'}).json()["data"]
    assert [job["id"] for job in queued] == [waiting]


def test_an_empty_job_id_is_the_list_of_jobs(local: Local):
    local.make_job(GOOD)
    assert isinstance(local.get(f"{JOBS}/").json()["data"], list)


def test_import_errors_come_twenty_on_a_page_with_the_payload(local: Local):
    people = [{"email": f"refused{n}@example.com", "first_name": str(n)} for n in range(25)]
    id = local.imported(GOOD, *people)
    first = local.get(f"{JOBS}/{id}/import-errors").json()
    assert len(first["data"]) == 20
    second = local.get(first["links"]["next"]).json()
    assert (len(second["data"]), second["links"]["next"]) == (5, None)
    whole = local.get(f"{JOBS}/{id}/import-errors", params={"page[size]": "100"}).json()
    assert whole["data"] == first["data"] + second["data"]
    error = whole["data"][0]
    assert error["type"] == "import-error"
    assert set(error["attributes"]) == {"code", "title", "detail", "source", "original_payload"}
    assert error["attributes"]["original_payload"]["attributes"] == people[0]
    assert error["attributes"]["source"] == {"pointer": "/data/attributes/profiles/data/1"}
