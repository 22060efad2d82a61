"""A model of a dbt project as a source, on the command line: apply, config, preview, run."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests import dbt_shop
from tests.cli.conftest import Command, one_sentence

pytestmark = pytest.mark.usefixtures("used")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, beside the configuration file; the URL of its database in the environment."""
    monkeypatch.setenv("WAREHOUSE_URL", dbt_shop.warehouse(tmp_path))
    return dbt_shop.project(tmp_path)


@pytest.fixture
def over_dbt(configuration: Path, profiles: Path, shop: Path) -> Path:
    """The configuration file, its source the model `customers`."""
    file = f"{{name: Profiles, path: {profiles}}}"
    model = f"{{project: {shop.name}, model: customers}}"
    source = f"{{name: Profiles, type: database, url: '${{WAREHOUSE_URL}}', dbt: {model}}}"
    text = configuration.read_text().replace(file, source)
    configuration.write_text(text.replace("{spent: spent}", "{spent: lifetime_value}"))
    return configuration


def test_a_model_goes_the_whole_way(segferry: Command, over_dbt: Path, shop: Path):
    assert segferry("apply", over_dbt).status == 0
    dbt_shop.passed(shop)
    seen = segferry("preview", "Newsletter", "--json").data
    assert seen["segments"] == {"Everybody": 5}
    assert seen["rejected"] == {"missing_email": 1, "duplicate_email": 1}
    ran = segferry("run", "Newsletter", "--json").data
    assert (ran["accepted"], ran["members"]) == (3, 5)


def test_the_project_is_found_beside_the_file_and_printed_whole(
    segferry: Command, over_dbt: Path, shop: Path
):
    segferry("apply", over_dbt)
    again = segferry("apply", over_dbt).out.splitlines()
    assert {line.split()[0] for line in again} == {"unchanged"}
    (source,) = YAML(typ="safe").load(segferry("config").out)["sources"]
    assert source["dbt"] == {"project": str(shop), "model": "customers"}
    assert source["url"] == "${WAREHOUSE_URL}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("model: customers", "model: custmers", "Did you mean “customers”?"),
        ("model: customers", "model: int_spend", "“int_spend” is ephemeral"),
        ("project: shop", "project: store", "Run dbt build or dbt parse there"),
        ("dbt:", "table: people, dbt:", "one of `table`, `query` and `dbt`"),
    ],
)
def test_what_is_no_model_changes_nothing(
    segferry: Command, over_dbt: Path, old: str, new: str, said: str
):
    over_dbt.write_text(over_dbt.read_text().replace(old, new))
    refused = segferry("apply", over_dbt)
    assert refused.status == 2
    assert one_sentence(refused)
    assert said in refused.err


def test_a_model_that_moved_is_read_where_it_is_now(segferry: Command, over_dbt: Path, shop: Path):
    segferry("apply", over_dbt)
    moved = {"relation_name": '"shop"."main_marts"."elsewhere"'}
    dbt_shop.edit(
        shop, "manifest.json", lambda data: data["nodes"]["model.shop.customers"].update(moved)
    )
    assert "elsewhere" in segferry("preview", "Newsletter").err
