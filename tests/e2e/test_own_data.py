"""From nothing to Klaviyo with a file of one's own: source, segment, connection, export, run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.store import open_store
from tests.conftest import on_list
from tests.e2e import runs
from tests.e2e.dashboard import Dashboard, running
from tests.e2e.screen import (
    Visits,
    badge,
    card,
    choose,
    chosen,
    drawn,
    headed,
    press,
    run_export,
    write,
)

pytestmark = pytest.mark.browser

HEAD = "Klienta numurs;E-pasts;Vārds;Uzvārds;Pilsēta;Valsts;Apgrozījums"
GOOD = {  # as they have to arrive
    "zanna@example.lv": ("Žanna", "Čakste", "Cēsis", 1234.5),
    "girts@example.lv": ("Ģirts", "Ķēniņš", "Rīga", 100.01),
    "sarlote@example.lv": ("Šarlote", "Ūdre-Ņikiforova", "Liepāja", 5000),
}
FILE = "\n".join(
    [
        HEAD,
        "0001;Zanna@Example.lv;Žanna;Čakste;Cēsis;LV;1234,50",
        "0002;girts@example.lv;Ģirts;Ķēniņš;Rīga;LV;100,01",
        "0003;sarlote@example.lv;Šarlote;Ūdre-Ņikiforova;Liepāja;LV;5000,00",
        "0004;ZANNA@example.lv;Žanna;Čakste;Cēsis;LV;300,00",  # a duplicate
        "0005;;Jānis;Bērziņš;Jūrmala;LV;450,75",  # no address
        "0006;nav adreses;Pēteris;Kļaviņš;Sigulda;LV;220,10",  # a bad address
        "0007;liga@example.lv;Līga;Āboliņa;Ogre;LV;99,99",  # spends too little
        "0008;mart@example.ee;Märt;Öpik;Põlva;EE;900,00",  # lives elsewhere
        "",
    ]
)


@pytest.fixture
def new(chromium: str, tmp_path: Path) -> Iterator[Dashboard]:
    """A new installation."""
    with running(tmp_path / "data") as dashboard:
        yield dashboard


def test_a_file_of_ones_own_reaches_klaviyo_with_every_profile_accounted_for(
    new: Dashboard, klaviyo: str, visits: Visits, tmp_path: Path
):
    list_id = runs.new_list(klaviyo, "Jaunumi")
    page = visits.open(new.url)
    headed(page, re.compile("Welcome"))
    _add_source(page, _written(tmp_path))
    _build_segment(page)
    _add_connection(page, klaviyo)
    _add_export(page, list_id)
    _look_at_preview(page)
    assert on_list(klaviyo, list_id) == 0  # so far nothing has been sent
    run_export(page)
    expect(badge(page, "Partial")).to_be_visible()

    store = open_store(new.settings)
    (run,) = runs.of(store, "Jaunumi")
    store.close()
    assert (run.members, run.sent, run.accepted) == (6, 3, 3)
    assert run.rejected == {"missing_email": 1, "invalid_email": 1, "duplicate_email": 1}
    assert runs.accounted_for(run)
    arrived = runs.profiles(klaviyo, list_id)
    assert {email: _told(profile) for email, profile in arrived.items()} == GOOD


def _written(folder: Path) -> Path:
    path = folder / "klienti 2026.csv"
    path.write_bytes(FILE.encode("cp1257"))
    return path


def _told(profile: dict) -> tuple[str, str, str, float]:
    spent = profile["properties"]["Apgrozījums"]
    assert isinstance(spent, int | float)
    return profile["first_name"], profile["last_name"], profile["location"]["city"], spent


def _add_source(page: Page, file: Path) -> None:
    page.get_by_role("link", name="Sources", exact=True).click()
    headed(page, "Sources")
    press(page, "Add the first source")
    headed(page, "Add source")
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text(file.name)).to_be_visible()
    drawn(page)
    expect(page.get_by_text("Baltic (cp1257)", exact=True)).to_be_visible()
    expect(page.get_by_text("semicolon", exact=True)).to_be_visible()
    expect(page.get_by_text("8 rows, 7 fields")).to_be_visible()
    expect(page.get_by_role("cell", name="Ķēniņš", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Klienti 2026")
    press(page, "Save source")
    headed(page, "Sources")
    expect(card(page, "source", "Klienti 2026")).to_be_visible()


def _build_segment(page: Page) -> None:
    page.get_by_role("link", name="Segments", exact=True).click()
    headed(page, "Segments")
    press(page, "Build the first one")
    headed(page, "New segment")
    write(page, "Name", "Latvian spenders")
    choose(page, "Field of rule 1", "Valsts")
    choose(page, "Value of rule 1", "LV (7)")
    expect(page.get_by_text("7 of 8", exact=True)).to_be_visible()
    press(page, "Add rule")
    choose(page, "Field of rule 2", "Apgrozījums")
    choose(page, "Operator of rule 2", "is more than")
    write(page, "Value of rule 2", "100", role="spinbutton")
    expect(page.get_by_text("6 of 8", exact=True)).to_be_visible()
    press(page, "Save segment")
    headed(page, "Segments")
    expect(page.get_by_text("Valsts is LV and Apgrozījums is more than 100")).to_be_visible()


def _add_connection(page: Page, klaviyo: str) -> None:
    page.get_by_role("link", name="Connections", exact=True).click()
    headed(page, "Connections")
    press(page, "Add the first connection")
    headed(page, "Add connection")
    write(page, "Display name", "Sandbox")
    write(page, "Address", klaviyo)
    write(page, "Private API key", "pk_from_nothing_0001")
    expect(page.get_by_role("button", name="Save connection")).to_be_disabled()
    press(page, "Connect")
    expect(page.get_by_text("Without your agreement nothing may be sent")).to_be_visible()
    page.get_by_text("I agree", exact=True).click()
    expect(page.get_by_role("checkbox", name="I agree")).to_be_checked()
    press(page, "Connect")
    expect(page.get_by_text(re.compile("^Account .*time zone"))).to_be_visible()
    press(page, "Save connection")
    headed(page, "Connections")
    expect(card(page, "connection", "Sandbox")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("pk_from_nothing_0001")


def _add_export(page: Page, list_id: str) -> None:
    page.get_by_role("link", name="Exports", exact=True).click()
    headed(page, "Exports")
    press(page, "New export")
    headed(page, "New export")
    write(page, "Name", "Jaunumi")
    expect(chosen(page, "Connection")).to_have_value("Klaviyo · Sandbox · Sandbox")
    choose(page, "List", f"Jaunumi ({list_id})")
    expect(page.locator(".st-key-form-segments")).to_contain_text("Latvian spenders · 6 members")
    proposed = {
        "Email address": "E-pasts (text)",
        "First name": "Vārds (text)",
        "Last name": "Uzvārds (text)",
        "City": "Pilsēta (text)",
        "Country": "Valsts (text)",
    }
    for label, column in proposed.items():
        expect(chosen(page, label)).to_have_value(column)
    press(page, "Add property")
    drawn(page)  # a box that is opened before is closed by what is drawn then
    choose(page, "Column of property 1", "Apgrozījums (number)")
    drawn(page)
    press(page, "Save export")


def _look_at_preview(page: Page) -> None:
    headed(page, "Jaunumi")
    rows = {
        "Latvian spenders": "6",
        "of them can be sent": "3",
        "No email": "1",
        "Email not valid": "1",
        "Duplicate email": "1",
    }
    for name, number in rows.items():
        row = page.get_by_role("row").filter(has=page.get_by_role("cell", name=name, exact=True))
        expect(row.get_by_role("cell", name=number, exact=True)).to_be_visible()
    expect(page.get_by_role("table").last).to_contain_text("Ķēniņš")
