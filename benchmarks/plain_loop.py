"""The script that many write: the official client in a plain loop, as Klaviyo's pages show it.

python -m benchmarks.plain_loop jobs|calls PEOPLE URL LIST: jobs of 1,000, or a call a person.
"""

import sys
import time
from typing import Any

import polars as pl
from klaviyo_api import KlaviyoAPI
from openapi_client.exceptions import ApiException

AT_ONCE = 1_000
PAUSE = 1.0


def import_jobs(klaviyo: KlaviyoAPI, people: list[dict[str, Any]], list_id: str) -> None:
    """A job for each thousand; a refused job is named, and the loop goes on."""
    jobs = []
    for start in range(0, len(people), AT_ONCE):
        body = {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": people[start : start + AT_ONCE]}},
            "relationships": {"lists": {"data": [{"type": "list", "id": list_id}]}},
        }
        try:
            jobs.append(klaviyo.Profiles.bulk_import_profiles({"data": body}).data.id)
        except ApiException as refused:
            print(f"rows from {start}: {refused.status}")
    for job in jobs:
        while _status(klaviyo, job) not in ("complete", "cancelled"):
            time.sleep(PAUSE)


def _status(klaviyo: KlaviyoAPI, job: str) -> str:
    return str(klaviyo.Profiles.get_bulk_import_profiles_job(job).data.attributes.status)


def calls(klaviyo: KlaviyoAPI, people: list[dict[str, Any]], list_id: str) -> None:
    """A call a person, then the list, a thousand at once."""
    ids = []
    for person in people:
        try:
            ids.append(klaviyo.Profiles.create_or_update_profile({"data": person}).data.id)
        except ApiException as refused:
            print(f"{person['attributes']['email']}: {refused.status}")
    ids = list(dict.fromkeys(ids))
    for start in range(0, len(ids), AT_ONCE):
        data = [{"type": "profile", "id": id} for id in ids[start : start + AT_ONCE]]
        klaviyo.Lists.add_profiles_to_list(list_id, {"data": data})


def profile_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row as Klaviyo's profile, as it is."""
    attributes = {
        "email": row["email"],
        "phone_number": row["phone"],
        "external_id": row["id"],
        "first_name": row["first"],
        "last_name": row["last"],
        "location": {"city": row["city"], "country": row["country"], "zip": row["zip"]},
        "properties": {
            "spent": row["spent"],
            "orders": row["orders"],
            "tier": row["tier"],
            "since": row["since"].isoformat(),
            "newsletter": row["news"],
        },
    }
    return {"type": "profile", "attributes": attributes}


if __name__ == "__main__":
    how, path, url, list_id = sys.argv[1:]
    rows = pl.read_parquet(path).rows(named=True)
    people = [profile_of(row) for row in rows if row["email"].strip()]
    client = KlaviyoAPI("pk_0123456789abcdef", test_host=url)
    {"jobs": import_jobs, "calls": calls}[how](client, people, list_id)
