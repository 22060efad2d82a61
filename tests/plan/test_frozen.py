"""What people were sent, kept once a run needs its batches no more."""

from pathlib import Path

import polars as pl

from core.plan import frozen
from core.runs import rejects
from core.runs.engine.worker import Worker
from core.store import Store
from tests.conftest import applied, people, written
from tests.runs.carried import carried
from tests.runs.conftest import asked


def test_what_people_were_sent_outlives_the_batches(store: Store, klaviyo: str, tmp_path: Path):
    place = tmp_path / "many.parquet"
    people(3).write_parquet(place)
    applied(store, written(tmp_path, place, klaviyo))
    run = carried(store, asked(store), looks_back=False)
    folder = rejects.folder(store.settings, run)
    bodies = frozen.sent(folder, 1).sort("email").collect()
    Worker(store).read_back(run.id)
    assert not list(folder.rglob("batch-*"))
    stays = pl.read_parquet(frozen.sent_path(folder, 1)).sort("email")
    assert stays.equals(bodies)
    assert stays["batch"].to_list() == [1, 1, 1]
    assert '"email":"p1@example.com"' in stays["body"][0]
