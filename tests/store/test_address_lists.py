"""Address lists: kept encrypted, named in rules, in use, in files and orders, and of the erased."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.access import Person, Role
from core.configuration.address_list import AddressListFile
from core.configuration.order import Order
from core.configuration.segment import Segment
from core.errors import Conflict, Denied, Invalid, Unknown
from core.mcp import shown
from core.person import erasing, receipts
from core.preview import freshness
from core.profiles.segments.rules import Group
from core.runs import why
from core.runs.keeping import returned
from core.store import (
    Store,
    address_lists,
    addresses,
    audit,
    dump,
    exports,
    orders,
    rotation,
    segments,
)
from core.store.tables.data import AddressesRow
from core.store.vault import Vault
from tests.conftest import ADA, applied, with_segments
from tests.runs.carried import carried
from tests.runs.conftest import asked

VIP = """
  - name: VIPs
    source: Profiles
    rules: {all: [{field: email, op: in_list, value: VIP}]}
address_lists:
  - {name: VIP, path: vip.csv}
"""


@pytest.fixture
def file(store: Store, configuration: Path) -> Path:
    """The configuration with a list of two of its people and another one, and their segment."""
    (configuration.parent / "vip.csv").write_text("email\nP1@example.com\np2@example.com\nz@x.lv\n")
    with_segments(configuration, VIP)
    text = configuration.read_text().replace("segments: [Everybody]", "segments: [VIPs]")
    configuration.write_text(text)
    applied(store, configuration)
    return configuration


def kept(store: Store, *some: str) -> addresses.Content:
    return addresses.content(store, some)


def changed(store: Store, *some: str, name: str = "VIP", person: Person = ADA) -> bool:
    given = kept(store, *some) if some else None
    with store.begin() as session:
        row = address_lists.find(session, "VIP")
        spec = AddressListFile(name=name)
        return address_lists.change(session, person, row, spec, store.vault, given)


def order(store: Store) -> Order:
    with store.begin() as session:
        return orders.order_of(session, exports.find(session, "Newsletter"))


def in_use(store: Store, frozen: Order) -> list[str]:
    (rules,) = addresses.all_ready(store, frozen.segments).values()
    return [*next(rules.rules()).value.addresses]


def test_a_file_brings_a_list_and_an_export_sends_its_people(store: Store, file: Path):
    run = carried(store, asked(store))
    assert (run.members, run.accepted, run.segments) == (3, 2, {"VIPs": 3})
    assert run.rejected == {"duplicate_email": 1}
    assert {change.what for change in applied(store, file)} == {"unchanged"}


def test_nothing_that_is_kept_or_printed_has_an_address(store: Store, file: Path):
    carried(store, asked(store))
    text = dump.text(store, ADA)
    assert f"path: {file.parent / 'vip.csv'}" in text
    assert "z@x.lv" not in text
    assert b"z@x.lv" not in b"".join(
        found.read_bytes() for found in store.settings.home.rglob("*") if found.is_file()
    )


def test_a_list_without_a_file_stays_as_it_is_when_its_configuration_is_applied(
    store: Store, file: Path
):
    assert changed(store, "p3@example.com")
    text = dump.text(store, ADA)
    assert "- name: VIP\n" in text
    assert "vip.csv" not in text
    named = file.read_text().replace("{name: VIP, path: vip.csv}", "{name: VIP}")
    file.write_text(named)
    assert {change.what for change in applied(store, file)} == {"unchanged"}
    file.write_text(named.replace("VIP", "Other"))
    with pytest.raises(Invalid, match="no address list “Other” yet: name the file"):
        applied(store, file)


def test_a_file_without_addresses_or_a_list_that_is_not_there_is_refused(store: Store, file: Path):
    (file.parent / "vip.csv").write_text("nobody\n")
    with pytest.raises(Invalid, match="address_lists “VIP”: There is no address in it"):
        applied(store, file)
    file.write_text(file.read_text().replace("{name: VIP, path: vip.csv}", "{name: Other}"))
    with pytest.raises(Invalid):
        applied(store, file)


def test_a_segment_can_not_name_a_list_that_is_not_there(store: Store, file: Path):
    rules = {"all": [{"field": "email", "op": "in_list", "value": "VIPS"}]}
    spec = Segment(name="VIPs", source="Profiles", rules=Group.model_validate(rules))
    with store.begin() as session:
        row = segments.find(session, "VIPs")
        with pytest.raises(Unknown, match="address list “VIPS”"):
            segments.change(session, ADA, row, spec)


def test_a_run_compares_with_the_list_as_it_was_when_it_was_requested(store: Store, file: Path):
    run = asked(store)
    frozen = run.order
    assert changed(store, "p3@example.com", "p4@example.com")
    assert in_use(store, frozen) == ["p1@example.com", "p2@example.com", "z@x.lv"]
    assert in_use(store, order(store)) == ["p3@example.com", "p4@example.com"]
    assert frozen != order(store)
    assert carried(store, run).members == 3
    with store.begin() as session:
        assert addresses.drop_unused(session) == 1
        assert addresses.drop_unused(session) == 0
    assert in_use(store, frozen) == ["p3@example.com", "p4@example.com"]


def test_its_segments_are_no_longer_counted_once_it_has_other_addresses(store: Store, file: Path):
    with store.begin() as session:
        segments.note_count(session, segments.find(session, "VIPs"), 3, 12)
    for some, left in (("z@x.lv", "p2@example.com", "p1@example.com"), 3), (("z@x.lv",), None):
        assert changed(store, *some)  # at first only where they are from, and their order
        with store.begin() as session:
            assert segments.find(session, "VIPs").members == left


def test_rules_follow_its_name(store: Store, file: Path):
    assert changed(store, name="Best")
    with store.begin() as session:
        rules = segments.spec(session, segments.find(session, "VIPs")).rules
        last = audit.last_change(session, address_lists.KIND, "Best")
    assert next(rules.rules()).value == "Best"
    assert last is not None
    assert last.by == "Ada"
    assert in_use(store, order(store)) == ["p1@example.com", "p2@example.com", "z@x.lv"]


def test_it_is_not_removed_while_a_segment_uses_it(store: Store, file: Path):
    with store.begin() as session:
        row = address_lists.find(session, "VIP")
        with pytest.raises(Conflict, match="“VIP” is used by: VIPs"):
            address_lists.remove(session, ADA, row)
        exports.remove(session, ADA, exports.find(session, "Newsletter"))
        segments.remove(session, ADA, segments.find(session, "VIPs"))
        address_lists.remove(session, ADA, row)
        assert session.get(AddressesRow, row.digest) is None


def test_prune_removes_it_after_its_segments(store: Store, file: Path):
    text = file.read_text().replace("{name: VIP, path: vip.csv}", "")
    start, end = text.index("  - name: VIPs"), text.index("address_lists:")
    text = f"{text[:start]}address_lists: []\n{text[end:]}".replace("address_lists:\n  - \n", "")
    file.write_text(text.replace("segments: [VIPs]", "segments: [Everybody]"))
    removed = [(c.section, c.name) for c in applied(store, file, prune=True) if c.what == "removed"]
    assert removed == [("segments", "VIPs"), ("address_lists", "VIP")]


@pytest.mark.parametrize("role", [Role.viewer])
def test_viewers_change_nothing(store: Store, file: Path, role: Role):
    with pytest.raises(Denied):
        changed(store, "a@x.lv", person=Person("Vi", role))


def test_another_key_of_the_vault_reads_it_too(store: Store, file: Path):
    new = Vault(Fernet.generate_key())
    before = in_use(store, order(store))
    with store.begin() as session:
        rotation.relock(session, ADA, store.vault, new)
        row = address_lists.find(session, "VIP")
        assert [*addresses.unlocked(session, new, addresses.reference(row))] == before
        with pytest.raises(Invalid):
            addresses.unlocked(session, store.vault, addresses.reference(row))


def test_who_is_erased_is_in_no_list_and_comes_into_none(store: Store, file: Path):
    row = erasing.carry(store, erasing.begin(store, ADA, ["z@x.lv"]).id)
    assert ("Address lists", "1 list") in [line[1:] for line in receipts.lines(row)]
    assert in_use(store, order(store)) == ["p1@example.com", "p2@example.com"]
    again = kept(store, "Z@x.lv", "p1@example.com")
    assert (again.addresses, again.erased) == (("p1@example.com",), 1)
    assert again.left_out == "1 address isn't in it: its person was erased."
    assert {change.what for change in applied(store, file)} == {"unchanged"}


def test_who_is_back_in_a_list_is_noticed_and_erased_again(store: Store, file: Path):
    late = kept(store, "z@x.lv", "p1@example.com")  # before they are erased, written after it
    erasing.carry(store, erasing.begin(store, ADA, ["z@x.lv"]).id)
    with store.begin() as session:
        row = address_lists.find(session, "VIP")
        spec = AddressListFile(name="VIP")
        address_lists.change(session, ADA, row, spec, store.vault, late)
    found = returned.find(store)
    assert found.places == ("address list “VIP”",)
    assert (
        "in 1 place again, as of a backup that was put back: address list “VIP”" in found.sentence
    )
    assert erasing.again(store, ADA) is not None
    assert in_use(store, order(store)) == ["p1@example.com"]
    assert returned.find(store).places == ()


def test_a_preview_is_no_longer_true_once_a_list_has_changed(store: Store, file: Path):
    before = freshness.look(store, ADA, "Newsletter", store.clock())
    freshness.hold_to(before, freshness.look(store, ADA, "Newsletter", store.clock()))
    changed(store, "p1@example.com")
    with pytest.raises(Conflict, match="address list “VIP” has changed since this was counted"):
        freshness.hold_to(before, freshness.look(store, ADA, "Newsletter", store.clock()))


def test_a_run_says_that_a_list_has_changed_since_the_run_before(store: Store, file: Path):
    first = carried(store, asked(store))
    changed(store, *(f"p{n}@example.com" for n in range(1, 9)))
    second = carried(store, asked(store))
    assert (first.members, second.members) == (3, 9)
    assert why.sentence(store, second) == (
        f"The address list “VIP” has changed since run {first.id}: 6 came by it."
    )


def test_agents_see_names_and_numbers_only(store: Store, file: Path):
    with store.begin() as session:
        seen = shown.address_list(session, address_lists.find(session, "VIP"))
    assert seen == {"name": "VIP", "addresses": 3, "segments": ["VIPs"]}
