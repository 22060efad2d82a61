"""segferry run, show, runs, rejects, retry, resume, cancel: what they print and how they leave."""

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest

from core.cli.show import exit_status
from core.store import Store, exports, progress
from core.store.tables.runs import Run, RunStatus
from tests.cli.conftest import Command, Told, one_sentence
from tests.conftest import ADA, people, written
from tests.runs.conftest import members

pytestmark = pytest.mark.usefixtures("used")

PROMISED = {
    *("run_id", "export", "status", "started_at", "finished_at", "seconds", "members", "valid"),
    *("rejected", "sent", "accepted", "refused", "undelivered", "unchanged", "removed"),
    *("added", "updated", "send_all", "read_back"),
    *("warnings", "jobs", "requests", "throttled", "error", "trigger", "by"),
}
IMPORT = "POST /api/profile-bulk-import-jobs"


def sums_hold(run: dict[str, Any]) -> bool:
    """The promises about the numbers of an ended run."""
    sent = run["accepted"] + run["refused"] + run["undelivered"]
    return run["sent"] == sent and run["members"] == run["sent"] + run["unchanged"] + sum(
        run["rejected"].values()
    )


def of(segferry: Command, folder: Path, url: str, frame: pl.DataFrame, more: str = "") -> Command:
    """The command line once the export “Newsletter” of these people was applied."""
    frame.write_parquet(folder / "many.parquet")
    file = written(folder, folder / "many.parquet", url, more)
    told = segferry("apply", file)
    assert told.status == 0, told.err
    return segferry


def fault(url: str, kind: str, **options: object) -> None:
    httpx.post(f"{url}/sandbox/faults", json={"kind": kind, **options}).raise_for_status()


def test_a_run_with_rejects_leaves_with_3_and_the_promised_object(newsletter: Command):
    left = newsletter("run", "Newsletter", "--json")
    told = left.data
    assert left.status == 3
    assert set(told) >= PROMISED | {"runs"}
    assert sums_hold(told)
    assert (told["status"], told["members"], told["valid"]) == ("partial", 12, 8)
    assert (told["sent"], told["accepted"]) == (8, 8)
    assert (told["trigger"], told["error"], told["runs"]) == ("cli", None, [told["run_id"]])
    assert [set(job) >= {"id", "profiles", "bytes", "status"} for job in told["jobs"]] == [True]
    assert (told["jobs"][0]["profiles"], told["jobs"][0]["status"]) == (8, "complete")
    started, finished = (datetime.fromisoformat(told[k]) for k in ("started_at", "finished_at"))
    assert started.utcoffset() is not None
    assert started <= finished
    assert "Run 1" in left.err


def test_a_run_without_rejects_leaves_with_0(segferry: Command, klaviyo: str, tmp_path: Path):
    left = of(segferry, tmp_path, klaviyo, people(3))("run", "Newsletter", "--json")
    assert (left.status, left.data["status"]) == (0, "succeeded")


def test_a_run_for_people_tells_the_numbers(newsletter: Command):
    left = newsletter("run", "Newsletter")
    assert left.status == 3
    assert "partial" in left.out
    assert "8  accepted" in left.out
    assert "2  missing_email" in left.out


def test_show_and_runs_print_what_run_printed(newsletter: Command):
    ran = newsletter("run", "Newsletter", "--json").data
    ran.pop("runs")
    shown = newsletter("show", ran["run_id"], "--json")
    assert (shown.status, shown.data) == (0, ran)
    assert newsletter("runs", "--json").data == {"runs": [ran]}
    assert "Newsletter" in newsletter("show", ran["run_id"]).out
    assert "Newsletter" in newsletter("runs").out


def test_runs_are_listed_newest_first_and_by_export(
    segferry: Command, klaviyo: str, tmp_path: Path
):
    of(segferry, tmp_path, klaviyo, people(3))
    file = tmp_path / "segferry.yaml"
    start = file.read_text().index("  - name: Newsletter")
    other = file.read_text()[start:].replace("Newsletter", "Second")
    file.write_text(file.read_text() + other)
    assert segferry("apply", file).status == 0
    for name in ("Newsletter", "Second", "Newsletter"):
        segferry("run", name, "--no-wait")
        segferry("cancel", segferry("runs", "--json").data["runs"][0]["run_id"])
    listed = segferry("runs", "--json").data["runs"]
    assert [run["export"] for run in listed] == ["Newsletter", "Second", "Newsletter"]
    assert [run["run_id"] for run in listed] == [3, 2, 1]
    only = segferry("runs", "--export", "Second", "--json").data["runs"]
    assert [run["run_id"] for run in only] == [2]
    newest = segferry("runs", "--limit", 1, "--json").data["runs"]
    assert [run["run_id"] for run in newest] == [3]


def test_where_nothing_ran_there_is_an_empty_list(segferry: Command):
    assert segferry("runs", "--json").data == {"runs": []}
    assert segferry("resume", "--json").data == {"runs": []}
    assert segferry("resume").status == 0


