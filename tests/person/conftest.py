"""A person whom an export knew under two addresses, and what was done with them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from core import sandbox
from core.settings import Settings
from core.store import Store, open_store
from core.store import runs as runs_store
from core.store.tables.runs import Run
from tests.conftest import applied, fast_limits, people, second_export, with_segments, written
from tests.runs.carried import carried
from tests.runs.conftest import asked

ANNA, FORMER = "anna@example.com", "p1@example.com"
FEW = """
  - name: Few
    source: Profiles
    rules: {all: [{field: customer_id, op: is_one_of, value: ["9"]}]}
"""


@pytest.fixture(scope="session")
def told_home(used_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder in which five runs knew them; the Klaviyo that they went to still runs."""
    folder = tmp_path_factory.mktemp("person")
    home = folder / "data"
    shutil.copytree(used_home, home)
    store = open_store(Settings(home=home))
    store.runtime.limits = fast_limits()
    with sandbox.running(folder / "klaviyo", delay=0.0, limits=False) as url:
        _tell(store, url, folder)
        store.close()
        yield home


@pytest.fixture
def used(settings: Settings, told_home: Path) -> None:
    """The test's data folder is a copy of that one."""
    shutil.copytree(told_home, settings.home)


@pytest.fixture
def story(store: Store) -> list[Run]:
    """Sent, unchanged, with another name, at another address, taken off the list."""
    with store.begin() as session:
        return runs_store.everything(session, limit=None)[::-1]


def _tell(store: Store, klaviyo: str, folder: Path) -> None:
    place, three = folder / "many.parquet", people(3)
    mine = pl.col("customer_id") == "1"
    name = pl.when(mine).then(pl.lit("Anna Ķērpe")).otherwise("first_name")
    renamed = three.with_columns(first_name=name)
    moved = renamed.with_columns(email=pl.when(mine).then(pl.lit(ANNA)).otherwise("email"))
    three.write_parquet(place)
    more = "    mode: mirror" + second_export("VpX3qT", "    exclude: [Few]\n")
    applied(store, with_segments(written(folder, place, klaviyo, more), FEW))
    for frame in (three, three, renamed, moved, moved.filter(~mine)):
        frame.write_parquet(place)
        carried(store, asked(store))
