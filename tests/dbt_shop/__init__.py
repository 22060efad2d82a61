"""A small dbt project's artifacts, and the table of a model of it.

They were written by dbt 1.11.16 with dbt-duckdb 1.11.1, and are trimmed: code, macros and paths of
the machine are left out. `run_results.json` is of `dbt build`, where the test that the emails of
customers are unique fails; the others are of `dbt compile`, which counts each test as a success
without running it, and of `dbt run` of two models.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

HERE = Path(__file__).parent
UNIQUE = "test.shop.unique_customers_email.e77c92eb54"
NOT_NULL = "test.shop.not_null_customers_email.da3cfcd534"
CUSTOMERS = [
    (1, "anna@example.com", "Anna", "LV", 2, 31.5),
    (2, "berta@example.com", "Berta", "EE", 1, 7.25),
    (3, "anna@example.com", "Anna", "LV", 0, 0.0),
    (4, None, "Dace", "LV", 0, 0.0),
    (5, "elza@example.com", "Elza", "LV", 4, 120.0),
    (6, "filips@example.com", "Filips", "LV", 1, 9.99),
]


def project(folder: Path, results: str | None = "run_results.json", fresh: bool = True) -> Path:
    """The project in a folder, with these results of dbt's last command; its path."""
    target = folder / "shop" / "target"
    target.mkdir(parents=True)
    shutil.copy(HERE / "manifest.json", target)
    if results:
        shutil.copy(HERE / results, target / "run_results.json")
    if fresh:
        shutil.copy(HERE / "sources.json", target)
    return target.parent


def edit(project: Path, name: str, change: Callable[[Any], None]) -> None:
    """Changes an artifact of the project as dbt would: a new file in its place."""
    path = project / "target" / name
    data = json.loads(path.read_text())
    change(data)
    path.with_suffix(".new").write_text(json.dumps(data))
    path.with_suffix(".new").replace(path)


def passed(project: Path) -> None:
    """Makes all results good: as `dbt source freshness` and `dbt build` after a mend."""

    def build(data: Any) -> None:
        for one in data["results"]:
            is_test = one["unique_id"].startswith("test.")
            one.update(status="pass" if is_test else "success", failures=0 if is_test else None)

    def fresh(data: Any) -> None:
        for one in data["results"]:
            one["status"] = "pass"

    edit(project, "run_results.json", build)
    edit(project, "sources.json", fresh)


def warehouse(folder: Path) -> str:
    """The URL of a database with the table that the model `customers` is."""
    path = folder / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema main_marts")
        connection.execute(
            "create table main_marts.dim_customers (customer_id integer, email varchar, "
            "first_name varchar, country varchar, orders bigint, lifetime_value double)"
        )
        connection.executemany(
            "insert into main_marts.dim_customers values (?, ?, ?, ?, ?, ?)", CUSTOMERS
        )
    return f"duckdb:///{path}"
