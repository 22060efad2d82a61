"""The main script: every page is there, and what stands around it."""

from collections.abc import Callable
from pathlib import Path

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


def guarded() -> None:
    """As a fragment begins, which runs without the top of its page."""
    from pages.ui import frame

    frame.guard()


def test_what_is_drawn_while_the_database_is_away_is_one_sentence(
    page: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = page("history")
    with monkeypatch.context() as away:
        away.setenv("SEGFERRY_HOME", str(tmp_path / "elsewhere"))
        away.setenv("SEGFERRY_DATABASE_URL", "postgresql://ada@127.0.0.1:1/none")
        for drawn in (app, AppTest.from_function(guarded, default_timeout=20)):
            drawn.run()
            assert not drawn.exception
            assert "Check that the server runs" in drawn.error[0].value
    app.run()
    assert not app.error
    assert app.title
