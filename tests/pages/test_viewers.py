"""A viewer sees nothing of a single person, on whatever page, and in whatever is downloaded."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.access import Person, Role, operator
from core.audience import looks, members
from core.configuration.export import Export
from core.configuration.segment import Segment
from core.configuration.source import Source
from core.errors import Denied
from core.profiles.segments.rules import Group
from core.runs import downloads
from core.store import Store, exports, jobs, progress, requests, segments, slots, sources
from core.store.tables.connections import ConnectionRow
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run, RunStatus
from core.store.tables.schedules import Outcome
from pages.router import PAGES

Page = Callable[..., AppTest]
N = 30
# What nobody but the first person has, by its column; the first letter and a domain may be seen.
SENTINELS: dict[str, Any] = {
    "email": "zqemail@shop.example",
    "mobile": "+37129876541",
    "phone_number_2": 37129876542,
    "customer_id": "zqcustomer",
    "crm": 987654323,
    "first_name": "Zqfirst",
    "last_name": "Zqlast",
    "address1": "Zqstreet 7",
    "town": "Zqtown",
    "zip": "Zq-1010",
    "country": "Zqland",
    "tier": "zqtier",
    "remark": "zqremark, born in May",
    "interests": ["zqinterest"],
    "device": {"name": "zqdevice"},
    "home_latitude": 56.987654,
    "home_longitude": 24.987654,
    "last_ip": "203.0.113.254",
    "birthday": date(1931, 2, 27),
    "agent": "zqagent/5.0",
}
HIDDEN = [
    *("zqemail", "29876541", "29876542", "zqcustomer", "987654323", "Zqfirst", "Zqlast"),
    *("Zqstreet", "Zqtown", "Zq-1010", "Zqland", "zqtier", "zqremark", "zqinterest", "zqdevice"),
    *("56.98", "24.98", "203.0.113.254", "1931", "zqagent"),
]
COMMON = {"country": "LV", "tier": "gold", "town": "Rīga", "spent": 12.5, "agreed": True}


def _people() -> pl.DataFrame:
    """The first has the sentinels, all others something of their own or in common."""
    rows = [SENTINELS | {"spent": 12.5, "agreed": True}]
    for n in range(1, N):
        own = {name: _other(value, n) for name, value in SENTINELS.items()}
        rows.append(own | COMMON)
    return pl.DataFrame(rows)


def _other(value: Any, n: int) -> Any:
    if isinstance(value, list | dict):
        return value
    if isinstance(value, str):
        return f"p{n}@x.lv" if "@" in value else f"{value[0]}{n:02}"
    return value + n if isinstance(value, int) else value


@pytest.fixture
def export(store: Store, connection: ConnectionRow, tmp_path: Path) -> ExportRow:
    """Everybody, matched with all there is, by a rule over each text of the first person."""
    path, person = tmp_path / "people.parquet", operator()
    _people().write_parquet(path)
    spec = Source(name="People", path=str(path))
    with store.begin() as session:
        schema = looks.look(store, person, spec).schema
        source = sources.add(session, person, spec, schema)
        rules = Group.model_validate({"any": _rules()})
        segments.add(session, person, Segment(name="Some", source="People", rules=rules))
        row = exports.add(session, person, _export(connection), "Newsletter EU")
    looks.read(store, person, source)
    members.recount(store, person, source)
    return row


def _rules() -> list[dict[str, Any]]:
    """A rule over each text that the first person alone has, and one that lets everybody in."""
    texts = [name for name, one in SENTINELS.items() if isinstance(one, str)]
    rules = [{"field": name, "op": "equals", "value": SENTINELS[name]} for name in texts]
    rules.append({"field": "tier", "op": "is_one_of", "value": ["gold", "zqtier"]})
    return [*rules, {"field": "spent", "op": "more_than", "value": 3}]


def _export(connection: ConnectionRow) -> Export:
    place = {"address1": "address1", "city": "town", "zip": "zip", "country": "country"}
    place |= {"ip": "last_ip", "latitude": "home_latitude", "longitude": "home_longitude"}
    rest = ("phone_number_2", "crm", "tier", "remark", "interests", "birthday", "agent", "spent")
    return Export(
        name="All",
        connection=connection.name,
        list_id="Y6nRLr",
        segments=("Some",),
        match={
            "email": "email",
            "phone_number": "mobile",
            "external_id": "customer_id",
            "first_name": "first_name",
            "last_name": "last_name",
            "location": place,
            "properties": {name: name for name in rest},
        },
    )


def _sentence() -> str:
    """As errors and holds quote cells, and a destination's words."""
    cells = "; ".join(f"row 1, “{name}”: “{one}”" for name, one in SENTINELS.items())
    phone, name = SENTINELS["mobile"], SENTINELS["first_name"]
    said = f"Invalid input: '{phone}' and \"{name}\" of zqemail@shop.example, id 987654323"
    return f"It was refused ({cells}). Klaviyo says: “{said}”"


