"""segferry refresh: sources read again and segments counted, without a server."""

from pathlib import Path

import pytest

from core.store import Store
from core.store.locks import REFRESHES, keeping
from tests.cli.conftest import Command

pytestmark = pytest.mark.usefixtures("used")


def test_all_sources_that_segments_use_are_read_and_their_segments_counted(newsletter: Command):
    left = newsletter("refresh", "--json")
    assert (left.status, left.err) == (0, "")
    (source,) = left.data["sources"]
    assert (source["source"], source["status"], source["rows"]) == ("Profiles", "succeeded", 12)
    assert [(s["name"], s["members"]) for s in source["segments"]] == [("Everybody", 12)]
    lines = newsletter("refresh", "Profiles").out.splitlines()
    assert lines == ["Profiles: succeeded, 12 rows", "            12  Everybody"]


def test_what_can_not_be_read_is_named_with_what_depends_on_it(newsletter: Command, profiles: Path):
    profiles.unlink()
    left = newsletter("refresh")
    assert left.status == 1
    assert str(profiles) in left.out
    assert "Depending on what failed: Newsletter" in left.out


def test_it_is_refused_while_another_refresh_goes_on(newsletter: Command, store: Store):
    with keeping(store, REFRESHES) as mine:
        assert mine()
        left = newsletter("refresh")
    assert left.status == 1
    assert "A refresh is already running. Try again once it has ended." in left.err
