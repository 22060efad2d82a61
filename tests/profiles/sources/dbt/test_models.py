"""Which relation a dbt model is, by the names that dbt's own ref() takes."""

import json
from typing import Any

import pytest

from core.errors import Invalid, Unknown
from core.profiles.sources.dbt.artifacts import Manifest
from core.profiles.sources.dbt.models import Models, check_engine
from tests import dbt_shop


def manifest(change: Any = None) -> Manifest:
    data = json.loads((dbt_shop.HERE / "manifest.json").read_text())
    if change:
        change(data)
    return Manifest.model_validate_json(json.dumps(data))


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("customers", '"shop"."main_marts"."dim_customers"'),
        ("shop.customers", '"shop"."main_marts"."dim_customers"'),
        ("stg_customers", '"shop"."main_staging"."stg_customers"'),
        ("scores", '"shop"."main"."scores_v2"'),
        ("scores.v1", '"shop"."main"."scores_v1"'),
        ("raw_orders", '"shop"."main"."raw_orders"'),
    ],
)
def test_alias_schema_and_version_are_those_of_the_manifest(name: str, relation: str):
    assert Models(manifest()).named(name).relation == relation


@pytest.mark.parametrize(
    ("name", "error", "why"),
    [
        ("custmers", Unknown, "There is no dbt model “custmers”. Did you mean “customers”?"),
        ("scores.v3", Unknown, "Did you mean “scores.v"),
        ("retired", Invalid, "“retired” is disabled in its project. Enable it there"),
        ("int_spend", Invalid, "“int_spend” is ephemeral: .* such as customers"),
    ],
)
def test_what_is_no_table_is_refused_with_a_way_out(name: str, error: Any, why: str):
    with pytest.raises(error, match=why):
        Models(manifest()).named(name)


def test_a_name_of_two_packages_has_to_be_told_apart():
    def add(data: Any) -> None:
        other = data["nodes"]["model.shop.customers"] | {
            "package_name": "crm",
            "relation_name": "x",
        }
        data["nodes"]["model.crm.customers"] = other | {"unique_id": "model.crm.customers"}

    models = Models(manifest(add))
    with pytest.raises(Invalid, match=r"several dbt models .*: crm\.customers, shop\.customers\."):
        models.named("customers")
    assert models.named("crm.customers").relation == "x"
    assert "crm.customers" in [one.name for one in models.every()]


def test_a_model_comes_with_what_the_project_says_of_it():
    found = Models(manifest()).named("customers")
    assert found.description.startswith("One row per customer")
    assert (found.tags, found.owner) == (("crm", "pii"), "CRM team")
    assert found.about("email") == found.about("EMAIL") == "Address as typed in the shop."
    assert found.about("orders") == ""


def test_all_tables_are_offered_and_nothing_else():
    names = [one.name for one in Models(manifest()).every()]
    assert names == sorted(names)
    assert {"customers", "scores.v1", "scores.v2", "raw_orders"} <= set(names)
    assert not {"int_spend", "retired"} & set(names)


def test_a_project_for_another_database_is_refused():
    check_engine(manifest(), "duckdb", "DuckDB")
    with pytest.raises(Invalid, match="made for duckdb, and the URL leads to PostgreSQL"):
        check_engine(manifest(), "postgresql", "PostgreSQL")
