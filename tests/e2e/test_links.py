"""Names lead to what they name, and the menu leads up, in the same tab and with the address."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.content import WORST
from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, card, drawn, headed

pytestmark = pytest.mark.browser


def test_the_menu_leads_from_a_form_to_its_list(dashboard: Dashboard, visits: Visits):
    page = visits.open(f"{dashboard.url}/segments?view=new")
    headed(page, "New segment")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Segments").click()
    headed(page, "Segments")
    assert page.url == f"{dashboard.url}/segments"


def test_a_name_opens_a_page_that_a_reload_keeps_and_back_leaves(
    dashboard: Dashboard, visits: Visits
):
    page = visits.open(f"{dashboard.url}/sources")
    card(page, "source", WORST).get_by_role("link", name=WORST, exact=True).click()
    headed(page, WORST)
    expect(page).to_have_url(re.compile(r"/sources\?source=\d+$"))
    page.reload()
    headed(page, WORST)
    page.go_back()
    headed(page, "Sources")
    row = card(page, "source", "Few")
    row.get_by_role("link", name=re.compile(r"^\d+ segments?$")).click()
    headed(page, re.compile("Segments|Everybody"))
    drawn(page)
    assert len(page.context.pages) == 1


def test_a_box_of_the_lineage_opens_its_page_in_place_and_back_leaves_it(
    dashboard: Dashboard, visits: Visits
):
    page = visits.open(f"{dashboard.url}/lineage")
    page.evaluate("window.stays = true")
    page.get_by_role("link", name=re.compile("^Everybody")).click()
    headed(page, "Everybody")
    expect(page).to_have_url(re.compile(r"/segment\?segment=\d+$"))
    assert page.evaluate("window.stays")
    page.get_by_role("button", name="Lineage").click()
    headed(page, "Lineage")
    expect(page).to_have_url(re.compile(r"/lineage\?segment=\d+$"))
    expect(page.get_by_role("heading", name="Segments 1")).to_be_visible()
    page.go_back()
    headed(page, "Everybody")
