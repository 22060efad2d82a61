"""Undos in unusual order, of lists that changed otherwise, and what can't be undone any more."""

from datetime import UTC, datetime

import pytest

from core.configuration.retention import Retention
from core.errors import Conflict
from core.plan import journal
from core.runs import undo
from core.store import Store, preferences, runs
from tests.conftest import ADA, people
from tests.runs.carried import ran
from tests.runs.conftest import bring


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
