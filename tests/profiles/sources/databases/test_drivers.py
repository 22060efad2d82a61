"""What reads an engine: named by its extra where it is missing, imported only where it is used."""

import datetime
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from core.errors import SourceFailed
from core.profiles.sources.databases.address import Address
from core.profiles.sources.databases.batches import batch_of
from core.profiles.sources.databases.drivers import open_driver
from core.profiles.sources.databases.losses import Losses

HEAVY = (
    "ibis",
    "duckdb",
    "adbc_driver_manager",
    "adbc_driver_postgresql",
    "pymysql",
    "sqlglot",
    "core.profiles.sources.databases.source",
)


@pytest.mark.parametrize(
    ("url", "extra"),
    [
        ("snowflake://a:s3cret@account/db", "snowflake"),
        ("bigquery://project/set", "bigquery"),
        ("databricks://token:s3cret@host/c?http_path=x", "databricks"),
        ("trino://a@host:8080/c/s", "trino"),
    ],
)
def test_a_driver_that_is_missing_is_named_with_its_extra(url: str, extra: str):
    with pytest.raises(SourceFailed, match=rf'pip install "segferry\[{extra}\]"') as failed:
        open_driver(Address.parse(url), 1)
    assert "s3cret" not in str(failed.value)


def test_what_needs_no_database_imports_no_engine(tmp_path: Path):
    path = tmp_path / "p.csv"
    path.write_text("email,n\na@x.lv,1\n")
    code = (
        "import sys, datetime, core.cli, core.audience.gather, core.audience.databases\n"
        "from core.configuration.source import *\n"
        "from core.profiles.source_profile import profile\n"
        f"spec, day = Source(name='P', path={str(path)!r}), datetime.date(2026, 11, 28)\n"
        f"here = Settings(home=Path({str(tmp_path)!r}))\n"
        "source = open_source(spec, here, confined=False, day=Day(day, 'UTC'))\n"
        "assert profile(source, (), day, None).rows == 1\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_rows_become_batches_and_what_does_not_fit_is_counted():
    types = {"n": pa.int64(), "f": pa.float64(), "d": pa.date32(), "flag": pa.bool_()}
    rows = [(Decimal(3), Decimal("0.5"), "2026-01-02 10:00", 1), (2.5, "x", "soon", 2), (None,) * 4]
    losses = Losses()
    batch = batch_of(rows, types, losses, before=10)
    assert batch.to_pylist() == [
        {"n": 3, "f": 0.5, "d": datetime.date(2026, 1, 2), "flag": True},
        dict.fromkeys(types),
        dict.fromkeys(types),
    ]
    assert [(one.kind, one.column, one.count, one.row, one.text) for one in losses.notes()] == [
        ("odd_value", "n", 1, 12, "2.5"),
        ("odd_value", "f", 1, 12, "x"),
        ("cut_value", "d", 1, 11, "2026-01-02 10:00"),
        ("odd_value", "d", 1, 12, "soon"),
        ("odd_value", "flag", 1, 12, "2"),
    ]