@pytest.fixture
def runs(store: Store, export: ExportRow) -> dict[RunStatus, Run]:
    """A failed run, one that left somebody out, and one that is held, all with words on people."""
    found = {}
    for status in (RunStatus.failed, RunStatus.partial, RunStatus.held):
        with store.begin() as session:
            run = found[status] = requests.request(session, operator(), export)
            progress.step(session, run.id, RunStatus.running)
            progress.record(session, run, {"members": N, "segments": {"Some": N}, "valid": N})
            job = jobs.intend(session, run.id, 1, N, 1_000)
            jobs.note(session, job, _sentence())
            if status is RunStatus.held:
                progress.hold(session, run.id, _sentence(), 3)
            else:
                progress.step(session, run.id, status, error=_sentence(), **_off_the_list())
    return found


def _off_the_list() -> dict[str, Any]:
    arrived = {"accepted": 5, "asked": 5, "on_list": 4, "missing": {"refused": 1}}
    people = [{"email": "zqemail@shop.example", "why": "refused", "detail": None}]
    arrived |= {"people": people, "before": 1, "after": 5}
    return {
        "read_back_data": {"before": 1, "double_opt_in": False, "arrived": arrived, "drift": None}
    }


@pytest.fixture
def trouble(store: Store, export: ExportRow) -> None:
    """A time at which it was not run, and a source that could not be read, for cells of theirs."""
    with store.begin() as session:
        schedule, at = slots.of_export(export.id), datetime.now(UTC)
        slots.claim(session, schedule, at, Outcome.failed, export=export, reason=_sentence())
        source = sources.find(session, "People")
        sources.note_reading(session, source, problem=_sentence())


def visible(app: AppTest) -> str:
    """Everything that a page sends to the browser: texts, choices, states and data of charts."""
    return "\n".join(_sent(app._tree))


def _sent(node: Any) -> Iterator[str]:
    if proto := getattr(node, "proto", None):
        yield proto.SerializeToString().decode(errors="replace")
    for child in getattr(node, "children", {}).values():
        yield from _sent(child)


def states(export: ExportRow, runs: dict[RunStatus, Run]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each page as it opens, and the things that have a page of their own."""
    yield from ((entry.name, {}) for entry in PAGES)
    yield "preview", {"export": export.id}
    yield "segment", {"segment": 1}
    yield "segments", {"view": "edit", "segment": 1}
    yield "sources", {"source": 1}
    yield "sources", {"view": "edit", "source": 1}
    yield from (("history", {"run": run.id}) for run in runs.values())


def test_nothing_of_a_single_person_is_on_any_page_of_a_viewer(
    page: Page,
    export: ExportRow,
    runs: dict[RunStatus, Run],
    trouble: None,
    signed_in: Callable[[Role | None], None],
):
    signed_in(Role.viewer)
    for name, query in states(export, runs):
        app = page(name, **query)
        assert not app.exception, name
        seen = visible(app)
        assert [one for one in HIDDEN if one in seen] == [], (name, query)
    # What everybody has in common, and emails as they are masked, are there.
    seen = visible(page("sources", source=1))
    assert "z•••@shop.example" in seen
    assert "Z•••" in seen
    assert "12.5" in seen


def test_a_contributor_sees_it(page: Page, export: ExportRow, signed_in: Callable[..., None]):
    signed_in(Role.contributor)
    seen = visible(page("sources", source=1))
    assert [one for one in HIDDEN[1:] if one not in seen] == []


def test_what_a_viewer_may_take_home_has_none_of_it_and_the_rest_is_refused(
    store: Store, runs: dict[RunStatus, Run], trouble: None
):
    viewer = Person("Vita", Role.viewer)
    taken = downloads.runs_csv(store, viewer).decode()
    assert "says" in taken
    assert [one for one in HIDDEN if one in taken] == []
    with pytest.raises(Denied):
        downloads.rejects_csv(store, viewer, runs[RunStatus.partial])


def test_texts_that_several_people_have_in_common_stay(store: Store, export: ExportRow):
    with store.begin() as session:
        source = sources.find(session, "People")
        seen = sources.masks(session, source)
    row = {"tier": "gold", "country": "LV", "town": "Rīga", "spent": 12.5, "agreed": True}
    assert seen.row(row) == row
    assert seen.row({"tier": "zqtier", "town": "Zqtown"}) == {"tier": "z•••", "town": "Z•••"}
