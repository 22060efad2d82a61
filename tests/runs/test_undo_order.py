"""Several runs of a list taken back: the newest first as if none had been, else it is explained."""

from datetime import date, timedelta

import pytest

from core.errors import Invalid
from core.runs import undo
from core.store import Store, requests, runs
from core.store.tables.runs import AGENT, Run, RunStatus
from tests.conftest import ADA, people, second_export
from tests.runs.carried import carried, ran
from tests.runs.conftest import bring, members
from tests.runs.test_undo import MIRROR, attributes, emails, planned, renamed, undone


def let_go(store: Store, run: Run) -> Run:
    """The run at its end, whatever held it confirmed."""
    run = carried(store, run)
    if run.status == RunStatus.held:
        with store.begin() as session:
            requests.confirm(session, ADA, runs.find(session, run.id), run.asking or 0)
    return carried(store, run)


def three_runs(store: Store, url: str, folder) -> list[Run]:
    """Of a mirror: six people; two leave, two join, one is renamed; and almost back again."""
    frames = people(6), renamed(people(8)[2:], 4), people(5)
    found = []
    for frame in frames:
        bring(store, url, folder, frame, MIRROR)
        found.append(ran(store))
    return found


def warned(store: Store, run: Run) -> str:
    """What is said first of undoing a run."""
    return undo.plan(store, ADA, run.id).warnings[0]


def test_the_newest_first_each_undo_leaves_the_list_as_before_its_run_and_the_order_is_said(
    store: Store, klaviyo: str, tmp_path
):
    first, second, third = three_runs(store, klaviyo, tmp_path)
    several = f"2 later runs have changed this list since, the newest is run {third.id}"
    assert several in warned(store, first)
    assert planned(store, third) == (2, 3, 1, {})
    undone(store, third)
    assert members(klaviyo) == emails(*range(3, 9))
    assert f"To take back both, undo run {second.id} first" in warned(store, first)
    assert warned(store, second).startswith("Emails")
    assert planned(store, second) == (2, 2, 1, {})
    undone(store, second)
    assert members(klaviyo) == emails(*range(1, 7))
    assert attributes(klaviyo, "p4@example.com")["first_name"] == "Name 4"
    assert planned(store, first) == (6, 0, 0, {})
    undone(store, first)
    assert members(klaviyo) == set()


def test_two_exports_of_one_list_are_taken_back_to_nobody(store: Store, klaviyo: str, tmp_path):
    bring(store, klaviyo, tmp_path, people(5), second_export())
    first, second = ran(store), ran(store, "Second")
    assert planned(store, second) == (0, 0, 0, {"not_kept": 5})
    undone(store, second)
    assert planned(store, first) == (5, 0, 0, {})
    undone(store, first)
    assert members(klaviyo) == set()


def test_a_run_that_waited_comes_after_those_that_went_meanwhile(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(5), second_export())
    waiting = ran(store, trigger=AGENT)
    between = ran(store, "Second")
    assert (waiting.status, between.status) == (RunStatus.held, RunStatus.succeeded)
    let_go(store, waiting)
    assert planned(store, waiting) == (0, 0, 0, {"not_kept": 5})
    assert planned(store, between) == (0, 0, 0, {"changed_since": 5})


def test_no_day_is_too_far_away_and_without_a_list_there_is_none_to_restore(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(3))
    with pytest.raises(Invalid, match="not over yet"):
        undo.plan_of_day(store, ADA, "Newsletter", date.max)
    bring(store, klaviyo, tmp_path, people(3), "    mode: update")
    ran(store)
    yesterday = (store.clock() - timedelta(days=1)).date()
    with pytest.raises(Invalid, match="joins no list"):
        undo.plan_of_day(store, ADA, "Newsletter", yesterday)
