"""What dbt's last commands say of a model, and what they don't."""

from pathlib import Path
from typing import Any

import pytest

from core.profiles.sources.dbt import project
from core.profiles.sources.dbt.models import Models
from core.profiles.sources.dbt.standing import Outcome, Standing, standing
from tests import dbt_shop


def stands(path: Path, model: str = "customers") -> Standing:
    found = project.read(path, None)
    return standing(found, Models(found.manifest).named(model))


def test_tests_of_a_build_have_their_outcomes(tmp_path: Path):
    found = stands(dbt_shop.project(tmp_path))
    assert [(one.name, one.rows) for one in found.tests_of(Outcome.failed)] == [
        ("unique_customers_email", 1)
    ]
    assert [one.name for one in found.tests_of(Outcome.warned)] == ["not_null_customers_email"]
    assert len(found.tests_of(Outcome.passed)) == 3
    assert (found.command, found.built) == ("build", Outcome.passed)


def test_a_model_after_a_failure_was_skipped_with_its_tests(tmp_path: Path):
    found = stands(dbt_shop.project(tmp_path), "scores")
    assert found.built is Outcome.skipped
    assert [one.outcome for one in found.tests] == [Outcome.skipped]


@pytest.mark.parametrize("results", ["run_results.compile.json", "run_results.run.json", None])
def test_a_test_that_did_not_run_has_not_passed(tmp_path: Path, results: str | None):
    """`dbt compile` writes “success” for each test that it only compiled."""
    found = stands(dbt_shop.project(tmp_path, results))
    assert {one.outcome for one in found.tests} == {Outcome.unknown}
    ran = results == "run_results.run.json"
    assert found.built is (Outcome.passed if ran else Outcome.unknown)


def test_freshness_is_that_of_all_tables_above(tmp_path: Path):
    found = stands(dbt_shop.project(tmp_path), "scores.v1")
    assert {one.name: one.outcome for one in found.upstream} == {
        "billing.raw_orders": Outcome.failed,
        "crm.raw_customers": Outcome.passed,
    }
    (stale,) = found.upstream_of(Outcome.failed)
    assert stale.newest is not None
    assert stale.newest.isoformat() == "2026-11-22T06:00:00+00:00"
    assert [one.name for one in stands(tmp_path / "shop", "stg_customers").upstream] == [
        "crm.raw_customers"
    ]


def test_freshness_that_nobody_has_checked_is_unknown(tmp_path: Path):
    found = stands(dbt_shop.project(tmp_path, fresh=False))
    assert {one.outcome for one in found.upstream} == {Outcome.unknown}
    assert found.freshness_at is None


def test_a_test_written_as_sql_belongs_to_each_model_that_it_looks_at(tmp_path: Path):
    path = dbt_shop.project(tmp_path)

    def add(data: Any) -> None:
        test = data["nodes"][dbt_shop.UNIQUE] | {"attached_node": None, "name": "by_hand"}
        above = ["model.shop.customers", "model.shop.stg_orders"]
        data["nodes"]["test.shop.by_hand"] = test | {"depends_on": {"nodes": above}}

    dbt_shop.edit(path, "manifest.json", add)
    assert "by_hand" in [one.name for one in stands(path).tests]
    assert "by_hand" in [one.name for one in stands(path, "stg_orders").tests]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("error", Outcome.error), ("Pass", Outcome.passed), ("never heard of", Outcome.unknown)],
)
def test_words_that_are_not_known_are_no_outcome(tmp_path: Path, status: str, outcome: Outcome):
    path = dbt_shop.project(tmp_path)

    def change(data: Any) -> None:
        for one in data["results"]:
            one["status"] = status

    dbt_shop.edit(path, "run_results.json", change)
    assert {one.outcome for one in stands(path).tests} == {outcome}


def test_formats_that_are_not_known_are_named(tmp_path: Path):
    path = dbt_shop.project(tmp_path)
    assert stands(path).unknown_formats == ()
    later = {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v31.json"}
    dbt_shop.edit(path, "manifest.json", lambda data: data["metadata"].update(later))
    assert stands(path).unknown_formats == ("manifest v31",)
