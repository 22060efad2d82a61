"""A client of the sandbox with the few requests that every test makes, and a clock to set."""

import time
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

NEWSLETTER = "Y6nRLr"
JSON_API = "application/vnd.api+json"
HEADERS = {
    "authorization": "Klaviyo-API-Key pk_demo",
    "revision": "2026-10-15",
    "accept": JSON_API,
    "content-type": JSON_API,
}
MIDNIGHT = 20_717 * 86_400.0
JOBS = "/api/profile-bulk-import-jobs"


@dataclass
class Clock:
    """Seconds since 1970 that pass only when told to."""

    now: float = MIDNIGHT

    def __call__(self) -> float:
        return self.now


class Local(httpx.Client):
    """A client of the sandbox with the few requests that every test makes."""

    clock: Clock

    def make_job(self, *profiles: dict[str, Any], list_id: str | None = NEWSLETTER) -> str:
        """Imports profiles, given as attributes; gives the id of the job."""
        answer = self.post(JOBS, json=import_of(*profiles, list_id=list_id))
        assert answer.status_code == 202, answer.text
        return answer.json()["data"]["id"]

    def job(self, id: str) -> dict[str, Any]:
        """The attributes of a job as they are now."""
        return self.get(f"{JOBS}/{id}").json()["data"]["attributes"]

    def imported(self, *profiles: dict[str, Any], list_id: str | None = NEWSLETTER) -> str:
        """Imports profiles and lets the time of the job pass."""
        id = self.make_job(*profiles, list_id=list_id)
        self.clock.now += 2
        return self.settled(id)

    def settled(self, id: str) -> str:
        """Asks until the job is complete; small ones are so at the first question."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.job(id)["status"] == "complete":
                return id
        pytest.fail(f"job {id} does not end")

    def members(self, list_id: str = NEWSLETTER, **query: str) -> list[dict[str, Any]]:
        """The first page of a list's members."""
        return self.get(f"/api/lists/{list_id}/profiles", params=query).json()["data"]

    def switch(self, what: str, **order: Any) -> dict[str, Any]:
        """Uses a control."""
        answer = self.post(f"/sandbox/{what}", json=order)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def calls(self) -> dict[tuple[str, str, int], int]:
        """What the log counted."""
        rows = self.get("/sandbox/requests").json()["requests"]
        return {(row["method"], row["path"], row["status"]): row["count"] for row in rows}


def import_of(*profiles: dict[str, Any], list_id: str | None = NEWSLETTER) -> dict[str, Any]:
    """The document of an import of profiles, given as attributes."""
    rows = [{"type": "profile", "attributes": attributes} for attributes in profiles]
    data: dict[str, Any] = {
        "type": "profile-bulk-import-job",
        "attributes": {"profiles": {"data": rows}},
    }
    if list_id:
        data["relationships"] = {"lists": {"data": [{"type": "list", "id": list_id}]}}
    return {"data": data}


def client_of(url: str, clock: Clock) -> Local:
    """A client with the demo key."""
    client = Local(base_url=url, headers=HEADERS, timeout=10)
    client.clock = clock
    return client
