"""Fixtures of the tools for agents: an installation beside a sandbox, its people, and calls.

The server's library takes as long to import as all of core: only its tests do, in one process.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from core.access import Role
from core.mcp import agent
from core.settings import Settings
from core.store import Store, accounts, open_store
from tests.api.conftest import NOWHERE
from tests.conftest import ADA, applied, people, written

Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def filled(used_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with “Newsletter”, which reaches nothing, and with people."""
    folder = tmp_path_factory.mktemp("mcp")
    people(8).write_csv(folder / "profiles.csv")
    shutil.copytree(used_home, folder / "data")
    opened = open_store(Settings(home=folder / "data"))
    applied(opened, written(folder, folder / "profiles.csv", NOWHERE))
    _invite(opened)
    opened.close()
    return folder / "data"


@pytest.fixture
def installed(filled: Path, settings: Settings) -> Iterator[Store]:
    """“Newsletter” is set up; Ada is an administrator, Vita a viewer, Kaspars a contributor."""
    shutil.copytree(filled, settings.home)
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def beside_klaviyo(store: Store, configuration: Path) -> Store:
    """The same, with a local Klaviyo that it reaches."""
    applied(store, configuration)
    _invite(store)
    return store


def _invite(store: Store) -> None:
    with store.begin() as session:
        for name, role in (
            ("Ada", Role.administrator),
            ("Vita", Role.viewer),
            ("Kaspars", Role.contributor),
        ):
            accounts.add(session, ADA, name, role)


def offered(store: Store, name: str | None) -> list[Any]:
    """The tools of the person's agent, as their server lists them."""
    from core.mcp.server import server

    return anyio.run(server(agent.of(store, name)).list_tools)


def of(store: Store, name: str | None = None) -> Call:
    """Calls the tools of the person's agent; a tool's error is a ToolError."""
    from core.mcp.server import server

    made = server(agent.of(store, name))

    def call(tool: str, **arguments: Any) -> dict[str, Any]:
        found = anyio.run(made.call_tool, tool, arguments)
        return json.loads(found.content[0].text)

    return call


def refused(call: Call, tool: str, **arguments: Any) -> str:
    """The sentence with which a tool refuses."""
    from mcp.server.mcpserver.exceptions import ToolError

    with pytest.raises(ToolError) as error:
        call(tool, **arguments)
    return str(error.value)
