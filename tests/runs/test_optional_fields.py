"""An optional field that Klaviyo refuses costs the field, never the person."""

from pathlib import Path

import httpx
import polars as pl
import pytest

from core.store import Store
from core.store.tables.runs import RunStatus
from tests.conftest import people, second_export
from tests.runs.conftest import bring, members, ran


@pytest.mark.usefixtures("engine")
def test_who_is_refused_for_an_optional_field_is_sent_once_more_without_it(
    store: Store, klaviyo: str, tmp_path: Path
):
    strict = {"kind": "strict_fields", "endpoint": "POST /api/profile-bulk-import-jobs"}
    fault = strict | {"times": None}
    httpx.post(f"{klaviyo}/sandbox/faults", json=fault).raise_for_status()
    before = members(klaviyo)
    none = pl.when(pl.col("n") % 10 == 0).then(pl.lit("none.png"))
    rows = people(50, image=none.otherwise(pl.lit("https://example.com/a.png")))
    match = "{email: email, image: image, properties: {spent: spent}}"
    second = second_export().replace("{email: email}", match)
    bring(store, klaviyo, tmp_path, rows, second)
    run = ran(store, "Second")
    assert (run.status, run.accepted, run.refused) == (RunStatus.succeeded, 50, 0)
    assert run.warnings == {"invalid_field": 5}
    assert len(members(klaviyo) - before) == 50
