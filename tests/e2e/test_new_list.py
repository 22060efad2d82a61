"""The list of an export: searched by its ID, or made in Klaviyo from the form itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.dashboard import Dashboard
from tests.e2e.screen import Visits, choose, chosen, drawn, headed, press, write

pytestmark = pytest.mark.browser


def test_a_list_is_searched_by_id_and_a_new_one_is_made_and_chosen(
    dashboard: Dashboard, visits: Visits
):
    page = visits.open(f"{dashboard.url}/exports?view=new")
    headed(page, "New export")
    choose(page, "Connection", "Klaviyo · Klaviyo · Sandbox")
    expect(page.get_by_text("lists in this account")).to_be_visible()
    drawn(page)
    box = chosen(page, "List")
    box.click()
    box.fill("pr3s")
    page.get_by_role("option", name="Product preview (Pr3sVw)").click()
    expect(box).to_have_value("Product preview (Pr3sVw)")
    drawn(page)

    page.get_by_text("Create a new list").click()
    write(page, "Name of the new list", "Pavasaris")
    page.get_by_text("Double opt-in:").click()
    drawn(page)
    press(page, "Create list")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("A list Pavasaris is created in the Klaviyo account")
    expect(dialog).to_contain_text("once they have confirmed by email")
    dialog.get_by_role("button", name="Create list").click()
    expect(chosen(page, "List")).to_have_value(re.compile(r"^Pavasaris \(\w{6}\)$"))
    expect(page.get_by_text("is created in Klaviyo")).to_be_visible()
    choose(page, "List", "VIP (VpX3qT)")
    drawn(page)
    expect(chosen(page, "List")).to_have_value("VIP (VpX3qT)")


def test_the_list_of_an_export_stays_while_its_form_is_filled_in(
    dashboard: Dashboard, visits: Visits
):
    page = visits.open(f"{dashboard.url}/exports?view=edit&export=1")
    headed(page, "Edit export")
    box = chosen(page, "List")
    before = box.input_value()
    assert before
    for name in ("Other", "Another"):
        write(page, "Name", name)
        drawn(page)
        expect(box).to_have_value(before)
    choose(page, "List", "VIP (VpX3qT)")
    drawn(page)
    write(page, "Name", "A third")
    drawn(page)
    expect(box).to_have_value("VIP (VpX3qT)")
