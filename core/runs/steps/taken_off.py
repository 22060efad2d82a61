"""Whom a run took off its list itself, kept before it is done: afterwards nobody else knows."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from core.parquet import read_parquet, replace_parquet
from core.settings import Settings
from core.store.tables.runs import Run

SCHEMA = pl.Schema({"email": pl.String(), "id": pl.String()})


def keep(settings: Settings, run: Run, people: Mapping[str, str]) -> None:
    """Keeps these, by email the id of each one's profile, beside those before. StorageFailed."""
    number = len(_files(settings, run)) + 1
    rows = pl.DataFrame({"email": list(people), "id": list(people.values())}, SCHEMA)
    replace_parquet(_folder(settings, run) / f"{number:05}.parquet", rows, {})


def emails(settings: Settings, run: Run) -> pl.Series:
    """Of all whom the run took off, or was about to."""
    frames = [pl.DataFrame(schema=SCHEMA)]
    frames += [read_parquet(file)[0] for file in _files(settings, run)]
    return pl.concat(frames)["email"].unique()


def _files(settings: Settings, run: Run) -> list[Path]:
    return sorted(_folder(settings, run).glob("*.parquet"))


def _folder(settings: Settings, run: Run) -> Path:
    return settings.runs / str(run.id) / "taken-off"
