"""What changing an export says beforehand is what its next runs then do to the list."""

import httpx
import polars as pl
import pytest

from core.configuration.export import Export, Mode
from core.preview import change, plan
from core.profiles.matching.fields import Match
from core.store import Store, export_segments, exports
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, people, with_segments, written
from tests.runs.carried import ran
from tests.runs.conftest import HEADERS, members

LIST, OTHER = "Y6nRLr", "VpX3qT"
RICH = """
  - name: Rich
    source: Profiles
    rules: {all: [{field: spent, op: more_than, value: 4200}]}
  - name: Poor
    source: Profiles
    rules: {all: [{field: spent, op: at_most, value: 4200}]}
"""


@pytest.fixture
def fifty(store: Store, klaviyo: str, tmp_path):
    """Fifty people, whom the first run put on the list; eight of them are rich."""
    people(50).write_parquet(tmp_path / "many.parquet")
    file = written(tmp_path, tmp_path / "many.parquet", klaviyo)
    applied(store, with_segments(file, RICH))
    assert ran(store).sent == 50
    return tmp_path / "many.parquet"


def changed(store: Store, **values: object) -> list[str]:
    """What is said of the change; then it is saved."""
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        spec = exports.spec(session, row)
    new = Export.model_validate({**spec.model_dump(mode="json"), **values})
    told = change.consequences(store, ADA, "Newsletter", new)
    with store.begin() as session:
        exports.change(session, ADA, exports.find(session, "Newsletter"), new)
    return told


def matching(store: Store, **columns: object) -> dict[str, object]:
    with store.begin() as session:
        match = exports.spec(session, exports.find(session, "Newsletter")).match
    return Match.model_validate(match.model_dump() | columns).model_dump()


def emails(*numbers: int) -> set[str]:
    return {f"p{n}@example.com" for n in numbers}


def leaving(store: Store) -> int:
    return plan.preview(store, ADA, "Newsletter").leave


def test_nothing_is_said_where_nothing_happens_to_anybody(store: Store, fifty):
    assert changed(store, name="Newsletter", limit=77, schedule="refresh") == []
    assert changed(store, segments=["Everybody"], leave_out_suppressed=False) == []


def test_add_becomes_mirror(store: Store, klaviyo: str, fifty):
    people(48).write_parquet(fifty)
    ran(store)
    people(45).write_parquet(fifty)
    assert changed(store, mode=Mode.mirror) == [
        "Whoever leaves the segments is taken off the list from the next run on.",
        "48 people are on the list by this export: those who are not in the segments now are taken "
        "off at the next run, unless another export wants them or they were there before. The "
        "preview shows how many.",
        "2 people who had left the segments before the last run stay on it.",
    ]
    assert leaving(store) == 3
    assert ran(store).removed == 3
    assert members(klaviyo) & emails(*range(45, 51)) == emails(45, 49, 50)


def test_mirror_becomes_add(store: Store, klaviyo: str, fifty):
    changed(store, mode=Mode.mirror)
    told = changed(store, mode=Mode.add)
    assert told == ["Whoever leaves the segments stays on the list from now on."]
    people(45).write_parquet(fifty)
    assert ran(store).removed == 0
    assert emails(*range(1, 51)) <= members(klaviyo)
    assert "5 people who had left" in changed(store, mode=Mode.mirror)[-1]
    assert ran(store).removed == 0


def test_an_export_only_updates_and_comes_back(store: Store, klaviyo: str, fifty):
    assert changed(store, mode=Mode.update) == [
        "50 people that this export put on the list Y6nRLr stay on it: from now on this export "
        "takes nobody off it.",
        "This export no longer puts anyone on a list: it only updates profiles.",
        "The next run sends the profiles of everyone in the segments once more.",
    ]
    pl.concat([people(55).slice(0, 47), people(55).slice(50)]).write_parquet(fifty)
    run = ran(store)
    assert (run.sent, run.unchanged, run.removed) == (52, 0, 0)
    assert members(klaviyo) & emails(*range(47, 56)) == emails(47, 48, 49, 50)
    assert changed(store, mode=Mode.mirror) == [
        "The next run puts everyone in the segments on the list Y6nRLr.",
        "50 people that this export put there before count as being on it.",
        "50 people are on the list by this export: those who are not in the segments now are taken "
        "off at the next run, unless another export wants them or they were there before. The "
        "preview shows how many.",
    ]
    run = ran(store)
    assert (run.added, run.unchanged, run.removed) == (5, 47, 3)
    assert members(klaviyo) & emails(*range(47, 56)) == emails(47, *range(51, 56))
    last = changed(store, mode=Mode.update)
    assert len(last) == 2  # what it sent while it only updated counts again
    assert ran(store).unchanged == 52


