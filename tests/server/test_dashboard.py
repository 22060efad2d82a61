"""The Grafana dashboard of docs/ asks for what /metrics gives, and is put together as one."""

import json
import re
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core.configuration.schedule import Schedule
from core.server import measures
from core.store import Store, exports
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied
from tests.runs.test_history import run
from tests.server.test_measures import NOW

DASHBOARD = json.loads((Path(__file__).parents[2] / "docs" / "grafana.json").read_text())
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
EXPRESSION = re.compile(r"(segferry_\w+)(?:{([^}]*)})?")
SCRAPED = {"instance", "job"}  # labels that Prometheus adds


@pytest.fixture
def given(store: Store, configuration: Path) -> dict[str, set[str]]:
    """Names that /metrics gives, with their labels, where everything has happened once."""
    applied(store, configuration)
    with store.begin() as session:
        exports.reschedule(
            session,
            ADA,
            exports.find(session, "Newsletter"),
            Schedule(times=("06:00",), time_zone="Europe/Riga"),
        )
        session.add_all([run(accepted=1), run(RunStatus.queued, finished_at=None)])
    text = measures.text(store, NOW + timedelta(days=1)).decode()
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_each_expression_asks_for_a_measure_and_labels_that_there_are(given: dict[str, set[str]]):
    asked = set()
    for target in (target for panel in PANELS for target in panel["targets"]):
        names = {name for name, _labels in EXPRESSION.findall(target["expr"])}
        asked |= names
        for name, matchers in EXPRESSION.findall(target["expr"]):
            assert name in given
            assert set(re.findall(r"(\w+)=~?", matchers)) <= given[name]
        grouped = re.findall(r"by \((\w+)\)", target["expr"])
        shown = re.findall(r"{{(\w+)}}", target["legendFormat"])
        for name in names:
            assert set(grouped) <= given[name]
            assert set(shown) <= (set(grouped) or given[name] | SCRAPED)
    assert asked == set(given)


def test_its_variables_are_there_and_all_that_its_panels_use():
    variables = {one["name"]: one for one in DASHBOARD["templating"]["list"]}
    assert variables["source"]["type"] == "datasource"
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(PANELS)))
    assert used == {"source", "export"} == set(variables)
    for place in (variables["export"], *PANELS):
        assert place["datasource"] == {"type": "prometheus", "uid": "${source}"}


def test_panels_have_room_of_their_own():
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    places = [set(_cells(panel["gridPos"])) for panel in PANELS]
    assert all(0 <= x < 24 for place in places for x, _y in place)
    assert not [1 for one, other in combinations(places, 2) if one & other]
    for panel in PANELS:
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


def test_a_table_shows_how_it_is_now_and_not_each_moment():
    for panel in PANELS:
        if panel["type"] == "table":
            assert all(one["instant"] and one["format"] == "table" for one in panel["targets"])


def _cells(place: dict[str, int]) -> list[tuple[int, int]]:
    columns = range(place["x"], place["x"] + place["w"])
    rows = range(place["y"], place["y"] + place["h"])
    return [(x, y) for x in columns for y in rows]
