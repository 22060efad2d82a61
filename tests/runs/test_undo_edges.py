"""Undos in unusual order, of lists that changed otherwise, and what can't be undone any more."""

from datetime import UTC, datetime

import httpx
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
from tests.runs.conftest import HEADERS, WRITING, bring, members, somebody_takes_off
from tests.runs.test_undo import MIRROR, attributes, emails, planned, renamed, undone


def test_what_the_retention_removed_of_a_run_names_it_and_its_day(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(3))
    run = ran(store)
    for path in journal.files(store.settings.ledgers):
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


def test_of_a_list_that_was_deleted_nothing_is_undone_and_the_run_may_be_undone_later(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(9), MIRROR)
    ran(store)
    bring(store, klaviyo, tmp_path, renamed(people(11)[2:], 4), MIRROR)
    run = ran(store)
    assert httpx.delete(f"{klaviyo}/api/lists/Y6nRLr", headers=HEADERS).status_code == 204
    taken = undone(store, run, seen=True)
    assert (taken.status, taken.accepted, taken.removed) == ("failed", 0, 0)
    assert "There is no list “Y6nRLr”" in (taken.error or "")
    assert planned(store, run) == (2, 2, 1, {})


def test_who_joins_by_a_form_after_leaving_counts_as_ours_for_an_undo_and_for_a_mirror(
    store: Store, klaviyo: str, tmp_path
):
    bring(store, klaviyo, tmp_path, people(3), MIRROR)
    ran(store)
    bring(store, klaviyo, tmp_path, people(6), MIRROR)
    run = ran(store)
    for email in ("p1@example.com", "p5@example.com"):
        somebody_takes_off(klaviyo, email)
    signs_up(klaviyo, "p1@example.com", "p5@example.com")
    assert undone(store, run).removed == 3
    assert members(klaviyo) == emails(1, 2, 3)
    bring(store, klaviyo, tmp_path, people(6)[1:], MIRROR)
    assert ran(store).removed == 1
    assert members(klaviyo) == emails(2, 3, 4, 5, 6)


def signs_up(url: str, *emails: str) -> None:
    """They join the list from elsewhere."""
    profiles = [{"type": "profile", "attributes": {"email": email}} for email in emails]
    body = {
        "data": {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": profiles}},
            "relationships": {"lists": {"data": [{"type": "list", "id": "Y6nRLr"}]}},
        }
    }
    address = f"{url}/api/profile-bulk-import-jobs"
    httpx.post(address, json=body, headers=WRITING).raise_for_status()
