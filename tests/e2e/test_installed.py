"""The wheel in a fresh environment, called from an empty folder: it looks and works as a clone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.dashboard import free_port, running
from tests.e2e.screen import Visits, card, headed

pytestmark = pytest.mark.browser
ADMINISTRATOR = re.compile(r"Sign in as (.+) \(administrator\): (.+)")
PRIMARY = "rgb(15, 118, 110)"  # of the light theme in .streamlit/config.toml
LOADED_FONTS = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
IS_DRAWN = "image => image.complete && image.naturalWidth > 0"


def test_the_demo_of_an_installed_segferry_lets_somebody_in(
    visits: Visits, environment: Path, tmp_path: Path
):
    here = tmp_path / "here"
    home = here / "data"
    (home / "sandbox").mkdir(parents=True)
    (home / "sandbox" / "port").write_text(str(free_port()))  # that no other test uses
    program = environment / "bin" / "segferry"
    with running(home, "--demo", inhabited=False, installed=program) as dashboard:
        page = visits.open(dashboard.url, signed_in=False)
        headed(page, "Sign in")
        button = page.get_by_role("button", name="Sign in", exact=True)
        expect(button).to_have_css("background-color", PRIMARY)
        assert "Inter" in page.evaluate(LOADED_FONTS)
        assert page.get_by_role("img", name="Segferry").evaluate(IS_DRAWN)
        name, password = ADMINISTRATOR.search(home.with_suffix(".log").read_text()).groups()
        page.get_by_role("textbox", name="Name").fill(name)
        page.get_by_role("textbox", name="Password").fill(password)
        button.click()
        headed(page, "Overview")
        page.get_by_role("link", name="Exports", exact=True).click()
        headed(page, "Exports")
        expect(card(page, "export", "Newsletter")).to_be_visible()
        page.close()
