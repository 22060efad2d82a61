"""Fixtures of the API: an installation with two exports, asked in this process as by a program."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from core.api.app import Limits, application
from core.settings import Settings
from core.store import Store, open_store, tokens
from tests.conftest import ADA, applied, second_export, written
from tests.in_process import InProcess

NOWHERE = "http://127.0.0.1:9"  # nothing here sends anything
ROWS = """customer_id,email,first_name,country,spent
1,ilze@example.lv,Ilze,LV,1
2,juris@example.lv,Juris,LV,2
3,no at sign,Anna,LV,3
"""


Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def installed(used_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which “Newsletter” and “Second” are set up."""
    folder = tmp_path_factory.mktemp("api")
    (folder / "profiles.csv").write_text(ROWS)
    shutil.copytree(used_home, folder / "data")
    opened = open_store(Settings(home=folder / "data"))
    applied(opened, written(folder, folder / "profiles.csv", NOWHERE, second_export()))
    opened.close()
    return folder / "data"


@pytest.fixture
def store(installed: Path, settings: Settings) -> Iterator[Store]:
    shutil.copytree(installed, settings.home)
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> list[float]:
    """Seconds by which requests are counted; a test sets them."""
    return [0.0]


@pytest.fixture
def served(store: Store, clock: list[float]) -> Starlette:
    return in_place(store, clock, Limits())


def in_place(store: Store, clock: list[float], limits: Limits) -> Starlette:
    """The API where it is beside the pages."""
    api = application(lambda: store, lambda: clock[0], limits)
    return Starlette(routes=[Mount("/api", app=api)])


@pytest.fixture
def token(store: Store) -> Callable[..., str]:
    """Makes a token."""

    def make(*may: str, name: str = "Airflow", sees_people: bool = False) -> str:
        with store.begin() as session:
            return tokens.add(session, ADA, name, may, sees_people=sees_people)

    return make


@pytest.fixture
def ask(served: Starlette) -> Ask:
    """A request with a token."""

    return asking(served)


def asking(served: Starlette) -> Ask:
    """Asks this API."""

    def ask(method: str, path: str, token: str = "", **headers: str) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {"Authorization": f"Bearer {token}"} if token else {}
        return InProcess(served).request(method, path, headers=given)

    return ask
