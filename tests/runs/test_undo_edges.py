"""Undos in unusual order, of lists that changed otherwise, and what can't be undone any more."""

from datetime import UTC, datetime

import polars as pl
import pytest

from core.configuration.retention import Retention
from core.errors import Conflict
from core.plan import journal
from core.runs import undo
from core.runs.keeping import files
from core.store import Store, preferences, runs
from tests.conftest import ADA, people
from tests.runs.carried import ran
from tests.runs.conftest import bring, members
from tests.runs.test_undo import MIRROR, attributes, emails, planned, renamed, undone


def test_what_the_retention_removed_of_a_run_names_it_and_its_day(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(3))
    run = ran(store)
    for path in journal.files(store.settings.home):
        path.unlink()
    with pytest.raises(Conflict, match="made by an earlier version"):
        undo.plan(store, ADA, run.id)
    with store.begin() as session:
        preferences.change_defaults(session, ADA, kept=Retention(journal=41))
        then = runs.find(session, run.id)
        then.finished_at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with pytest.raises(Conflict) as error:
        undo.plan(store, ADA, run.id)
    assert str(error.value) == (
        f"What run {run.id} changed was kept until 12 Apr 2026, 41 days after the run had ended, "
        "and then removed, as the retention says (`journal`; in Settings “What runs changed on "
        "their lists”). So it can't be undone."
    )


def test_begun_with_the_older_one_two_undos_leave_the_list_as_before_both(
    store: Store, klaviyo: str, tmp_path
):
    frames = people(4)[:2], people(9), renamed(people(11)[5:], 7)
    found = []
    for frame in frames:
        bring(store, klaviyo, tmp_path, frame, MIRROR)
        found.append(ran(store))
    _first, second, third = found
    assert planned(store, second) == (3, 0, 0, {"not_there": 3, "changed_since": 1})
    undone(store, second)
    assert members(klaviyo) == emails(7, 10, 11)
    assert planned(store, third) == (3, 2, 0, {})
    taken = undone(store, third)
    assert taken.undo == {"alone": {}, "complete": True}
    assert members(klaviyo) == emails(1, 2)


def test_begun_with_the_older_one_what_was_sent_before_both_is_restored(
    store: Store, klaviyo: str, tmp_path
):
    keeps = "    keep_previous: true"
    found = []
    for names in ("First", "Second", "Third"):
        frame = people(3).with_columns(first_name=pl.lit(names))
        bring(store, klaviyo, tmp_path, frame, keeps)
        found.append(ran(store))
    files.remove_frozen(store.settings, found)
    assert planned(store, found[1]) == (0, 0, 0, {"changed_since": 3})
    undone(store, found[1])
    assert planned(store, found[2]) == (0, 0, 3, {})
    undone(store, found[2])
    assert attributes(klaviyo, "p2@example.com")["first_name"] == "First"