def test_another_list(store: Store, klaviyo: str, fifty):
    changed(store, mode=Mode.mirror)
    assert changed(store, list_id=OTHER) == [
        "50 people that this export put on the list Y6nRLr stay on it: from now on this export "
        "takes nobody off it.",
        "The next run puts everyone in the segments on the list VpX3qT.",
    ]
    run = ran(store)
    assert (run.status, run.added, run.removed) == (RunStatus.succeeded, 50, 0)
    assert emails(*range(1, 51)) <= members(klaviyo, OTHER)
    people(49).write_parquet(fifty)
    assert ran(store).removed == 1
    assert emails(50) <= members(klaviyo, LIST)
    assert not emails(50) & members(klaviyo, OTHER)


@pytest.mark.parametrize("values", [{"segments": ["Poor"]}, {"exclude": ["Rich"]}])
def test_fewer_people_of_a_mirror(store: Store, klaviyo: str, fifty, values):
    changed(store, mode=Mode.mirror)
    told = changed(store, **values)
    assert told[-1].startswith("50 people are on the list by this export: those who are not in the")
    assert leaving(store) == 8
    assert ran(store).removed == 8
    assert not members(klaviyo) & emails(*range(43, 51))


def test_other_people_where_nobody_is_taken_off(store: Store, klaviyo: str, fifty):
    both = [
        "People who are in the segments only now join the list at the next run.",
        "People who are in none of the segments now, or are left out, stay on the list and are not "
        "updated any more.",
    ]
    assert changed(store, segments=["Poor"]) == both
    people(60).with_columns(first_name=pl.lit("New")).write_parquet(fifty)
    run = ran(store)
    assert (run.added, run.updated, run.removed) == (0, 42, 0)
    assert members(klaviyo) & emails(*range(43, 61)) == emails(*range(43, 51))
    assert changed(store, segments=["Poor", "Rich"]) == both[:1]
    run = ran(store)
    assert (run.added, run.updated, run.unchanged) == (10, 8, 42)
    assert emails(*range(1, 61)) <= members(klaviyo)


def test_another_matching_sends_once_more_whom_it_changes(store: Store, klaviyo: str, fifty):
    tier = pl.when(pl.int_range(pl.len()) < 5).then(pl.lit("gold"))
    people(50).with_columns(tier=tier).write_parquet(fifty)
    match = matching(store, properties={"spent": "spent", "tier": "tier"})
    with store.begin() as session:
        source = export_segments.source_of(session, exports.find(session, "Newsletter"))
        source.fields = {**(source.fields or {}), "tier": "text"}
        session.add(source)
    (told,) = changed(store, match=match)
    assert told.startswith("Up to 50 people are sent once more at the next run: all whose profile")
    assert plan.preview(store, ADA, "Newsletter").update == 5
    run = ran(store)
    assert (run.updated, run.unchanged) == (5, 45)


def test_a_field_taken_out_of_the_matching_keeps_its_value(store: Store, klaviyo: str, fifty):
    told = changed(store, match=matching(store, first_name=None))
    assert told[1:] == ["Klaviyo keeps the last values sent of: first name."]
    assert ran(store).updated == 50
    query = {"filter": 'equals(email,"p7@example.com")'}
    found = httpx.get(f"{klaviyo}/api/profiles", headers=HEADERS, params=query).json()
    assert found["data"][0]["attributes"]["first_name"] == "Name 7"


def other_address(store: Store, path, **columns: object) -> list[str]:
    """What is said when the addresses come from a column that has another one for p50."""
    moved = pl.when(pl.col("email") == "p50@example.com").then(pl.lit("q@example.com"))
    people(50).with_columns(mail=moved.otherwise("email")).write_parquet(path)
    with store.begin() as session:
        source = export_segments.source_of(session, exports.find(session, "Newsletter"))
        source.fields = {**(source.fields or {}), "mail": "text"}
        session.add(source)
    return changed(store, match=matching(store, email="mail", **columns))


@pytest.mark.parametrize("mode", [Mode.add, Mode.mirror])
def test_addresses_of_another_column(store: Store, klaviyo: str, fifty, mode: Mode):
    changed(store, mode=mode, match=matching(store, external_id=None))
    told = other_address(store, fifty)
    assert told[0] == "Anyone with another address in the new column counts as a new person."
    off = mode is Mode.mirror
    assert told[1].startswith(f"The old addresses {'are taken off' if off else 'stay on'} the list")
    run = ran(store)
    assert (run.added, run.removed) == (1, int(off))
    assert "q@example.com" in members(klaviyo)
    assert ("p50@example.com" in members(klaviyo)) is not off


def test_addresses_of_profiles_that_klaviyo_knows_by_more(store: Store, klaviyo: str, fifty):
    assert other_address(store, fifty)[1:] == [
        "If Klaviyo knows a profile by its external ID or phone number, it may change its "
        "address instead.",
    ]
    run = ran(store)
    assert (run.added, run.updated, run.unchanged) == (0, 1, 49)
    assert members(klaviyo) & {"p50@example.com", "q@example.com"} == {"q@example.com"}
