"""History: figures of the last days, profiles by day, how long a run still takes."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from core.access import Person, Role
from core.errors import Denied
from core.profiles.matching.reasons import Warned
from core.runs import downloads, history, holds, list_sizes, reasons, rejects
from core.store import Store, exports, progress, requests, runs
from core.store.tables.runs import Job, JobStatus, Run, RunStatus
from tests.conftest import ADA, applied

ORDER = {
    "export": {
        "name": "Newsletter",
        "connection": "Klaviyo",
        "list_id": "a",
        "segments": ["Everybody"],
        "match": {"email": "email"},
    },
    "source": {"name": "Profiles", "path": "profiles.csv"},
    "segments": {},
    "time_zone": "Europe/Riga",
}
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def run(status: RunStatus = RunStatus.succeeded, ago: float = 0, **values: object) -> Run:
    """A run that was asked for so many days ago and took ten seconds."""
    then = NOW - timedelta(days=ago)
    facts = {
        "export": "Newsletter",
        "account": "klaviyo:a",
        "list_id": "a",
        "trigger": "cli",
        "by": "Ada",
        "order_data": ORDER,
        "created_at": then,
        "started_at": then,
        "finished_at": then + timedelta(seconds=10),
        "seconds": 10.0,
    }
    return Run(**(facts | {"status": status} | values))


def kept(store: Store, *some: Run) -> None:
    with store.begin() as session:
        session.add_all(some)


def test_figures_compare_the_last_days_with_those_before(store: Store):
    kept(
        store,
        run(accepted=100, ago=0.5),
        run(accepted=50, ago=3),
        run(RunStatus.failed, ago=3.1),
        run(accepted=40, ago=8),
        run(accepted=1_000, ago=15),
    )
    found = history.figures(store, days=7, now=NOW)
    assert (found.accepted.total, found.accepted.change) == (150, 110)
    assert (found.runs.total, found.runs.change) == (3, 2)
    assert (found.troubled.total, found.troubled.change) == (1, 1)
    assert (found.seconds.total, found.seconds.change) == (10, 0)
    assert found.accepted.days == [0, 0, 0, 50, 0, 0, 100]


def test_a_day_without_a_run_has_no_median(store: Store):
    kept(store, run(ago=0.5), run(ago=3))
    found = history.figures(store, days=7, now=NOW)
    assert found.seconds.days == [None, None, None, 10, None, None, 10]


def test_figures_and_days_are_of_the_runs_that_the_filters_let_through(store: Store):
    kept(store, run(accepted=5, ago=1), run(RunStatus.failed, accepted=2, ago=1))
    found = history.figures(store, days=7, now=NOW, statuses=[RunStatus.failed])
    assert (found.runs.total, found.accepted.total) == (1, 2)
    since = NOW - timedelta(days=7)
    days = history.per_day(store, since, "UTC", NOW, statuses=[RunStatus.failed])
    assert [day.outcomes["accepted"] for day in days] == [2]


def test_numbers_that_do_not_add_up_are_said_and_others_not():
    whole = {"members": 10, "valid": 9, "rejected": {"invalid_email": 1}, "sent": 9}
    assert history.totals([run(**whole, accepted=8, refused=1)]).contradiction is None
    assert history.totals([run(**whole, accepted=8)]).contradiction == (
        "These numbers don't add up: 9 were sent, but 8 accepted, 0 refused and 0 undelivered "
        "are 8."
    )
    assert history.totals([run(**(whole | {"members": 12}), accepted=9)]).contradiction == (
        "These numbers don't add up: 12 members, but 0 unchanged, 1 rejected, 9 sent and 0 not "
        "sent are 10."
    )


def test_without_runs_nothing_is_claimed(store: Store):
    found = history.figures(store, days=7, now=NOW)
    assert (found.accepted.total, found.accepted.change) == (None, None)
    assert found.accepted.days == [0] * 7


def test_a_run_under_way_is_not_in_the_figures_yet(store: Store):
    kept(store, run(RunStatus.running, accepted=9, finished_at=None))
    assert history.figures(store, now=NOW).accepted.total is None


def test_profiles_are_counted_on_the_day_of_the_time_zone(store: Store):
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)  # half past midnight in Riga
    numbers = {"members": 10, "valid": 8, "sent": 8, "accepted": 7, "refused": 1}
    kept(store, run(created_at=late, rejected={"missing_email": 2}, **numbers))
    (found,) = history.per_day(store, NOW - timedelta(days=7), "Europe/Riga", NOW)
    assert found.day == date(2026, 11, 24)
    assert found.outcomes == {
        **{"accepted": 7, "rejected": 2, "refused": 1, "undelivered": 0, "not_sent": 0},
    }
    assert (found.rejected, found.runs) == (0.2, 1)
    took = history.median_seconds(store, NOW - timedelta(days=7), "Europe/Riga", NOW)
    assert took == {date(2026, 11, 24): 10}
    (found,) = history.per_day(store, NOW - timedelta(days=7), "UTC", NOW)
    assert found.day == date(2026, 11, 23)


LEFT = [
    ({"sent": 50, "accepted": 0}, 30),  # a quarter of the way in ten seconds
    ({"sent": 100, "accepted": 50, "refused": 50}, 1),
    ({"sent": 1, "accepted": 0}, None),  # too early to tell
    ({"sent": 50, "accepted": 0, "finished_at": NOW}, None),
    ({"sent": 50, "accepted": 0, "started_at": None}, None),
    ({"sent": 0, "valid": 0}, None),
]


@pytest.mark.parametrize(("values", "seconds"), LEFT)
def test_the_time_left_follows_from_the_pace_so_far(values: dict, seconds: int | None):
    facts = {"valid": 100, "finished_at": None, "progressed_at": NOW}
    facts |= {"started_at": NOW - timedelta(seconds=10)}
    assert history.seconds_left(run(RunStatus.running, **(facts | values)), NOW) == seconds


def test_a_run_takes_no_time_before_its_start():
    assert history.seconds(run(started_at=None)) is None
    assert history.seconds(run()) == 10


def test_what_klaviyo_refused_is_a_reason_among_the_others():
    counted = reasons.reason_counts(run(rejected={"missing_email": 2}, refused=3))
    assert counted == {"missing_email": 2, "refused": 3}
    assert reasons.reason_counts(run()) == {}


def test_every_reason_and_warning_has_its_words():
    promised = {"missing_email", "invalid_email", "duplicate_email", "too_large"}
    promised |= {"external_id_too_long", "excluded", "suppressed", "refused", "held_back"}
    promised |= {"missing", "refused_before", "erased"}
    assert set(reasons.REASONS) == promised
    assert set(reasons.WARNINGS) >= set(Warned)


def test_a_run_is_told_with_its_jobs_and_moments_with_their_zone():
    job = Job(run_id=1, batch=1, job_id="abc", profiles=5, bytes=500, status=JobStatus.complete)
    told = history.as_data(run(), [job])
    assert told["started_at"] == "2026-11-24T12:00:00+00:00"
    assert told["seconds"] == 10
    assert {"id": "abc", "profiles": 5, "bytes": 500, "status": "complete"}.items() <= told["jobs"][
        0
    ].items()


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_runs_as_csv_hold_the_reason_of_one_that_failed_long_ago(store: Store):
    kept(store, run(RunStatus.failed, ago=9, error="=The key"), *(run() for _ in range(150)))
    rows = table(downloads.runs_csv(store, ADA))
    assert len(rows) == 151
    assert rows[-1]["error"] == "'=The key"


def test_a_table_of_no_runs_has_its_heads(store: Store):
    assert b"status" in downloads.runs_csv(store, ADA)


def test_a_viewer_sees_rejects_with_masked_addresses_and_gets_no_file_of_them(store: Store):
    found, vita = run(id=1), Person("Vita", Role.viewer)
    emails = ["ilze@example.lv", "no at sign", "a@b.lv, c@d.lv", None]
    detail = ["ilze@example.lv is suppressed", None, None, None]
    frame = pl.DataFrame({"row": [1, 2, 3, 4], "email": emails, "detail": detail})
    frame = frame.with_columns(reason=pl.lit(rejects.REFUSED))
    rejects.keep_refused(store.settings, found, 1, "job", frame)
    told = downloads.rejected(store, vita, found)
    assert told["email"].to_list() == ["i•••@example.lv", "n•••", "a•••", None]
    assert told["detail"][0] == "i•••@example.lv is suppressed"
    assert downloads.rejected(store, ADA, found)["email"].to_list() == emails
    with pytest.raises(Denied):
        downloads.rejects_csv(store, vita, found)


def test_rejects_of_a_run_that_froze_nothing_are_an_empty_table(store: Store):
    found = run(id=1)
    assert downloads.rejected(store, ADA, found).schema == rejects.SCHEMA
    assert table(downloads.rejects_csv(store, ADA, found)) == []


def test_rejects_are_in_the_order_of_the_source(store: Store):
    found = run(id=1)
    for batch, rows in ((2, [9, 3]), (1, [5])):
        frame = pl.DataFrame({"row": rows, "email": ["a"] * len(rows), "detail": ["b"] * len(rows)})
        frame = frame.with_columns(reason=pl.lit(rejects.REFUSED))
        rejects.keep_refused(store.settings, found, batch, "job", frame)
    assert downloads.rejected(store, ADA, found)["row"].to_list() == [3, 5, 9]


def test_what_was_never_handed_over_is_not_sent(store: Store):
    stopped = run(
        *(RunStatus.cancelled,),
        **{"members": 110, "valid": 100, "rejected": {"missing_email": 10}, "batches": 3},
        **{"sent": 100, "undelivered": 70, "accepted": 30, "not_sent": 60, "counting": 4},
    )
    found = history.totals([stopped])
    assert (found.sent, found.not_sent, found.undelivered, found.counting) == (40, 60, 6, 4)
    assert found.members == found.unchanged + found.rejected + found.sent + found.not_sent


def test_a_run_that_was_refused_for_its_limit_is_no_undelivered_in_charts(store: Store):
    over = {"members": 100, "valid": 100, "sent": 100, "undelivered": 100, "not_sent": 100}
    kept(store, run(RunStatus.failed, **over))
    (found,) = history.per_day(store, NOW - DAY, "UTC", NOW)
    assert not any(found.outcomes.values())


def test_parts_of_a_split_stand_as_one(store: Store):
    parts = [
        run(RunStatus.succeeded, members=5, valid=5, sent=5, accepted=5, parts=2),
        run(RunStatus.partial, members=4, valid=4, sent=4, accepted=3, undelivered=1, part=2),
    ]
    found = history.totals(parts)
    assert (found.members, found.accepted, found.undelivered) == (9, 8, 1)
    assert runs.standing_for(parts) is parts[1]
    kept(store, *parts)
    assert history.figures(store, now=NOW).runs.total == 1


def test_the_command_line_says_which_number_lets_a_held_run_go_on():
    asks = Run(hold="Seven would leave.", asking=7)
    assert holds.hold_reason(asks) == "Seven would leave. Confirm 7 to run it anyway."
    assert holds.hold_reason(Run(hold="No scope.")) == "No scope."
    assert holds.hold_reason(Run()) is None


@pytest.mark.parametrize(("n", "verb"), [(1, "number is"), (2, "numbers are")])
def test_a_warning_agrees_with_its_number(n: int, verb: str):
    assert reasons.warning_words("not_finite_number", n).startswith(f"{verb} not usable")


def test_a_hold_stays_in_the_story_and_is_no_running_time(store: Store, configuration: Path):
    applied(store, configuration)
    with store.begin() as session:
        held = requests.request(session, ADA, exports.find(session, "Newsletter"))
        progress.step(session, held.id, RunStatus.running)
        progress.hold(session, held.id, "Seven would leave.", 7)
        going_on = requests.confirm(session, ADA, held, 7)
    (hold,) = holds.holds(going_on)
    assert (hold.why, hold.deed, hold.by, hold.number) == (
        *("Seven would leave.", "confirmed"),
        *("Ada", 7),
    )
    assert hold.until
    going_on.held_data[0]["until"] = (hold.since + DAY).isoformat()
    going_on.started_at = hold.since - timedelta(seconds=10)
    going_on.finished_at = hold.since + DAY + timedelta(seconds=5)
    assert history.seconds(going_on) == 15


def test_charts_sort_no_runs_and_read_none_whole(store: Store):
    plans = []

    def note(connection: Any, cursor: Any, query: str, values: Any, *_more: Any) -> None:
        if "WITH days" in query:
            plans.append(str(cursor.execute(f"explain query plan {query}", values).fetchall()))

    sa.event.listen(store.engine, "before_cursor_execute", note)
    history.per_day(store, NOW - 365 * DAY, "Europe/Riga", NOW, trigger="cli")
    history.median_seconds(store, NOW - 365 * DAY, "Europe/Riga", NOW)
    assert len(plans) == 2
    for plan in plans:
        assert "COVERING INDEX run_figures (created_at>? AND created_at<?)" in plan
        assert "TEMP B-TREE" not in plan


def test_runs_that_are_held_count_on_their_day(store: Store):
    kept(store, run(RunStatus.held, ago=1, finished_at=None, members=9, valid=9))
    kept(store, run(RunStatus.failed, ago=1, members=5, valid=4, rejected={"missing_email": 1}))
    found = history.figures(store, 7, NOW)
    assert (found.troubled.total, found.runs.total, found.troubled.days[-2]) == (2, 1, 2)
    assert history.figures(store, 7, NOW, trigger="schedule").troubled.total is None


def test_the_largest_lists_stand_together_each_with_its_last_size_of_a_day(store: Store):
    for n, (list_id, size) in enumerate([("a", 10), ("a", 20), ("b", 5), ("c", 70)]):
        kept(store, run(list_id=list_id, list_size=size, ago=2 - n / 10))
    kept(store, run(list_id="a", list_size=90), run(list_id="b", list_size=None))
    found = list_sizes.largest(store, NOW - 7 * DAY, "UTC", 2, NOW)
    assert found.of == 3
    assert [(one.name, one.points) for one in found.lists] == [
        ("a", [(date(2026, 11, 22), 20), (date(2026, 11, 24), 90)]),
        ("c", [(date(2026, 11, 22), 70)]),
    ]
    assert list_sizes.largest(store, NOW - 7 * DAY, "UTC", 2, NOW, connection_id=7).of == 0
