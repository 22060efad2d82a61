"""segferry mcp, where it can't serve: one sentence says why."""

import sys

import pytest

from core.access import Role
from core.store import Store, accounts
from tests.cli.conftest import Command, one_sentence
from tests.conftest import ADA


def test_without_the_package_the_command_says_which_installs_it(
    segferry: Command, store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    refused = segferry("mcp")
    assert refused.status == 2
    assert one_sentence(refused)
    assert "pip install 'segferry[mcp]'" in refused.err


def test_an_agent_is_that_of_a_person_who_may_sign_in(segferry: Command, store: Store):
    with store.begin() as session:
        accounts.disable(session, ADA, accounts.add(session, ADA, "Vita", Role.viewer))
    for name, status, says in (("Vito", 2, "Did you mean “Vita”?"), ("Vita", 1, "is disabled")):
        refused = segferry("mcp", "--user", name)
        assert refused.status == status
        assert one_sentence(refused)
        assert says in refused.err