def test_no_wait_leaves_a_queued_run_that_resume_finishes(newsletter: Command):
    left = newsletter("run", "Newsletter", "--json", "--no-wait")
    assert (left.status, left.data["status"], left.err) == (0, "queued", "")
    assert newsletter("run", "Newsletter", "--no-wait", "--json").data["run_id"] == 1
    resumed = newsletter("resume", "--json")
    (run,) = resumed.data["runs"]
    assert (resumed.status, run["run_id"], run["status"]) == (3, 1, "partial")


def test_confirm_is_taken(segferry: Command, klaviyo: str, tmp_path: Path):
    of(segferry, tmp_path, klaviyo, people(3))
    assert segferry("run", "Newsletter", "--confirm", 12, "--json").status == 0


def test_one_person_can_be_sent_as_a_sample(newsletter: Command, klaviyo: str):
    left = newsletter("run", "Newsletter", "--sample", " P2@Example.com", "--json")
    assert (left.status, left.data["members"], left.data["accepted"]) == (0, 1, 1)
    assert members(klaviyo) == {"p2@example.com"}


def test_everybody_is_sent_again_when_that_is_asked_for(
    segferry: Command, klaviyo: str, tmp_path: Path
):
    command = of(segferry, tmp_path, klaviyo, people(3))
    assert command("run", "Newsletter", "--json").data["added"] == 3
    again = command("run", "Newsletter", "--send-all", "--json").data
    assert (again["sent"], again["updated"], again["unchanged"]) == (3, 3, 0)
    assert again["send_all"]
    usual = command("run", "Newsletter", "--json").data
    assert (usual["sent"], usual["unchanged"], usual["send_all"]) == (0, 3, False)
    drift = command("show", usual["run_id"], "--json").data["read_back"]["drift"]
    assert (drift["since"], drift["grown"], drift["asked"], drift["gone"]) == (2, 0, 3, 0)


def test_a_sample_while_everybody_is_sent_is_refused(newsletter: Command):
    newsletter("run", "Newsletter", "--no-wait")
    left = newsletter("run", "Newsletter", "--sample", "p2@example.com")
    assert left.status == 1
    assert one_sentence(left)
    assert "Run 1" in left.err


def test_everybody_while_a_sample_is_sent_is_refused(newsletter: Command):
    newsletter("run", "Newsletter", "--no-wait", "--sample", "p2@example.com")
    assert newsletter("run", "Newsletter").status == 1


def test_above_the_limit_a_run_fails_and_prints_its_object(
    segferry: Command, klaviyo: str, tmp_path: Path
):
    of(segferry, tmp_path, klaviyo, people(11), "    limit: 10")
    left = segferry("run", "Newsletter", "--json")
    told = left.data
    assert (left.status, told["status"], told["requests"]) == (1, "failed", 0)
    assert set(told) >= PROMISED
    assert sums_hold(told)
    assert "11" in told["error"]
    assert httpx.get(f"{klaviyo}/sandbox/requests").json()["total"] == 0


def test_a_split_prints_the_last_run_and_all_ids(segferry: Command, klaviyo: str, tmp_path: Path):
    of(segferry, tmp_path, klaviyo, people(25), "    limit: 10\n    over_limit: split")
    left = segferry("run", "Newsletter", "--json")
    told = left.data
    assert (left.status, told["runs"], told["run_id"]) == (0, [1, 2, 3], 3)
    listed = segferry("runs", "--json").data["runs"]
    assert [run["accepted"] for run in listed] == [5, 10, 10]
    assert all(sums_hold(run) for run in listed)
    assert len(members(klaviyo)) == 25


def test_a_run_that_klaviyo_refuses_fails_with_its_reason(
    segferry: Command, klaviyo: str, tmp_path: Path
):
    of(segferry, tmp_path, klaviyo, people(5))
    fault(klaviyo, "status", endpoint=IMPORT, status=401)
    left = segferry("run", "Newsletter", "--json")
    told = left.data
    assert (left.status, told["status"], told["undelivered"]) == (1, "failed", 5)
    assert sums_hold(told)
    assert "key" in told["error"]
    shown = segferry("show", told["run_id"])
    assert told["error"] in shown.err


def test_retry_sends_what_did_not_arrive(segferry: Command, klaviyo: str, tmp_path: Path):
    of(segferry, tmp_path, klaviyo, people(5))
    fault(klaviyo, "job_cancelled")
    assert segferry("run", "Newsletter", "--json").data["undelivered"] == 5
    left = segferry("retry", 1, "--json")
    (again,) = left.data["runs"]
    assert (left.status, again["run_id"], again["retry_of"]) == (0, 2, 1)
    assert (again["members"], again["accepted"]) == (5, 5)
    assert sums_hold(again)
    assert "5 delivered by run 2" in segferry("show", 1).out


