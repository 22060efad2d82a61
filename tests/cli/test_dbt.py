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


def test_what_failed_in_dbt_holds_a_run_and_the_preview_says_so_before(
    segferry: Command, over_dbt: Path, shop: Path
):
    segferry("apply", over_dbt)
    test = "The dbt test “unique_customers_email” of “customers” failed on"
    source = "“billing.raw_orders”, which the model is made of, is stale"
    shown = segferry("preview", "Newsletter").out
    assert test in shown
    assert source in shown
    assert "“not_null_customers_email” of “customers” warned" in shown
    held = segferry("run", "Newsletter", "--json")
    assert held.status == 4
    assert test in held.err
    assert source in held.err
    assert "not_null_customers_email" not in held.err
    assert segferry("run", "Newsletter", "--json", "--confirm", 3).data["accepted"] == 3


def test_a_run_over_another_table_than_the_last_one_is_held(
    segferry: Command, over_dbt: Path, shop: Path
):
    """As where somebody built the project for another target."""
    segferry("apply", over_dbt)
    dbt_shop.passed(shop)
    assert segferry("run", "Newsletter", "--json").data["accepted"] == 3
    other = {"relation_name": '"shop"."main_marts"."DIM_CUSTOMERS"'}
    dbt_shop.edit(
        shop, "manifest.json", lambda data: data["nodes"]["model.shop.customers"].update(other)
    )
    assert "in the last run and now is" in segferry("preview", "Newsletter").out
    held = segferry("run", "Newsletter", "--json")
    assert held.status == 4
    assert "in the last run and now is" in held.err


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


def exposures(segferry: Command, *options: object) -> list[dict[str, object]]:
    return list(YAML(typ="safe").load(segferry("dbt", "exposures", *options).out)["exposures"])


def test_exports_over_models_are_exposures(
    segferry: Command, over_dbt: Path, monkeypatch: pytest.MonkeyPatch
):
    segferry("apply", over_dbt)
    (found,) = exposures(segferry)
    owner = found.pop("owner")
    assert isinstance(owner, dict)
    assert owner["name"]
    assert found == {
        "name": "segferry_newsletter",
        "label": "Newsletter",
        "type": "application",
        "description": "Segferry takes “Everybody” to the list “Y6nRLr” of Klaviyo (add).",
        "depends_on": ["ref('customers')"],
    }
    monkeypatch.setenv("SEGFERRY_PUBLIC_URL", "https://segferry.example.com/")
    assert exposures(segferry)[0]["url"] == "https://segferry.example.com/export?export=1"


def test_names_are_one_word_each_and_nobody_elses_template(segferry: Command, over_dbt: Path):
    """dbt renders what stands in braces, with its environment."""
    head, export = over_dbt.read_text().split("  - name: Newsletter\n")
    names = ["Ziņas: rīts!", "zinas rits", "新聞", "{{ env_var('SECRET') }}"]
    exports = "".join(f'  - name: "{name}"\n{export}' for name in names)
    over_dbt.write_text(head + exports)
    assert segferry("apply", over_dbt).status == 0
    found = exposures(segferry)
    assert [one["name"] for one in found] == [
        "segferry_env_var_secret",
        "segferry_export_3",
        "segferry_zinas_rits",
        "segferry_zinas_rits_2",
    ]
    assert "{{" not in segferry("dbt", "exposures").out


def test_of_several_projects_one_has_to_be_chosen(
    segferry: Command, over_dbt: Path, shop: Path, tmp_path: Path
):
    other = dbt_shop.project(tmp_path / "other")
    text = over_dbt.read_text()
    sources, segments = text[text.index("sources:") : text.index("exports:")].split("segments:\n")
    source, export = sources.removeprefix("sources:\n"), text[text.index("  - name: Newsletter") :]
    more = {
        "segments:": source.replace("Profiles", "Scores").replace(": shop", ": other/shop"),
        "exports:": segments.replace("Everybody", "All").replace("Profiles", "Scores"),
    }
    for section, lines in more.items():
        text = text.replace(section, lines + section, 1)
    export = export.replace("Newsletter", "Second").replace("[Everybody]", "[All]")
    over_dbt.write_text(text + export)
    assert segferry("apply", over_dbt).status == 0
    refused = segferry("dbt", "exposures")
    assert refused.status == 2
    assert f"--project {other}, --project {shop}" in refused.err
    assert [one["label"] for one in exposures(segferry, "--project", shop)] == ["Newsletter"]
    assert [one["label"] for one in exposures(segferry, "--project", other)] == ["Second"]


def test_exports_that_never_run_are_no_exposures(segferry: Command, over_dbt: Path):
    over_dbt.write_text(over_dbt.read_text().rstrip() + "\n    paused: true\n")
    segferry("apply", over_dbt)
    refused = segferry("dbt", "exposures")
    assert refused.status == 2
    assert "No active export reads a model" in refused.err
