"""The main script: every page is there, and what stands around it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.store.tables.exports import ExportRow

Page = Callable[..., AppTest]


@pytest.mark.parametrize(
    "name", ["overview", "exports", "history", "segments", "sources", "connections"]
)
def test_each_page_of_a_new_installation_has_one_title_and_an_offer(page: Page, name: str) -> None:
    app = page(name)
    assert not app.exception
    assert len(app.title) == 1
    assert app.button


@pytest.mark.parametrize(
    "name", ["overview", "exports", "history", "segments", "sources", "connections", "preview"]
)
def test_each_page_of_an_installation_in_use_has_one_title(
    page: Page, export: ExportRow, name: str
) -> None:
    app = page(name, export=export.id)
    assert not app.exception
    assert len(app.title) == 1


def test_the_page_of_no_export_leads_to_all_of_them(page: Page, export: ExportRow) -> None:
    assert page("preview").title[0].value == "Exports"


def test_an_installation_that_can_not_be_opened_is_one_sentence(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGFERRY_HOME", "/proc/nowhere")
    app = page("overview")
    assert not app.exception
    assert "/proc/nowhere" in app.error[0].value
