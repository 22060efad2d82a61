"""People on the lists of the exports, as runs counted them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.destinations.read_back import Arrived, ReadBack
from core.store import Store, exports, reach
from core.store.tables.runs import Run, RunStatus
from tests.conftest import applied, people, second_export, written

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def counted(store: Store, name: str, ago: float, n: int) -> None:
    """A run of the export after which its list had n people, so many days ago."""
    at = NOW - timedelta(days=ago)
    arrived = Arrived(0, 0, 0, {}, (), None, n)
    with store.begin() as session:
        row = exports.find(session, name)
        session.add(
            Run(
                export_id=row.id,
                export=name,
                account="klaviyo:a",
                list_id=row.list_id,
                trigger="cli",
                by="Ada",
                order_data={},
                status=RunStatus.succeeded,
                created_at=at,
                finished_at=at,
                read_back_data=ReadBack(arrived=arrived).as_data(),
                list_size=n,
            )
        )


def test_each_list_counts_with_its_newest_size_day_by_day(
    store: Store, klaviyo: str, tmp_path: Path
):
    people(1).write_parquet(tmp_path / "one.parquet")
    applied(store, written(tmp_path, tmp_path / "one.parquet", klaviyo, second_export("VpX3qT")))
    with store.begin() as session:
        assert reach.read(session, NOW, 4) == reach.Reach(None, 0, [None] * 4, None)
    counted(store, "Newsletter", 20, 90)
    counted(store, "Newsletter", 9, 100)  # the last one before these days
    counted(store, "Second", 8, 5)
    counted(store, "Second", 2.5, 7)
    counted(store, "Newsletter", 1.5, 110)
    with store.begin() as session:
        assert reach.read(session, NOW, 4) == reach.Reach(117, 2, [105, 107, 117, 117], 12)
        assert reach.read(session, NOW, 10).change is None  # one of them is not known so long
