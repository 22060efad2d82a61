"""Whatever runs did: taken back, the list is as it was before, for ours and who wasn't changed."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.plan import journal, undo
from core.plan.ledger import HERE, SCHEMA, State
from core.plan.record import Delivered, recorded
from core.plan.undo import Alone, Change

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = "abcde"
# A run of export 1 or 2: whom it sends, in which form, and whom it takes off the list.
RUNS = st.tuples(
    st.sampled_from([1, 2]),
    st.dictionaries(st.sampled_from(NAMES), st.integers(1, 3), max_size=5),
    st.sets(st.sampled_from(NAMES), max_size=3),
)
NOBODY = pl.Series(dtype=pl.String)
PEOPLE = {"email": pl.String, "hash": pl.UInt64, "person": pl.UInt64}


class Installation:
    """The ledger and the journal of a list, without files, after some runs."""

    def __init__(self) -> None:
        self.ledger = pl.DataFrame(schema=SCHEMA)
        self.before: list[pl.DataFrame] = []
        self.journal: list[pl.DataFrame] = []
        self.undos: dict[int, undo.Undone] = {}  # by the number of the run

    def run(self, export: int, sent: dict[str, int], off: set[str] = frozenset()) -> int:
        """Does it; the run's number. Only its own people are taken off the list."""
        number = len(self.journal) + 1
        accepted = pl.DataFrame([(n, h, None) for n, h in sent.items()], PEOPLE, orient="row")
        leaves = (off & self.here(self.ledger.filter(export=export))) - sent.keys()
        delivered = Delivered(
            export_id=export,
            run_id=number,
            at=NOON + timedelta(days=number),
            accepted=accepted,
            refused=accepted.head(0),
            members=accepted,
            whole=False,
            left=pl.DataFrame({"email": sorted(leaves)}, {"email": pl.String}),
        )
        self.record(number, recorded(self.ledger, delivered), leaves)
        return number

    def record(self, number: int, after: pl.DataFrame, taken: set[str]) -> None:
        found = journal.changed(self.ledger, after, pl.Series(sorted(taken), dtype=pl.String))
        began = pl.lit(NOON, pl.Datetime("us", "UTC"))
        self.journal.append(found.with_columns(run=pl.lit(number, pl.Int64), began=began))
        self.before.append(self.ledger)
        self.ledger = after

    def here(self, ledger: pl.DataFrame | None = None) -> set[str]:
        return set((self.ledger if ledger is None else ledger).filter(HERE)["email"])

    def take_back(self, number: int, export: int) -> None:
        """Undoes a run, as it is done: what was sent before is sent, and all is recorded."""
        rows, by = self.journal[number - 1], len(self.journal) + 1
        ledger = undo.rewound(self.ledger, [self.undos[n] for n in sorted(self.undos)[::-1]])
        former = pl.concat([rows.head(0), *self.journal[: number - 1]])
        mine = undo.as_if_not(former, rows, self.undos.keys())
        later = set(range(number + 1, by))
        found = undo.of_run(ledger, mine, export, later, range(by), NOBODY)
        doing = found.filter(pl.col("alone").is_null())
        restored = pl.col("change") == Change.restore
        body = pl.when(restored).then("former").otherwise("hash")
        sent = doing.filter(pl.col("change") != Change.take_off).select(
            "email", "person", hash=body
        )
        off = set(doing.filter(change=Change.take_off)["email"])
        accepted = sent.select(list(PEOPLE))
        gone = pl.DataFrame({"email": sorted(off)}, {"email": pl.String})
        none = accepted.head(0)
        delivered = Delivered(export, by, NOON, accepted, none, accepted, whole=False, left=gone)
        self.record(by, recorded(self.ledger, delivered), off)
        self.undos[number] = undo.Undone(by, self.journal[by - 1], rows)

    def undone(self, number: int, export: int) -> tuple[set[str], pl.DataFrame]:
        """Who is on the list after the undo of a run, and its plan."""
        rows = self.journal[number - 1]
        later = range(number + 1, len(self.journal) + 1)
        found = undo.of_run(self.ledger, rows, export, later, range(number), NOBODY)
        return self.after(found), found

    def restored(self, number: int) -> tuple[set[str], pl.DataFrame]:
        """The same where the list goes back to before this run."""
        found = undo.to_day(self.ledger, pl.concat(self.journal[number - 1 :]), 1)
        return self.after(found), found

    def after(self, plan: pl.DataFrame) -> set[str]:
        done = plan.filter(pl.col("alone").is_null())
        off, back = (
            set(done.filter(change=c)["email"]) for c in (Change.take_off, Change.put_back)
        )
        return (self.here() - off) | back


def after(runs: list[tuple[int, dict[str, int], set[str]]]) -> Installation:
    found = Installation()
    for one in runs:
        found.run(*one)
    return found


