"""segferry backup and restore."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command, one_sentence

PASSPHRASE = "correct horse battery"


def test_an_installation_moves_to_another_folder(
    newsletter: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SEGFERRY_BACKUP_PASSPHRASE", PASSPHRASE)
    file, there = tmp_path / "segferry.zip", tmp_path / "there"
    sent = newsletter("run", "Newsletter", "--json").data["sent"]
    assert sent > 0
    made = newsletter("backup", file, "--json").data
    assert (made["counts"]["run"], made["keys"]) == (1, "encrypted")
    assert made["counts"]["ledger"] == 1
    told = newsletter("restore", file, "--home", there)
    assert told.status == 0, told.err
    monkeypatch.setenv("SEGFERRY_HOME", str(there))
    found = newsletter("preview", "Newsletter", "--json").data
    assert (found["add"], found["update"], found["unchanged"]) == (0, 0, sent)
    again = newsletter("restore", file, "--home", there)
    assert again.status == 1
    assert one_sentence(again)
    assert "--replace" in again.err


def test_without_keys_it_says_what_that_means(newsletter: Command, tmp_path: Path):
    told = newsletter("backup", tmp_path / "segferry.zip", "--without-keys")
    assert told.status == 0
    assert "every secret has to be entered again" in told.err


def test_where_nobody_can_be_asked_the_passphrase_is_needed(newsletter: Command, tmp_path: Path):
    told = newsletter("backup", tmp_path / "segferry.zip")
    assert told.status == 1
    assert not (tmp_path / "segferry.zip").exists()
