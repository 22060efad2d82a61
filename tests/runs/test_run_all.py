"""“Run all” runs the exports that have an active schedule, and no others."""

import pytest

from core.access import Person, Role
from core.configuration.schedule import Schedule
from core.runs import run_all
from core.runs.several import Done
from core.store import Store, connections, exports, preferences, requests, runs
from core.store.tables.runs import RunStatus
from tests.conftest import ADA, applied, second_export, written

DAILY = Schedule(times=("06:00",), time_zone="Europe/Riga")
KASPARS = Person("Kaspars", Role.contributor)


@pytest.fixture(autouse=True)
def two(store: Store, tmp_path, profiles, klaviyo) -> None:
    """Newsletter with its own schedule, Second that follows the common refresh, which is off."""
    applied(store, written(tmp_path, profiles, klaviyo, second_export()))
    with store.begin() as session:
        exports.reschedule(session, ADA, exports.find(session, "Newsletter"), DAILY)
        exports.reschedule(session, ADA, exports.find(session, "Second"), "refresh")


def names(store: Store, person: Person = ADA) -> list[str]:
    with store.begin() as session:
        return [row.name for row in run_all.scheduled(session, person)]


def test_only_an_active_schedule_counts(store: Store):
    assert names(store) == ["Newsletter"]
    with store.begin() as session:
        on = preferences.refresh(session).model_copy(update={"active": True})
        preferences.change_refresh(session, ADA, on)
    assert names(store) == ["Newsletter", "Second"]


@pytest.mark.parametrize("how", ["paused", "detached", "running"])
def test_what_is_paused_detached_or_under_way_is_left_alone(store: Store, how):
    with store.begin() as session:
        row = exports.find(session, "Newsletter")
        if how == "paused":
            exports.pause(session, ADA, row, paused=True)
        elif how == "detached":
            exports.detach(session, ADA, row)
        else:
            requests.request(session, ADA, row)
    assert names(store) == []
    assert run_all.run_all(store, ADA) == Done(0, {})


def test_each_gets_one_run_in_the_name_of_whoever_asked(store: Store):
    assert run_all.run_all(store, ADA).n == 1
    with store.begin() as session:
        found = [(run.export, run.status, run.by) for run in runs.everything(session)]
    assert found == [("Newsletter", RunStatus.queued, "Ada")]


def test_a_contributor_runs_those_whose_connection_they_may_use(store: Store):
    assert names(store, KASPARS) == []
    with store.begin() as session:
        row = connections.find(session, "Klaviyo")
        row.shared_with = "contributors"
        session.add(row)
    assert names(store, KASPARS) == ["Newsletter"]
    assert run_all.run_all(store, KASPARS).n == 1


def test_one_that_is_refused_stops_no_other(store: Store):
    with store.begin() as session:
        exports.reschedule(session, ADA, exports.find(session, "Second"), DAILY)
        row = connections.find(session, "Klaviyo")
        row.removal = {"by": "Ada"}
        session.add(row)
    started = run_all.run_all(store, ADA)
    assert started.n == 0
    assert set(started.refused) == {"Newsletter", "Second"}
    assert "is being removed" in started.refused["Second"]
