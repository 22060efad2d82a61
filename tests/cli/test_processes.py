"""The command line as a program: beside others on the same data folder, in pipes, stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from core.runs.engine.host import Host
from core.settings import Settings
from core.store import Store, requests, runs
from core.store.locks import holding, serving
from tests.cli.conftest import Command, Start, StartAnew, left, one_sentence
from tests.conftest import ADA, PER_BATCH, applied, bulky, slow_imports, written
from tests.runs.conftest import asked, ended, members, sums_hold, until


@pytest.fixture
def newsletter(store: Store, configuration: Path) -> None:
    applied(store, configuration)


@pytest.fixture
def slow_batches(store: Store, klaviyo: str, tmp_path: Path) -> None:
    """Three batches to a Klaviyo that takes its time."""
    bulky(3).write_parquet(tmp_path / "many.parquet")
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo))
    slow_imports(klaviyo, 0.5)


def test_the_modules_and_the_script_are_the_same(piped: StartAnew):
    script = str(Path(sys.executable).with_name("segferry"))
    by_core = left(piped("--help")).out
    for command in ([script], [sys.executable, "-m", "segferry"]):
        told = subprocess.run([*command, "--help"], capture_output=True, text=True, check=True)
        assert told.stdout == by_core


@pytest.mark.usefixtures("newsletter")
def test_json_alone_is_on_stdout_while_progress_is_on_stderr(program: Start):
    told = left(program("run", "Newsletter", "--json"))
    assert (told.status, told.data["accepted"]) == (3, 8), told
    assert "Run 1" in told.err


@pytest.mark.usefixtures("slow_batches")
def test_a_run_is_cancelled_from_another_process(store: Store, segferry: Command, program: Start):
    running = program("run", "Newsletter", "--json")
    until(store, first(store), lambda run: run.batches_sent >= 1)
    stopped = segferry("cancel", 1)
    told = left(running)
    assert (stopped.status, stopped.out) == (0, "Run 1: cancelled\n")
    assert (told.status, told.data["status"]) == (5, "cancelled")
    assert told.data["undelivered"]
    assert told.data["members"] == told.data["sent"] == 3 * PER_BATCH


def first(store: Store):
    """The first run, once it was asked for."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with store.begin() as session:
            if found := runs.everything(session):
                return found[0]
        time.sleep(0.05)
    pytest.fail("no run was asked for")


@pytest.mark.usefixtures("newsletter")
def test_while_another_process_has_the_engine_a_run_is_handed_to_it(
    store: Store, klaviyo: str, program: Start
):
    with holding(store), Host(store):
        told = left(program("run", "Newsletter", "--json"))
    assert (told.status, told.data["accepted"]) == (3, 8), told
    assert len(members(klaviyo)) == 8


@pytest.mark.usefixtures("slow_batches")
def test_a_split_that_is_cancelled_keeps_its_sums(store: Store, tmp_path: Path, klaviyo: str):
    more = "    limit: 80\n    over_limit: split"
    applied(store, written(tmp_path, tmp_path / "many.parquet", klaviyo, more))
    with holding(store), Host(store):
        run = until(store, asked(store), lambda found: found.batches_sent >= 1)
        with store.begin() as session:
            requests.ask_stop(session, ADA, run)
            parts = runs.siblings(session, run)
        parts = [ended(store, part) for part in parts]
    assert [part.members for part in parts] == [80, 70]
    assert all(sums_hold(part) for part in parts)
    assert {part.status for part in parts} == {"cancelled"}


@pytest.mark.usefixtures("slow_batches")
def test_a_run_is_left_in_order_by_sigterm_and_resumed_without_sending_anything_twice(
    store: Store, klaviyo: str, program: Start
):
    running = program("run", "Newsletter")
    until(store, first(store), lambda run: run.batches_sent >= 1)
    running.send_signal(signal.SIGTERM)
    told = left(running)
    assert told.status == 143, told
    assert "Traceback" not in told.err
    assert "resume" in told.err
    assert first(store).status == "running"
    (run,) = left(program("resume", "--json")).data["runs"]
    assert (run["status"], run["accepted"]) == ("succeeded", 3 * PER_BATCH)
    made = httpx.get(f"{klaviyo}/sandbox/state").json()["jobs"]
    assert sum(made.values()) == 3


