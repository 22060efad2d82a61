"""Where lists come from: what leads to what, what is out, and all that hangs on it."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from core.access import Person, Role
from core.configuration.address_list import AddressListFile
from core.configuration.configuration import Configuration
from core.configuration.segment import Segment
from core.profiles.segments.rules import Group
from core.runs import lineage
from core.runs.lineage import Kind, Lineage, Trouble
from core.store import (
    Store,
    address_lists,
    addresses,
    apply,
    connections,
    exports,
    progress,
    requests,
    segments,
    sources,
)
from core.store.tables.connections import ConnectionState
from core.store.tables.runs import RunStatus
from tests.conftest import ADA

RULES = {"all": [{"field": "country", "op": "equals", "value": "LV"}]}
EXPORTS = {  # name: connection, list, segments, those left out
    "Letter": ("Shop", "AAA", ["Buyers"], []),
    "Reminder": ("Shop", "AAA", ["Buyers", "Sleepers"], []),
    "Same id": ("Outlet", "AAA", ["Sleepers"], ["Buyers"]),
    "Gold": ("Outlet", "BBB", ["Members"], []),
}


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """Two sources, three segments and one that nothing uses, four exports to three lists."""
    path = tmp_path / "people.parquet"
    pl.DataFrame({"email": ["a@example.lv"], "country": ["LV"]}).write_parquet(path)
    segment = {"Buyers": "Orders", "Sleepers": "Orders", "Members": "Loyalty", "Spare": "Loyalty"}
    found = Configuration.model_validate(
        {
            "connections": [
                {
                    "name": name,
                    "api_key": "${KEY}",
                    "base_url": "http://127.0.0.1:1",
                    "consent": {"agreed_by": "Ada"},
                }
                for name in ("Shop", "Outlet")
            ],
            "sources": [{"name": name, "path": str(path)} for name in ("Orders", "Loyalty")],
            "segments": [{"name": n, "source": s, "rules": RULES} for n, s in segment.items()],
            "exports": [_export(name, *facts) for name, facts in EXPORTS.items()],
        }
    )
    plan = apply.prepare(store, found, {"Shop": "pk_1", "Outlet": "pk_2"})
    apply.apply(store, ADA, plan)
    return store


def _export(name: str, connection: str, list_id: str, taken: list[str], left: list[str]) -> Any:
    named = {"name": name, "connection": connection, "list_id": list_id, "segments": taken}
    return named | {"exclude": left, "match": {"email": "email"}}


def names(things: list[lineage.Thing] | tuple[lineage.Thing, ...]) -> set[str]:
    return {one.name for one in things}


def key(found: Lineage, name: str) -> str:
    return next(one.key for one in found.things if one.name == name)


def causes(found: Lineage) -> dict[str, set[str]]:
    """By the name of what hangs on them: the names of things with trouble; lists by their key."""
    by_key = {one.key: one.name for one in found.things}
    return {
        one.key if one.kind is Kind.list else one.name: {by_key[key] for key in one.because}
        for one in found.things
        if one.because
    }


def problem(store: Store, source: str, text: str | None) -> None:
    with store.begin() as session:
        sources.note_reading(session, sources.find(session, source), problem=text)


def test_each_thing_leads_to_the_next_and_a_list_belongs_to_its_connection(filled: Store):
    found = lineage.read(filled, ADA)
    words = {one.key: one.name for one in found.things}
    assert [
        (words[one.start], words[one.end], one.excluded) for one in found.links if one.excluded
    ] == [("Buyers", "Same id", True)]
    assert {(one.name, one.connection) for one in found.of(Kind.list)} == {
        ("AAA", "Shop"),
        ("AAA", "Outlet"),
        ("BBB", "Outlet"),
    }
    assert names(found.through([key(found, "Orders")]).things) == {
        "Orders",
        "Buyers",
        "Sleepers",
        "Letter",
        "Reminder",
        "Same id",
        "AAA",
    }
    assert names(found.through([key(found, "Gold")]).things) == {
        "Loyalty",
        "Members",
        "Gold",
        "BBB",
    }
    assert not [one for one in found.things if one.affected]


def test_all_that_hangs_on_an_unreadable_source_says_so_and_nothing_else(filled: Store):
    problem(filled, "Loyalty", "The file isn't there.")
    found = lineage.read(filled, ADA)
    assert causes(found) == {
        "Members": {"Loyalty"},
        "Spare": {"Loyalty"},
        "Gold": {"Loyalty"},
        found.of(Kind.list)[-1].key: {"Loyalty"},
    }
    assert names(found.affected().things) == {"Loyalty", "Members", "Spare", "Gold", "BBB"}
    assert names(found.below([key(found, "Loyalty")])) == {"Members", "Spare", "Gold", "BBB"}
    problem(filled, "Loyalty", None)
    assert not lineage.read(filled, ADA).affected().things


def test_exports_say_their_own_trouble_and_their_lists_hang_on_it(filled: Store):
    with filled.begin() as session:
        for name, last in {"Letter": RunStatus.held, "Reminder": RunStatus.failed}.items():
            run = requests.request(session, ADA, exports.find(session, name))
            progress.step(session, run.id, RunStatus.running)
            progress.step(session, run.id, last)
        exports.pause(session, ADA, exports.find(session, "Gold"), True)
        segments.find(session, "Sleepers").active = False
    found = lineage.read(filled, ADA)
    assert {one.name: one.trouble for one in found.things if one.trouble} == {
        "Letter": Trouble.held,
        "Reminder": Trouble.failed,
        "Gold": Trouble.paused,
        "Sleepers": Trouble.inactive,
    }
    lists = {one.key: set(one.because) for one in found.of(Kind.list)}
    shop = next(one.key for one in found.of(Kind.list) if one.connection == "Shop")
    assert lists[shop] == {key(found, name) for name in ("Letter", "Reminder", "Sleepers")}


@pytest.mark.parametrize("state", [ConnectionState.broken, ConnectionState.reconnect])
def test_a_connection_that_does_not_work_stops_its_exports_and_their_lists(
    filled: Store, state: ConnectionState
):
    with filled.begin() as session:
        connections.find(session, "Outlet").state = state
        exports.detach(session, ADA, exports.find(session, "Letter"))
    found = lineage.read(filled, ADA)
    assert found.broken == ("Outlet",)
    assert {one.name: one.trouble for one in found.of(Kind.export)} == {
        "Letter": Trouble.detached,
        "Reminder": None,
        "Same id": Trouble.disconnected,
        "Gold": Trouble.disconnected,
    }
    assert {(one.name, one.connection, one.affected) for one in found.of(Kind.list)} == {
        ("AAA", None, True),
        ("AAA", "Shop", False),
        ("AAA", "Outlet", True),
        ("BBB", "Outlet", True),
    }


def test_whoever_may_see_exports_may_see_where_they_come_from(filled: Store):
    assert len(lineage.read(filled, Person("Vita", Role.viewer)).things) == 13


def test_segments_lead_to_those_made_from_them_and_address_lists_to_those_that_name_them(
    filled: Store,
):
    rules = {"any": [{"segment": "Buyers"}, {"field": "email", "op": "in_list", "value": "VIP"}]}
    content = addresses.content(filled, ["a@example.lv"])
    with filled.begin() as session:
        spec = AddressListFile(name="VIP")
        address_lists.add(session, ADA, spec, filled.vault, content)
        outer = Segment(name="Both", source="Orders", rules=Group.model_validate(rules))
        segments.add(session, ADA, outer)
        row = segments.find(session, "Buyers")
        off = segments.spec(session, row).model_copy(update={"active": False})
        segments.change(session, ADA, row, off)
    found = lineage.read(filled, ADA)
    words = {one.key: one.name for one in found.things}
    into = {words[one.start] for one in found.links if words[one.end] == "Both"}
    assert into == {"Orders", "Buyers", "VIP"}
    assert causes(found)["Both"] == {"Buyers"}
    assert names(found.of(Kind.addresses)) == {"VIP"}
    assert "Both" in names(found.through([key(found, "VIP")]).things)
