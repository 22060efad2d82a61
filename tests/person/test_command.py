"""segferry person; here and not in tests/cli, for it needs the story of a person."""

import json
from pathlib import Path

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


def test_a_document_is_written_and_its_check_tells_an_altered_one(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("SEGFERRY_HOME", str(store.settings.home))
    file = tmp_path / "anna.pdf"
    with pytest.raises(SystemExit, match="0"):
        main(["person", ANNA, "--pdf", str(file)])
    with pytest.raises(SystemExit, match="0"):
        main(["person", "--verify", str(file)])
    file.write_bytes(file.read_bytes().replace(b"(Segferry", b"(Segfairy"))
    with pytest.raises(SystemExit, match="1"):
        main(["person", "--verify", str(file)])
    with pytest.raises(SystemExit, match="2"):
        main(["person"])


def test_a_file_that_cannot_be_written_or_is_not_there_is_told_in_a_sentence(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("SEGFERRY_HOME", str(store.settings.home))
    nowhere = str(tmp_path / "nowhere" / "anna.pdf")
    for asked, said in (([ANNA, "--pdf"], "can't be written"), (["--verify"], "does not exist")):
        with pytest.raises(SystemExit, match="2"):
            main(["person", *asked, nowhere])
        assert said in capsys.readouterr().err
