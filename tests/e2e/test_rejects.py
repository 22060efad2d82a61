"""Rejected profiles as a file to take home."""

from pathlib import Path

import pytest

from core.store import Store
from tests.e2e import content, runs
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Tour, download_rejects

pytestmark = pytest.mark.browser


def test_what_a_spreadsheet_would_run_is_harmless_in_the_rejects(
    dashboard: Dashboard, store: Store, tour: Tour, tmp_path: Path
):
    run = runs.of(store, content.LETTER)[-1]
    page = tour.to(f"{dashboard.url}/history?run={run.id}")
    emails = [row[1] for row in download_rejects(page, tmp_path)[1:]]
    assert emails == [f"'{content.FORMULA}", "'@no.address", ""]
