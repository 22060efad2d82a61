"""Fixtures of the tools for agents: an installation beside a sandbox, its people, and calls."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.server.mcpserver.exceptions import ToolError

from core.access import Role
from core.mcp import agent
from core.mcp.server import server
from core.store import Store, accounts
from tests.conftest import ADA, applied

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def installed(store: Store, configuration: Path, quick_passwords: None) -> Store:
    """“Newsletter” is set up; Ada is an administrator, Vita a viewer, Kaspars a contributor."""
    applied(store, configuration)
    with store.begin() as session:
        for name, role in (
            ("Ada", Role.administrator),
            ("Vita", Role.viewer),
            ("Kaspars", Role.contributor),
        ):
            accounts.add(session, ADA, name, role)
    return store


def of(store: Store, name: str | None = None) -> Call:
    """Calls the tools of the person's agent; a tool's error is a ToolError."""
    made = server(agent.of(store, name))

    def call(tool: str, **arguments: Any) -> dict[str, Any]:
        found = anyio.run(made.call_tool, tool, arguments)
        return json.loads(found.content[0].text)

    return call


def refused(call: Call, tool: str, **arguments: Any) -> str:
    """The sentence with which a tool refuses."""
    with pytest.raises(ToolError) as error:
        call(tool, **arguments)
    return str(error.value)