def test_two_applies_at_once_both_succeed(configuration: Path, program: Start):
    both = [program("apply", configuration) for _ in range(2)]
    told = [left(command) for command in both]
    assert [one.status for one in told] == [0, 0], told
    words = sorted(line.split()[0] for one in told for line in one.out.splitlines())
    assert words == ["created"] * 4 + ["unchanged"] * 4


@pytest.mark.usefixtures("newsletter")
def test_a_reader_that_leaves_is_no_error_worth_a_word(piped: StartAnew):
    command = piped("config")
    assert command.stdout
    command.stdout.close()
    command.stdout = None
    told = left(command)
    assert told.err == ""
    assert told.status in (0, 1)


ONE_BY_ONE = """
from core.cli import main

def call(command):
    try:
        main(command)
    except SystemExit:
        pass

"""


def test_nothing_is_written_outside_the_data_folder(
    settings: Settings, configuration: Path, tmp_path: Path
):
    elsewhere = tmp_path / "elsewhere"
    places = {name: elsewhere / name for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "here")}
    for place in places.values():
        place.mkdir(parents=True)
    environment = {name: str(place) for name, place in places.items()}
    commands = [["apply", str(configuration)], ["run", "Newsletter"]]
    subprocess.run(
        [sys.executable, "-c", f"{ONE_BY_ONE}for command in {commands}: call(command)"],
        cwd=places["here"],
        env=os.environ
        | environment
        | {
            "SEGFERRY_HOME": str(settings.home),
            "KLAVIYO_API_KEY": "pk_0123456789abcdef",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        check=True,
    )
    assert (settings.home / "segferry.sqlite").exists()
    assert (settings.home / "runs" / "1").is_dir()
    assert [path for path in elsewhere.rglob("*") if path not in places.values()] == []


def test_a_second_server_is_refused(store: Store, settings: Settings, program: Start):
    with serving(store):
        told = left(program("serve", "--port", "0"))
    assert told.status == 1
    assert one_sentence(told)
    assert str(settings.home) in told.err


def test_the_local_klaviyo_runs_until_it_is_stopped(
    settings: Settings, piped: StartAnew, program: Start
):
    command = piped("sandbox", "--port", 0)
    assert command.stdout
    url = next(word for word in command.stdout.readline().split() if word.startswith("http"))
    assert httpx.get(f"{url.rstrip(';.,')}/sandbox/state").status_code == 200
    port = url.rstrip(";.,").rsplit(":", 1)[1]
    second = left(program("sandbox", "--port", port, SEGFERRY_HOME=str(settings.home / "second")))
    command.send_signal(signal.SIGTERM)
    assert left(command).status == 0
    assert second.status == 1
    assert one_sentence(second)
    assert port in second.err


HEAVY = ("streamlit", "dbos", "pandas", "pyarrow", "altair", "uvicorn", "starlette")
OF_RUNS = ("polars", "numpy", "narwhals", "httpx", "phonenumbers", "core.configuration.export")
LOOK = "import sys; from core.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\n"


@pytest.mark.parametrize(
    ("arguments", "without"),
    [
        (["--help"], (*HEAVY, "polars", "sqlalchemy", "pydantic", "httpx")),
        (["runs"], (*HEAVY, *OF_RUNS, "core.audience.looks", "core.sandbox")),
    ],
)
def test_a_command_imports_only_what_it_needs(
    settings: Settings, arguments: list[str], without: tuple[str, ...]
):
    told = subprocess.run(
        [sys.executable, "-c", f"{LOOK}print('modules', *sys.modules)", *arguments],
        env=os.environ | {"SEGFERRY_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(told.stdout.splitlines()[-1].split())
    assert "core.cli" in loaded
    assert not loaded & set(without)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("everywhere", "takes an address"), ("192.0.2.1", "SEGFERRY_ALLOWED_HOSTS")],
)
def test_an_address_that_nobody_could_use_is_refused(program: Start, address: str, sentence: str):
    told = left(program("serve", "--address", address))
    assert told.status == 2
    assert one_sentence(told)
    assert sentence in told.err
