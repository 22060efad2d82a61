"""segferry person; here and not in tests/cli, for it needs the story of a person."""

import json

import pytest

from core.cli import main
from core.store import Store
from tests.person.conftest import ANNA


def test_it_prints_events_in_order_and_how_things_stand_now(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("SEGFERRY_HOME", str(store.settings.home))
    with pytest.raises(SystemExit, match="0"):
        main(["person", ANNA, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert {"at", "export", "run", "what"} <= found["events"][0].keys()
    assert [one["state"] for one in found["now"]] == ["left", "left"]
    with pytest.raises(SystemExit, match="0"):
        main(["person", "nobody@example.com"])
    assert "Nothing is known" in capsys.readouterr().out
