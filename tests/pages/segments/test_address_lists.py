"""Address lists on the Segments page: made, named in rules, replaced, renamed, removed."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access import Person, Role, operator
from core.audience import address_lists as given
from core.configuration.address_list import AddressListFile
from core.configuration.segment import Segment
from core.errors import Denied
from core.profiles.segments.rules import Group
from core.store import Store, address_lists, addresses, segments
from core.store.tables.data import SegmentRow, SourceRow
from tests.conftest import ADA

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Leads = Callable[[AppTest], dict[str, str]]
TWO_AND_ANOTHER = ("ilze@example.lv", "anna@example.lv", "z@x.lv")


@pytest.fixture
def vip(store: Store) -> None:
    content = addresses.content(store, TWO_AND_ANOTHER)
    with store.begin() as s:
        address_lists.add(s, operator(), AddressListFile(name="VIP"), store.vault, content)


@pytest.fixture
def vips(store: Store, source: SourceRow, vip: None) -> SegmentRow:
    rules = {"all": [{"field": "email", "op": "in_list", "value": "VIP"}]}
    spec = Segment(name="VIPs", source=source.name, rules=Group.model_validate(rules))
    with store.begin() as s:
        return segments.add(s, operator(), spec)


def kept(store: Store, name: str = "VIP") -> tuple[str, ...]:
    with store.begin() as s:
        row = address_lists.find(s, name)
        return addresses.unlocked(s, store.vault, addresses.reference(row))


def test_a_list_is_pasted(page: Page, store: Store, words: Words):
    app = page("segments", view="lists")
    assert "No address list yet" in words(app)
    app.button(key="new").click().run()
    app.text_input(key="address-list-name").set_value("VIP")
    app.text_area(key="address-list-text").set_value("email\na@x.lv\njoe@\nA@x.lv\nb@x.lv")
    app.button(key="address-list-save").click().run()
    assert kept(store) == ("a@x.lv", "b@x.lv")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a@x.lv, b@x.lv", ":material/check: 2 addresses."),
        ("email\na@x.lv\njoe@\nA@x.lv", "1 address, 1 line is no address (“joe@”), 1 is double."),
        ("joe@", "There is no address in it. Give one email address a line."),
    ],
)
def test_the_dialog_says_at_once_what_was_pasted(
    page: Page, store: Store, words: Words, typed: str, said: str
):
    app = page("segments", view="lists")
    app.button(key="new").click().run()
    app.text_area(key="address-list-text").set_value(typed)
    app.button(key="new").click().run()  # AppTest draws a dialog only where it is opened
    assert said in words(app)
    with store.begin() as s:
        assert address_lists.everything(s) == []


def test_a_rule_names_a_list_and_the_builder_says_how_much_of_it_is_there(
    page: Page, source: SourceRow, vip: None, store: Store, words: Words
):
    app = page("segments", view="new")
    app.text_input(key="segment-name").set_value("VIPs")
    for what, value in (("f", "email"), ("o", "in_list"), ("v", "VIP")):
        box = next(box for box in app.selectbox if (box.key or "").startswith(f"{what}-"))
        box.set_value(value).run()
    assert "email is in address list “VIP”" in words(app)
    assert "2 of 3 are in Profiles; 1 isn’t." in words(app)
    next(button for button in app.button if button.label == "Save segment").click().run()
    with store.begin() as s:
        row = segments.find(s, "VIPs")
    assert row.rules == {"all": [{"field": "email", "op": "in_list", "value": "VIP"}]}
    assert row.members == 3  # of which two have the same address


def test_the_page_of_a_segment_says_it_too(page: Page, vips: SegmentRow, words: Words):
    told = words(page("segment", segment=vips.id))
    assert "2 of 3 are in Profiles; 1 isn’t." in told
    assert "z@x.lv" not in told


def test_the_missing_ones_are_downloaded_by_who_may_see_them(
    store: Store, vips: SegmentRow, source: SourceRow
):
    found = given.missing_csv(store, ADA, source, "email", "VIP").decode("utf-8-sig")
    assert found.split() == ["email", "z@x.lv"]
    with pytest.raises(Denied):
        given.missing_csv(store, Person("Vi", Role.viewer), source, "email", "VIP")


def test_a_list_gets_other_addresses_and_another_name(
    page: Page, store: Store, vips: SegmentRow, words: Words
):
    app = page("segments", view="lists")
    app.menu_button[0].click("Replace addresses").run()
    app.text_area(key="address-list-text").set_value("m@x.ee")
    app.button(key="address-list-save").click().run()
    assert kept(store) == ("m@x.ee",)
    app = page("segments", view="lists")
    app.menu_button[0].click("Rename").run()
    app.text_input(key="list-name").set_value("Best")
    next(button for button in app.button if button.label == "Rename").click().run()
    assert kept(store, "Best") == ("m@x.ee",)
    with store.begin() as s:
        rules = segments.spec(s, segments.find(s, "VIPs")).rules
    assert next(rules.rules()).value == "Best"


def test_a_list_is_removed_only_once_no_segment_uses_it(
    page: Page, store: Store, vips: SegmentRow, words: Words, leads: Leads
):
    app = page("segments", view="lists")
    app.menu_button[0].click("Remove").run()
    assert "**VIP** can’t be removed yet" in words(app)
    assert leads(app)["VIPs"] == f"segment?segment={vips.id}"
    with store.begin() as s:
        segments.remove(s, operator(), segments.find(s, "VIPs"))
    app = page("segments", view="lists")
    app.menu_button[0].click("Remove").run()
    app.button(key="confirm-yes").click().run()
    with store.begin() as s:
        assert address_lists.everything(s) == []


def test_viewers_see_names_and_numbers_and_change_nothing(
    page: Page, vips: SegmentRow, signed_in: Callable[[Role], None], cells: Words
):
    signed_in(Role.viewer)
    app = page("segments", view="lists")
    assert '>3<span class="sf-hidden"> addresses</span>' in cells(app)
    assert not [button for button in app.button if button.label == "New list"]
