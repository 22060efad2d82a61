"""The engine keeps plain values as JSON; no object comes out of its database."""

import base64
import pickle
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from dbos._serialization import DefaultSerializer

from core import sandbox
from core.errors import StorageFailed
from core.runs.engine.host import Host
from core.runs.engine.plain import PlainJson, refuse_pickles
from core.settings import Settings
from core.store import Store
from core.store.tables.runs import RunStatus
from tests.conftest import applied, people, written
from tests.runs.conftest import POLL_EVERY, asked, ended, until

KEPT = {
    "workflow_input": ("inputs",),
    "workflow_output": ("output", "error"),
    "operation_outputs": ("output", "error"),
}
NAMING = ("workflow_status", "operation_outputs")  # tables that say how their rows are written


class Harm:
    """Makes a file as soon as it is loaded."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


def pickled(value: object) -> str:
    return base64.b64encode(pickle.dumps(value)).decode()


@pytest.mark.parametrize("value", [None, 7, "ņ", {"stop": False}, {"batches": [1, 2]}])
def test_plain_values_come_back_and_so_do_those_of_a_former_version(value: object):
    serializer = PlainJson()
    assert serializer.deserialize(serializer.serialize(value)) == value
    refuse_pickles()
    assert DefaultSerializer().deserialize(pickled(value)) == value


def test_of_an_error_its_sentence_comes_back():
    ours, other = StorageFailed("The disk is full."), KeyError("email")
    found = [PlainJson().deserialize(PlainJson().serialize(error)) for error in (ours, other)]
    assert [str(error) for error in found] == ["The disk is full.", "KeyError: 'email'"]


def test_an_object_is_refused_with_a_sentence_and_not_made(tmp_path: Path):
    refuse_pickles()
    with pytest.raises(StorageFailed, match="run programs here"):
        DefaultSerializer().deserialize(pickled({"args": (Harm(tmp_path / "harmed"),)}))
    assert not (tmp_path / "harmed").exists()


def rewritten(settings: Settings) -> set[str]:
    """Rewrites all rows as a former version did; how they were written before."""
    read, names = PlainJson().deserialize, set()
    with closing(sqlite3.connect(settings.home / "engine.sqlite")) as engine, engine:
        for table, columns in KEPT.items():
            for column in columns:
                found = engine.execute(f"select rowid, {column} from {table}").fetchall()
                for row, text in found:
                    value = text and read(text)
                    if isinstance(value, dict) and "args" in value:
                        value["args"] = tuple(value["args"])
                    new = text and pickled(value)
                    engine.execute(f"update {table} set {column} = ? where rowid = ?", (new, row))
        for table in NAMING:
            names |= {row[0] for row in engine.execute(f"select serialization from {table}")}
            engine.execute(f"update {table} set serialization = 'py_pickle'")
    return names


def test_a_run_that_a_former_version_left_under_way_goes_on(store: Store, tmp_path: Path):
    now = [time.time()]
    with sandbox.running(tmp_path / "k", delay=60.0, limits=False, clock=lambda: now[0]) as url:
        people(5).write_csv(tmp_path / "few.csv")
        applied(store, written(tmp_path, tmp_path / "few.csv", url))
        with Host(store, POLL_EVERY):
            run = until(store, asked(store), lambda found: found.stage == "waiting")
        assert rewritten(store.settings) <= {"segferry_json", None}
        now[0] += 61
        with Host(store, POLL_EVERY):
            run = ended(store, run)
    assert (run.status, run.accepted, run.error) == (RunStatus.succeeded, 5, None)
