"""A ledger of a former version is brought to the hashes of today, as far as these are known."""

from pathlib import Path

import polars as pl

from core.plan import changes, rehash
from core.plan.ledger import FORMER_BY, SCHEMA, has_former, is_comparable, made_by, read, write

EMAILS = {"same": 1, "other": 2, "gone": 3}


def former(tmp_path: Path, hashed_by: str = pl.__version__) -> Path:
    """A ledger as a former version wrote it: three people of export 7, one of export 8."""
    rows = [(name, 7, hash, hash * 100) for name, hash in EMAILS.items()] + [("same", 8, 9, None)]
    found = pl.DataFrame(rows, ["email", "export", "hash", "person"], orient="row")
    empty = {n: pl.lit(None, t) for n, t in SCHEMA.items() if n not in found.columns}
    whole = found.with_columns(**empty).with_columns(
        state=pl.lit("sent"), claimed=pl.lit(value=True)
    )
    path = tmp_path / "Y6nRLr.parquet"
    before = {name: dtype for name, dtype in SCHEMA.items() if name != "by_polars"}
    ledger = whole.select(list(before)).cast(pl.Schema(before))
    ledger.write_parquet(path, metadata={"hashed_by": hashed_by})
    return path


def members(**names: tuple[int, int, int, int]) -> pl.DataFrame:
    columns = ["hash", "person", "former_hash", "former_person"]
    rows = [(name, *numbers) for name, numbers in names.items()]
    schema = {"email": pl.String} | dict.fromkeys(columns, pl.UInt64)
    return pl.DataFrame(rows, schema, orient="row").with_columns(clears=pl.lit(value=False))


NOW = members(same=(11, 1100, 1, 100), other=(12, 1200, 22, 200), moved=(13, 1300, 33, 300))


def test_whose_body_is_the_same_is_unchanged_and_who_moved_is_known(tmp_path: Path):
    ledger = read(former(tmp_path))
    assert rehash.needed(ledger, 7)
    after = rehash.rehashed(ledger, NOW, 7)
    plan = changes.plan(after, NOW.lazy(), 7)
    assert (plan.unchanged, plan.update, plan.add, plan.changed_address) == (1, 2, 0, 1)
    assert not rehash.needed(after, 7)
    assert after.filter(export=8).equals(ledger.filter(export=8))
    assert rehash.rehashed(after, NOW, 7).equals(after)


def test_other_exports_of_the_list_keep_theirs_until_their_turn(tmp_path: Path):
    path = former(tmp_path)
    write(path, rehash.rehashed(read(path), NOW, 7))
    assert has_former(made_by(path))
    assert rehash.needed(read(path), 8)
    theirs = members(same=(19, 0, 9, 0))
    write(path, rehash.rehashed(read(path), theirs, 8))
    assert not has_former(made_by(path))
    assert read(path).filter(export=8)["hash"].to_list() == [19]


def test_what_another_polars_made_counts_for_nothing(tmp_path: Path):
    path = former(tmp_path, "0.1")
    assert not is_comparable(made_by(path))
    assert read(path)["hash"].null_count() == read(path)["person"].null_count() == 4
    assert changes.plan(read(path), NOW.lazy(), 7).unchanged == 0


def test_nor_does_it_once_some_are_of_today(tmp_path: Path):
    path = former(tmp_path)
    after = rehash.rehashed(read(path), NOW, 7)
    after.write_parquet(path, metadata={"hashed_by": "xxh64-1", FORMER_BY: "0.1"})
    assert read(path).filter(export=7, email="same")["hash"].to_list() == [11]
    assert read(path).filter(export=8)["hash"].to_list() == [None]
