"""The ledger of a list, and the plan against it, on frames alone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from core.plan import changes, record
from core.plan.hashes import FORM
from core.plan.ledger import SCHEMA, State, ledger_path, read, write
from core.plan.record import Delivered

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NEWS, SHOP = 7, 8  # exports


def people(**hashes: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"email": list(hashes), "hash": list(hashes.values())},
        schema={"email": pl.String, "hash": pl.UInt64},
    ).with_columns(clears=pl.lit(value=False), person=pl.lit(None, pl.UInt64))


def after(
    ledger: pl.DataFrame,
    accepted: pl.DataFrame,
    *,
    export: int = NEWS,
    members: pl.DataFrame | None = None,
    refused: pl.DataFrame | None = None,
    whole: bool = True,
    left: list[str] | None = None,
    at: datetime = NOW,
) -> pl.DataFrame:
    run = Delivered(
        export_id=export,
        run_id=1,
        at=at,
        accepted=accepted,
        refused=people() if refused is None else refused,
        members=accepted if members is None else members,
        whole=whole,
        left=None if left is None else pl.DataFrame({"email": left}, schema={"email": pl.String}),
    )
    return record.recorded(ledger, run)


def row(ledger: pl.DataFrame, email: str, export: int = NEWS) -> dict[str, object]:
    (found,) = ledger.filter(email=email, export=export).to_dicts()
    return found


@pytest.fixture
def empty(tmp_path: Path) -> pl.DataFrame:
    return read(tmp_path / "none.parquet")


@pytest.fixture
def three(empty: pl.DataFrame) -> pl.DataFrame:
    return after(empty, people(a=1, b=2, c=3))


def test_before_the_first_run_everybody_joins(empty: pl.DataFrame):
    plan = changes.plan(empty, people(a=1, b=2).lazy(), NEWS)
    assert (plan.add, plan.update, plan.unchanged, plan.leave) == (2, 0, 0, 0)


def test_the_plan_tells_who_joins_changed_stays_and_leaves(three: pl.DataFrame):
    plan = changes.plan(three, people(a=1, b=20, d=4).lazy(), NEWS)
    assert (plan.add, plan.update, plan.unchanged, plan.leave) == (1, 1, 1, 1)
    assert plan.leavers["email"].to_list() == ["c"]
    assert changes.known_hashes(three, NEWS).sort().to_list() == [1, 2, 3]


def test_the_plan_is_told_person_by_person(three: pl.DataFrame):
    told = changes.changes(three, people(a=1, b=20, d=4), NEWS)
    found = dict(told.select("email", "change").iter_rows())
    assert found == {"a": "unchanged", "b": "update", "c": "leave", "d": "add"}


def test_newcomers_are_those_that_the_plan_adds(three):
    refused = after(three, people(), refused=people(e=5))
    members = people(a=1, b=20, d=4, e=5).lazy()
    found = changes.newcomers(refused, members, NEWS).collect()["email"]
    assert sorted(found) == ["d"]
    assert changes.plan(refused, members, NEWS).add == 1
    assert changes.plan(refused, people(a=1, b=20, d=4, e=6).lazy(), NEWS).add == 2


def test_who_another_export_wants_does_not_leave(three: pl.DataFrame):
    both = after(three, people(c=30), export=SHOP)
    assert changes.plan(both, people(a=1, b=2).lazy(), NEWS).leave == 0
    dropped = after(both, people(), members=people(a=1, b=2))
    assert (row(dropped, "c")["claimed"], row(dropped, "c", SHOP)["claimed"]) == (False, True)
    assert changes.plan(dropped, people().lazy(), SHOP).leave == 1


def test_two_exports_that_send_different_fields_do_not_undo_each_other(three: pl.DataFrame):
    both = after(three, people(a=10, b=20, c=30), export=SHOP)
    for export, members in ((NEWS, people(a=1, b=2, c=3)), (SHOP, people(a=10, b=20, c=30))):
        plan = changes.plan(both, members.lazy(), export)
        assert (plan.add, plan.update, plan.unchanged) == (0, 0, 3)


def test_only_what_arrived_counts_as_sent(three: pl.DataFrame):
    members = people(a=10, b=20, c=30, d=40)
    stopped = after(three, people(a=10), members=members, whole=False)
    plan = changes.plan(stopped, members.lazy(), NEWS)
    assert (plan.add, plan.update, plan.unchanged, plan.leave) == (1, 2, 1, 0)


def test_who_was_refused_is_tried_again_once_the_row_changes_and_an_earlier_version_stands(
    three: pl.DataFrame,
):
    ledger = after(three, people(), members=people(a=10, d=4), refused=people(a=10, d=4))
    assert (row(ledger, "a")["state"], row(ledger, "a")["hash"]) == (State.sent, 1)
    assert (row(ledger, "d")["state"], row(ledger, "d")["claimed"]) == (State.refused, False)
    plan = changes.plan(ledger, people(a=10, d=4).lazy(), NEWS)
    assert (plan.add, plan.update, plan.refused) == (0, 0, 2)
    plan = changes.plan(ledger, people(a=11, d=5).lazy(), NEWS)
    assert (plan.add, plan.update, plan.refused) == (1, 1, 0)
    plan = changes.plan(changes.forgiven(ledger), people(a=10, d=4).lazy(), NEWS)
    assert (plan.add, plan.update, plan.refused) == (1, 1, 0)
    again = after(ledger, people(a=10))
    assert changes.plan(again, people(a=10).lazy(), NEWS).unchanged == 1


def test_a_ledger_of_a_former_version_knows_who_was_refused(three: pl.DataFrame, tmp_path: Path):
    path = ledger_path(tmp_path, "klaviyo:XK4p9T", "Y6nRLr")
    former = after(three, people(), refused=people(e=5)).drop("refused", "why")
    states = pl.Enum(["sent", "on_list", "refused", "left"])
    write_as_before(path, former.with_columns(pl.col("state").cast(pl.String).cast(states)))
    assert changes.plan(read(path), people(e=5).lazy(), NEWS).refused == 1
    assert after(read(path), people(e=5)).height == 4


def write_as_before(path: Path, ledger: pl.DataFrame) -> None:
    path.parent.mkdir(parents=True)
    ledger.write_parquet(path, metadata={"hashed_by": FORM})


def known_as(frame: pl.DataFrame, **persons: int) -> pl.DataFrame:
    """The people with what says who they are."""
    found = pl.DataFrame({"email": list(persons), "who": list(persons.values())})
    both = frame.join(found, on="email", how="left", maintain_order="left")
    return both.with_columns(person=pl.col("who").cast(pl.UInt64)).drop("who")


def test_a_person_whose_address_changed_neither_joins_nor_leaves(empty: pl.DataFrame):
    ledger = after(empty, known_as(people(a=1, b=2), a=100, b=200))
    members = known_as(people(c=3, b=2), c=100, b=200)
    plan = changes.plan(ledger, members.lazy(), NEWS)
    assert (plan.add, plan.update, plan.unchanged, plan.leave) == (0, 1, 1, 0)
    assert plan.changed_address == 1
    assert plan.leavers["email"].to_list() == ["a"]  # whose membership is taken off
    told = {row["email"]: row for row in changes.changes(ledger, members, NEWS).to_dicts()}
    assert (told["c"]["change"], told["c"]["before"]) == ("changed address", "a")
    assert "a" not in told
    later = NOW + timedelta(days=1)
    moved = after(ledger, members.filter(email="c"), members=members, left=["a"], at=later)
    assert row(moved, "c")["first_at"] == NOW  # so that it is ours when they leave
    assert changes.plan(moved, members.lazy(), NEWS).changed_address == 0


def test_people_who_swap_addresses_or_share_a_key_have_not_moved(empty: pl.DataFrame):
    ledger = after(empty, known_as(people(a=1, b=2), a=100, b=200))
    swapped = known_as(people(a=3, b=4), a=200, b=100)
    plan = changes.plan(ledger, swapped.lazy(), NEWS)
    assert (plan.update, plan.changed_address, plan.leave) == (2, 0, 0)
    shared = known_as(people(c=3, d=4), c=100, d=100)
    plan = changes.plan(ledger, shared.lazy(), NEWS)
    assert (plan.add, plan.changed_address, plan.leave) == (2, 0, 2)


def test_a_profile_that_has_another_address_is_there_since_the_first_one(empty: pl.DataFrame):
    first = with_ids(empty, people(a=1, b=2), NOW, a="P1", b="P2")
    later = NOW + timedelta(days=1)
    second = with_ids(first, people(c=3), later, c="P1")
    assert (row(second, "c")["first_at"], row(second, "b")["first_at"]) == (NOW, NOW)
    assert with_ids(second, people(d=4), later, d="P4").filter(email="d")["first_at"][0] == later


def with_ids(
    ledger: pl.DataFrame, accepted: pl.DataFrame, at: datetime, **ids: str
) -> pl.DataFrame:
    known = pl.DataFrame({"email": list(ids), "profile_id": list(ids.values())})
    run = Delivered(
        export_id=NEWS,
        run_id=1,
        at=at,
        accepted=accepted,
        refused=people(),
        members=accepted,
        whole=True,
        ids=known,
    )
    return record.recorded(ledger, run)


def test_who_is_unchanged_is_known_by_their_key_from_the_next_run_on(three: pl.DataFrame):
    members = known_as(people(a=1, b=2, c=3), a=100, b=200, c=300)
    seen = after(three, people(), members=members)
    moved = known_as(people(a=1, b=2, x=9), a=100, b=200, x=300)
    assert changes.plan(seen, moved.lazy(), NEWS).changed_address == 1


def test_who_was_taken_off_is_nobodys_and_joins_anew(three: pl.DataFrame):
    ledger = after(three, people(), members=people(a=1, b=2), left=["c"])
    assert (row(ledger, "c")["state"], row(ledger, "c")["claimed"]) == (State.left, False)
    assert changes.plan(ledger, people(a=1, b=2, c=3).lazy(), NEWS).add == 1
    assert changes.ours(ledger) == 2


def test_recording_a_run_twice_changes_nothing(three: pl.DataFrame):
    again = after(three, people(a=1, b=2, c=3))
    assert again.sort("email").equals(three.sort("email"))


def test_the_first_time_stays_when_somebody_is_sent_again(three: pl.DataFrame):
    later = after(three, people(a=10), at=NOW + timedelta(days=1))
    found = row(later, "a")
    assert (found["first_at"], found["sent_at"]) == (NOW, NOW + timedelta(days=1))


def test_a_ledger_is_read_as_it_was_written(three: pl.DataFrame, tmp_path: Path):
    path = ledger_path(tmp_path, "klaviyo:XK4p9T", "Y6nRLr")
    write(path, three)
    found = read(path)
    assert found.equals(three)
    assert dict(found.schema) == dict(SCHEMA)
    assert [file.name for file in path.parent.iterdir()] == ["Y6nRLr.parquet"]
