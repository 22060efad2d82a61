"""A Klaviyo that fails in the middle of a run, which retry completes once it is well again.

Each fault prints what was lost, which must be nothing, and how many batches were sent twice, which
may be the one in flight.
"""

from typing import Any

import httpx
import pytest

from core.store import Store, requests
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA
from tests.faults.conftest import Shop
from tests.runs.carried import carried
from tests.runs.conftest import asked, sums_hold

IMPORT = "POST /api/profile-bulk-import-jobs"
JOB = "GET /api/profile-bulk-import-jobs/{id}"
FAULTS: dict[str, list[dict[str, Any]]] = {
    "key revoked": [
        {"kind": "status", "status": 401, "endpoint": endpoint, "times": None}
        for endpoint in (IMPORT, JOB)
    ],
    "list deleted": [{"kind": "status", "status": 404, "endpoint": IMPORT}],
    "wrong JSON for a job that was made": [{"kind": "broken_json", "endpoint": IMPORT}],
    "wrong JSON for a job's state": [{"kind": "broken_json", "endpoint": JOB}],
    "job unknown": [{"kind": "status", "status": 404, "endpoint": JOB}],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_klaviyo_does_in_the_middle_of_a_run_loses_nothing(
    store: Store, shop: Shop, fault: str
):
    run = asked(store)
    first_goes_well = {"kind": "slow", "seconds": 0.01, "endpoint": IMPORT}
    for order in (first_goes_well, *FAULTS[fault]):
        httpx.post(f"{shop.url}/sandbox/faults", json=order).raise_for_status()
    run = carried(store, run)
    assert sums_hold(run)
    httpx.delete(f"{shop.url}/sandbox/faults").raise_for_status()
    if run.undelivered or run.status == RunStatus.failed:
        run = completed(store, run)
    assert run.status == RunStatus.succeeded, (run.error, run.hold)
    shop.expect_nothing_lost(fault)


def completed(store: Store, run: Run) -> Run:
    """What it left is sent."""
    with store.begin() as session:
        again = requests.retry(session, ADA, run)
    return carried(store, again)