def test_a_run_that_arrived_has_nothing_to_retry(newsletter: Command):
    newsletter("run", "Newsletter")
    left = newsletter("retry", 1, "--json")
    assert left.status == 1
    assert one_sentence(left)
    assert "nothing to retry" in left.err


def test_rejects_are_told_as_json(newsletter: Command):
    newsletter("run", "Newsletter")
    left = newsletter("rejects", 1, "--format", "json")
    assert left.status == 0
    assert all(set(row) == {"row", "email", "reason", "detail"} for row in left.data)
    assert [(row["row"], row["reason"]) for row in left.data] == [
        (9, "missing_email"),
        (10, "missing_email"),
        (11, "invalid_email"),
        (12, "duplicate_email"),
    ]


def table(told: Told) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told.out)))


def test_rejects_are_csv_unless_told_otherwise(newsletter: Command):
    newsletter("run", "Newsletter")
    left = newsletter("rejects", 1)
    assert left.status == 0
    assert left.out == newsletter("rejects", 1, "--format", "csv").out
    assert [(row["row"], row["reason"]) for row in table(left)] == [
        ("9", "missing_email"),
        ("10", "missing_email"),
        ("11", "invalid_email"),
        ("12", "duplicate_email"),
    ]


def test_what_klaviyo_refused_is_told_in_its_words(segferry: Command, klaviyo: str, tmp_path: Path):
    frame = people(4).with_columns(
        email=pl.when(pl.col("spent") == 300)
        .then(pl.lit("malformed3@example.com"))
        .otherwise("email")
    )
    of(segferry, tmp_path, klaviyo, frame)
    assert segferry("run", "Newsletter").status == 3
    (row,) = segferry("rejects", 1, "--format", "json").data
    assert (row["row"], row["email"], row["reason"]) == (3, "malformed3@example.com", "refused")
    assert row["detail"]


def test_cells_of_rejects_are_harmless_in_a_spreadsheet(
    segferry: Command, klaviyo: str, tmp_path: Path
):
    wrong = ["=cmd()", "+1", "-1", "@sum", "\t=x", "plain"]
    frame = people(6).with_columns(email=pl.Series(wrong))
    of(segferry, tmp_path, klaviyo, frame)
    assert segferry("run", "Newsletter").status == 3
    cells = [row["email"] for row in table(segferry("rejects", 1))]
    assert cells[0] == "'=cmd()"
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t")]
    told = segferry("rejects", 1, "--format", "json").data
    assert told[0]["email"] == "=cmd()"


def test_a_run_without_rejects_prints_the_head_of_the_table_only(
    segferry: Command, klaviyo: str, tmp_path: Path
):
    of(segferry, tmp_path, klaviyo, people(2))
    segferry("run", "Newsletter")
    assert segferry("rejects", 1).out == "row,email,reason,detail\n"
    assert segferry("rejects", 1, "--format", "json").data == []


def test_a_queued_run_is_cancelled_at_once(newsletter: Command):
    newsletter("run", "Newsletter", "--no-wait")
    left = newsletter("cancel", 1)
    assert (left.status, left.out) == (0, "Run 1: cancelled\n")
    told = newsletter("show", 1, "--json").data
    assert told["status"] == "cancelled"
    assert sums_hold(told)


def test_a_run_that_has_ended_can_not_be_cancelled(newsletter: Command):
    newsletter("run", "Newsletter")
    left = newsletter("cancel", 1)
    assert left.status == 2
    assert one_sentence(left)
    assert "already ended" in left.err


def test_a_detached_export_says_what_to_do(newsletter: Command, store: Store):
    with store.begin() as session:
        exports.detach(session, ADA, exports.find(session, "Newsletter"))
    left = newsletter("run", "Newsletter", "--json")
    assert left.status == 1
    assert one_sentence(left)
    assert "connection" in left.err


STATUSES = [
    (["succeeded"], 0),
    (["queued"], 0),
    (["succeeded", "partial"], 3),
    (["partial", "held", "succeeded"], 4),
    (["cancelled", "held"], 5),
    (["failed", "cancelled", "succeeded"], 1),
    ([], 0),
]


@pytest.mark.parametrize(("statuses", "status"), STATUSES)
def test_several_runs_leave_with_the_worst_status(statuses: list[str], status: int):
    found = [
        Run(
            export="", account="", list_id="", trigger="", by="", order_data={}, status=RunStatus(s)
        )
        for s in statuses
    ]
    assert exit_status(found) == status


def test_a_held_run_can_be_cancelled(newsletter: Command, store: Store):
    newsletter("run", "Newsletter", "--no-wait")
    with store.begin() as session:
        progress.step(session, 1, RunStatus.running)
        progress.step(session, 1, RunStatus.held)
    assert newsletter("cancel", 1).status == 0
    assert newsletter("show", 1, "--json").data["status"] == "cancelled"
