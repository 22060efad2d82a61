"""An export of changing people, and what of them was lost or sent twice once a fault is over."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import polars as pl
import pytest

from core.preview.plan import preview
from core.store import Store, runs
from core.store.tables.runs import Run
from tests.conftest import ADA, applied, bulky, written
from tests.runs.conftest import members

SWAPPED = 5  # people who join, and who leave, from one day to the next


@dataclass
class Shop:
    """Each day everybody's first name is another, some people are new and some are gone."""

    store: Store
    url: str
    file: Path
    batches: int
    days: Iterator[int] = field(default_factory=itertools.count)
    sent_before: int = 0
    runs_before: int = 0

    def next_day(self) -> None:
        """The source is replaced; from now on it is counted."""
        day = next(self.days)
        everybody = bulky(self.batches).with_columns(
            pl.col("first_name") + str(day),
            email=pl.format("p{}@example.com", pl.int_range(pl.len()) + SWAPPED * day),
            customer_id=pl.format("{}", pl.int_range(pl.len()) + SWAPPED * day),
        )
        everybody.write_parquet(self.file)
        self.emails = set(everybody["email"])
        self.sent_before, self.runs_before = self._sent(), len(self._runs())

    def began(self) -> bool:
        """Whether anybody has asked for a run today."""
        return len(self._runs()) > self.runs_before

    def newest(self) -> Run:
        """The newest run."""
        return self._runs()[0]

    def expect_nothing_lost(self, fault: str, most_twice: int = 1) -> None:
        """All of today's people are on the list as they are now, nobody else is; nothing is left.

        `most_twice` batches may have been sent twice.
        """
        twice = self._sent() - self.sent_before - self.batches
        lost = len(self.emails ^ members(self.url))
        print(f"{fault}: lost {lost}, sent twice {twice} of {self.batches} batches")  # noqa: T201  what such tests are for
        plan = preview(self.store, ADA, "Newsletter")
        assert (lost, plan.add, plan.update, plan.leave) == (0, 0, 0, 0)
        assert 0 <= twice <= most_twice

    def _sent(self) -> int:
        """How many batches Klaviyo has ever taken."""
        state = httpx.get(f"{self.url}/sandbox/state").raise_for_status().json()
        return sum(state["jobs"].values())

    def _runs(self) -> list[Run]:
        with self.store.begin() as session:
            return list(runs.everything(session, limit=10_000))


def opened(store: Store, url: str, folder: Path, batches: int) -> Shop:
    """A shop whose people fill so many batches; nothing has run yet."""
    shop = Shop(store, url, folder / "many.parquet", batches)
    shop.next_day()
    more = "    mode: mirror\n    guards: {flows: false}"
    applied(store, written(folder, shop.file, url, more))
    return shop


@pytest.fixture
def shop(store: Store, klaviyo: str, tmp_path: Path) -> Shop:
    """One of two batches."""
    return opened(store, klaviyo, tmp_path, 2)
