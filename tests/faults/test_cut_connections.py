"""Runs whose connection to PostgreSQL is cut in the middle of any one of their transactions.

Each fault prints what was lost, which must be nothing, and how many batches were sent twice, which
may be the one in flight.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from tests.databases import new_database
from tests.faults.conftest import Shop
from tests.faults.meeting import meet_each
from tests.faults.writes import cut_at

EVERY = 3 if os.environ.get("SEGFERRY_NIGHTLY") else 200  # how many commits lie between two cuts


@pytest.fixture
def settings(postgresql: Any, tmp_path: Path) -> Settings:
    url = new_database(postgresql.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    return Settings(home=tmp_path / "data", database_url=url)


def test_a_run_whose_connection_is_cut_in_a_transaction_goes_on(
    settings: Settings, shop: Shop, tmp_path: Path
):
    meet_each(cut_at, settings, shop, tmp_path / "commits", EVERY)
