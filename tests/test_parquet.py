"""Parquet files that are replaced while others read them: each reads one of them, whole."""

import os
from pathlib import Path

import polars as pl
import pytest

from core.parquet import read_parquet, replace_parquet


def test_a_file_that_is_replaced_while_it_is_read_is_read_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "people.parquet"
    old = pl.DataFrame({"email": [f"old{n}@example.com" for n in range(5_000)]})
    replace_parquet(path, old, {"of": "old"})
    look = pl.read_parquet_metadata

    def replaced_after(source: object) -> dict[str, str]:
        found = look(source)  # type: ignore[arg-type]
        replace_parquet(path, pl.DataFrame({"email": ["new@example.com"]}), {"of": "new"})
        return found

    monkeypatch.setattr(pl, "read_parquet_metadata", replaced_after)
    rows, metadata = read_parquet(path)
    assert metadata["of"] == "old"
    assert rows.equals(old)
    assert read_parquet(path)[0].height == 1


def test_only_the_columns_that_are_named_are_read(tmp_path: Path):
    path = tmp_path / "people.parquet"
    replace_parquet(path, pl.DataFrame({"email": ["a@example.com"], "why": [None]}), {})
    assert read_parquet(path, ["email"])[0].columns == ["email"]
    assert os.listdir(tmp_path) == ["people.parquet"]