@settings(max_examples=15, phases=[Phase.generate])
@given(st.lists(RUNS, min_size=1, max_size=6))
def test_the_last_run_taken_back_leaves_the_list_as_it_was(runs):
    done = after(runs)
    number = len(runs)
    here, found = done.undone(number, runs[-1][0])
    assert here == done.here(done.before[-1])
    first = found.filter(pl.col("former").is_null(), change=Change.restore)  # sent by this export
    assert set(found.drop_nulls("alone")["email"]) == set(first["email"])


@settings(max_examples=15, phases=[Phase.generate])
@given(st.lists(RUNS, min_size=2, max_size=6), st.data())
def test_a_former_run_taken_back_touches_nobody_whom_a_later_one_changed(runs, data):
    done = after(runs)
    number = data.draw(st.integers(1, len(runs) - 1))
    here, found = done.undone(number, runs[number - 1][0])
    later = set(pl.concat(done.journal[number:])["email"])
    assert set(found.filter(pl.col("alone").is_null())["email"]) & later == set()
    before, now = done.here(done.before[number - 1]), done.here()
    mine = set(done.journal[number - 1]["email"]) - later
    assert here == (now - mine) | (before & mine)


@settings(max_examples=12, phases=[Phase.generate])
@given(st.lists(RUNS, min_size=2, max_size=6), st.data())
def test_several_runs_taken_back_the_newest_first_leave_the_list_as_before_all_of_them(runs, data):
    done = after(runs)
    first = data.draw(st.integers(1, len(runs) - 1))
    for number in range(len(runs), first - 1, -1):
        done.take_back(number, runs[number - 1][0])
    assert done.here() == done.here(done.before[first - 1])


@settings(max_examples=20, phases=[Phase.generate])
@given(st.lists(RUNS, min_size=2, max_size=5), st.data())
def test_the_last_runs_taken_back_in_any_order_leave_the_list_as_before_all_of_them(runs, data):
    done = after(runs)
    first = data.draw(st.integers(1, len(runs) - 1))
    for number in data.draw(st.permutations(range(first, len(runs) + 1))):
        done.take_back(number, runs[number - 1][0])
    assert done.here() == done.here(done.before[first - 1])


@settings(max_examples=15, phases=[Phase.generate])
@given(st.lists(RUNS, min_size=1, max_size=6), st.data())
def test_a_list_goes_back_to_any_moment(runs, data):
    done = after(runs)
    number = data.draw(st.integers(1, len(runs)))
    here, found = done.restored(number)
    assert here == done.here(done.before[number - 1])
    assert found["alone"].drop_nulls().is_empty()


def test_who_goes_back_belongs_to_the_export_that_had_them():
    done = after([(1, {"a": 1}, set()), (2, {"b": 1}, set()), (1, {}, {"a"}), (2, {}, {"b"})])
    _here, found = done.restored(3)
    assert dict(found.select("email", "export").iter_rows()) == {"a": 1, "b": 2}


def test_who_is_sent_by_another_export_too_is_left_alone_and_the_run_named():
    done = after([(1, {"a": 1, "b": 1}, set()), (2, {"b": 5}, set())])
    here, found = done.undone(1, 1)
    assert here == {"b"}
    assert found.select("email", "alone", "by").rows() == [
        ("a", None, None),
        ("b", Alone.changed_since, 2),
    ]


@pytest.mark.parametrize(
    ("kept", "besides", "alone"),
    [([1], NOBODY, None), ([], pl.Series(["a"]), None), ([], NOBODY, Alone.not_kept)],
)
def test_what_was_sent_before_is_restored_where_it_is_kept(kept, besides, alone):
    done = after([(1, {"a": 1}, set()), (1, {"a": 2}, set())])
    found = undo.of_run(done.ledger, done.journal[1], 1, [], kept, besides)
    assert found.select("change", "alone", "hash", "former", "sent_by").rows() == [
        (Change.restore, alone, 2, 1, 1)
    ]


@pytest.mark.parametrize("taken", [{"a"}, set()], ids=["taken off", "renamed"])
def test_the_same_person_under_another_address_is_left_alone(taken):
    done = Installation()
    done.run(1, {"a": 1})
    done.ledger = done.ledger.with_columns(person=pl.lit(7, pl.UInt64))
    accepted = pl.DataFrame([("b", 2, 7)], PEOPLE, orient="row")
    delivered = Delivered(1, 2, NOON, accepted, accepted.head(0), accepted, whole=False)
    gone = pl.when(pl.col("email") == "a").then(pl.lit(State.left, pl.Enum(State)))
    done.record(
        2, recorded(done.ledger, delivered).with_columns(state=gone.otherwise("state")), taken
    )
    _here, found = done.undone(2, 1)
    assert found["email"].to_list() == sorted({"b"} | taken)
    assert set(found["alone"]) == {Alone.changed_address}
    _here, found = done.restored(2)
    assert set(found["alone"]) == {Alone.changed_address}


def test_an_export_without_a_list_takes_nobody_off():
    done = after([(1, {"a": 1}, set())])
    _here, found = done.undone(1, 1)
    assert undo.without_list(found)["alone"].to_list() == [Alone.profile_stays]
