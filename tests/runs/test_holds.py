"""Held runs: what they would do, running them anyway, and what is kept of the hold."""

from pathlib import Path

import polars as pl
import pytest

from core.configuration.export import Guards, Mode
from core.destinations.klaviyo.capabilities import CAPABILITIES
from core.errors import Conflict
from core.preview import plan
from core.runs import guard_words, holds
from core.store import Store, runs
from core.store.tables.runs import Run, RunStatus
from tests.conftest import ADA, applied, people, written
from tests.runs.carried import carried
from tests.runs.conftest import asked, members


def now(store: Store, run: Run) -> Run:
    with store.begin() as session:
        return runs.find(session, run.id)


@pytest.fixture
def held(store: Store, klaviyo: str, tmp_path: Path) -> Run:
    """Of the fifty people of a mirrored list fifteen have left, three have a new name."""
    place = tmp_path / "many.parquet"
    people(50).write_parquet(place)
    applied(store, written(tmp_path, place, klaviyo, "    mode: mirror"))
    assert carried(store, asked(store)).accepted == 50
    renamed = pl.col("email").is_in([f"p{n}@example.com" for n in (1, 2, 3)])
    first = pl.when(renamed).then(pl.lit("New")).otherwise("first_name")
    stay = people(35).with_columns(first_name=first)
    pl.concat([stay, people(51).tail(1)]).write_parquet(place)
    return carried(store, asked(store))


def let_go(store: Store, run: Run, *, keep_leavers: bool) -> Run:
    """Confirmed, and carried to its end."""
    with store.begin() as session:
        seen = holds.plan_of([runs.find(session, run.id)])
        holds.run_anyway(session, ADA, seen, keep_leavers=keep_leavers)
    return carried(store, run)


def test_a_held_run_keeps_which_guard_held_it_with_its_number_and_what_it_saw(
    store: Store, held: Run
):
    (hold,) = holds.holds(held)
    (one,) = hold.crossed
    assert (one.name, one.limit, one.number) == ("remove", 10, 15)
    assert one.text == "It would take 15 people off the list, more than 10 % of 50."
    ended = let_go(store, held, keep_leavers=False)
    (hold,) = holds.holds(ended)
    assert (hold.by, hold.deed, hold.number, hold.keeps) == (ADA.name, "confirmed", 15, False)
    assert hold.crossed == (one,)


def test_a_held_run_says_who_joins_changes_and_leaves(held: Run):
    found = holds.plan_of([held])
    assert (found.join, found.change, found.leave, found.asking) == (1, 3, 15, 15)


def test_it_is_run_without_taking_anybody_off_and_the_next_run_asks_again(
    store: Store, klaviyo: str, held: Run
):
    run = let_go(store, held, keep_leavers=True)
    assert (run.status, run.accepted, run.removed) == (RunStatus.succeeded, 4, 0)
    assert "p50@example.com" in members(klaviyo)
    assert holds.holds(run)[0].keeps
    assert plan.preview(store, ADA, "Newsletter").leave == 15
    again = carried(store, asked(store))
    assert (again.status, again.asking) == (RunStatus.held, 15)
    assert let_go(store, again, keep_leavers=False).removed == 15
    assert "p50@example.com" not in members(klaviyo)


def test_it_is_not_run_once_it_would_do_something_else_than_was_seen(store: Store, held: Run):
    with store.begin() as session:
        run = runs.find(session, held.id)
        seen = holds.plan_of([run])
        run.added += 1
        session.add(run)
    with (
        pytest.raises(Conflict, match="has changed since this was shown"),
        store.begin() as session,
    ):
        holds.run_anyway(session, ADA, seen, keep_leavers=True)
    assert now(store, held).status == RunStatus.held


def test_every_guard_has_a_sentence_with_its_number_and_says_when_it_is_off():
    assert set(guard_words.WORDS) == set(Guards.model_fields)
    sentence = guard_words.sentence("remove", 12.5)
    assert sentence == "Hold the run when more than 12.5 % of the list would leave."
    for name in guard_words.NAMES:
        assert guard_words.sentence(name, guard_words.off_value(name)).startswith("Switched off.")
        off_by_default = guard_words.is_off(name, getattr(guard_words.DEFAULTS, name))
        assert off_by_default == (name in {"campaigns", "age"})
    off = {name: guard_words.off_value(name) for name in guard_words.NAMES}
    told = guard_words.brief(Guards.model_validate(off), Mode.mirror, CAPABILITIES, of_dbt=False)
    assert told == "All guards are switched off"
