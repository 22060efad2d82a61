"""What is read of many exports at once, in one statement each."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlmodel import Session

from core.store import Store, export_segments, exports, runs
from core.store.database import MIGRATIONS, migrate, now
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Job, JobStatus, Run, RunStatus
from tests.conftest import applied, second_export, written


def ended(session: Session, export: ExportRow, sent: int, **more: object) -> Run:
    run = Run(
        export_id=export.id,
        export=export.name,
        account="a",
        list_id=export.list_id,
        trigger="manual",
        by="Ada",
        status=RunStatus.succeeded,
        order_data={},
        finished_at=now(),
        sent=sent,
        **more,
    )
    session.add(run)
    session.flush()
    return run


def expect_sizes_of_the_last_requests(store: Store) -> None:
    """With two exports in the store, of which one has runs; on whatever database it is."""
    with store.begin() as session:
        letter, other = exports.everything(session)
        for sent in range(1, 9):
            ended(session, letter, sent)
        first = ended(session, letter, 100)
        ended(session, letter, 10, first_id=first.id, part=2, parts=2)
        under_way = ended(session, letter, 1000)
        under_way.finished_at, under_way.status = None, RunStatus.running
        session.add(under_way)
        session.flush()
        found = runs.sizes(session, [letter.id, other.id])
        assert found == {letter.id: [3, 4, 5, 6, 7, 8, 110]}
        assert runs.sizes(session, [other.id]) == {}


def test_sizes_are_those_of_the_last_requests_that_ended_a_split_as_one(
    store: Store, tmp_path: Path, profiles: Path, klaviyo: str
) -> None:
    applied(store, written(tmp_path, profiles, klaviyo, second_export()))
    expect_sizes_of_the_last_requests(store)


def test_the_segments_of_several_exports_are_named_in_order(
    store: Store, tmp_path: Path, profiles: Path, klaviyo: str
) -> None:
    applied(store, written(tmp_path, profiles, klaviyo, second_export()))
    with store.begin() as session:
        rows = exports.everything(session)
        names = export_segments.segment_names(session, [row.id for row in rows])
        assert names == {
            row.id: [segment.name for segment in export_segments.segments_of(session, row)]
            for row in rows
        }
        assert all(names.values())


def test_runs_of_a_former_version_learn_what_was_never_handed_over(
    store: Store, configuration: Path
):
    applied(store, configuration)
    with store.begin() as session:
        export = exports.find(session, "Newsletter")
        run = ended(session, export, 100, undelivered=60, accepted=30)
        for batch, job_id, status in (
            (1, "J1", JobStatus.complete),
            (2, "J2", JobStatus.stuck),
            (3, None, JobStatus.failed),
        ):
            job = Job(run_id=run.id, batch=batch, profiles=30, bytes=9, job_id=job_id)
            job.status = status
            session.add(job)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
    migrate(store.engine)
    with store.begin() as session:
        found = runs.find(session, run.id)
    assert (found.not_sent, found.missing, found.held_data) == (40, 0, [])


ORDERED = [
    *(("", [4, 2, 1]), ("name", [1, 2, 4]), ("-name", [4, 2, 1]), ("export", [1, 4, 2])),
    *(("accepted", [1, 4, 2]), ("-accepted", [2, 4, 1]), ("rejected", [4, 2, 1])),
    *(("status", [2, 4, 1]), ("took", [1, 4, 2]), ("started", [4, 2, 1]), ("by", [4, 2, 1])),
]
FOUND = {
    **{"NEWSLETTER": [1], "other list": [4], "vestule": [2], "everybody": [4, 1]},
    **{"baltic": [4], "4": [4], "vestule everybody": []},
}


def expect_runs_found_and_sorted(store: Store) -> None:
    """With two exports in the store; on whatever database it is. Run 4 has run 3 as a part."""
    with store.begin() as session:
        letter, other = exports.everything(session)
        letter.list_id, other.list_id = "LIST01", "LIST02"
        other.list_name = "Other list, Baltic"
        session.flush()
        ended(session, letter, 9, accepted=90, members=90, valid=90).by = "Vita"
        gone = ended(session, letter, 1, accepted=4, members=7, valid=4)
        gone.export, gone.export_id, gone.list_id = "Vēstule", None, "GONE00"
        gone.status = RunStatus.failed
        part = ended(session, other, 5, accepted=30, members=39, valid=30, part=2, parts=2)
        first = ended(session, other, 5, accepted=30, members=30, valid=30, parts=2)
        part.first_id, part.status = first.id, RunStatus.partial
        for run, seconds in ((gone, 2), (part, 30), (first, 30)):
            run.seconds = seconds
        runs.find(session, 1).seconds = 3600.0
    with store.begin() as session:
        for key, ids in ORDERED:
            sort = (key.removeprefix("-"), key.startswith("-"))
            found = runs.everything(session, whole=True, sort=sort)
            assert [run.id for run in found] == ids, key
        for words, ids in FOUND.items():
            found = runs.everything(session, whole=True, words=words.split())
            assert [run.id for run in found] == ids, words
            assert runs.how_many(session, whole=True, words=words.split()) == len(ids)


def test_runs_are_found_by_words_and_sorted(store: Store, tmp_path: Path, profiles: Path):
    applied(store, written(tmp_path, profiles, "http://127.0.0.1:1", second_export()))
    expect_runs_found_and_sorted(store)
