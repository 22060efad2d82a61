"""A model of a dbt project on the Sources page: chosen by its name, described, and confined."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.settings import Settings
from core.store import Store, sources
from tests import dbt_shop

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Sources made in the browser may read the test's folder."""
    return Settings(home=tmp_path / "data", source_folders=str(tmp_path))


def test_a_model_is_chosen_by_its_name_saved_and_described(
    page: Page, words: Words, store: Store, tmp_path: Path
):
    project, url = dbt_shop.project(tmp_path), dbt_shop.warehouse(tmp_path)
    app = page("sources", view="add")
    app.radio(key="source-way").set_value("database").run()
    app.selectbox(key="source-engine").select("duckdb").run()
    app.text_input(key="source-database").set_value(url.removeprefix("duckdb:///")).run()
    app.radio(key="source-reads").set_value("dbt").run()
    app.text_input(key="source-dbt_project").set_value("/etc").run()
    app.button(key="source-dbt_list").click().run()
    assert "/etc is outside the folders" in words(app)
    app.text_input(key="source-dbt_project").set_value(str(project)).run()
    app.button(key="source-dbt_list").click().run()
    models = app.selectbox(key="source-dbt_model")
    assert [one for one in models.options if "One row per customer" in one]
    models.set_value("customers").run()
    app.button(key="source-look-button").click().run()
    app.button(key="save").click().run()
    with store.begin() as s:
        row = sources.find(s, "Customers")
    assert row.spec["dbt"] == {"project": str(project), "model": "customers"}
    shown = words(page("sources", source=row.id)).replace("\\", "")
    for text in (
        "One row per customer, with what they spent. Refreshed *every night*.",
        "CRM team",
        "“unique_customers_email” of “customers” failed on",
        "“billing.raw_orders”, which the model is made of, is stale",
        "“not_null_customers_email” of “customers” warned on",
    ):
        assert text in shown
    (tests, upstream, _fields) = [one.value for one in page("sources", source=row.id).table][-3:]
    assert "failed" in str(tests.iloc[0].to_list())
    assert "stale" in str(upstream.iloc[0].to_list())
    app = page("sources", view="edit", source=row.id)
    assert app.selectbox(key="source-dbt_model").value == "customers"
    assert not app.exception
