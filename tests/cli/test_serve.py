"""The dashboard is started from the program's own folder, paths are meant from where people are."""

import os
from pathlib import Path

import pytest

from core.cli.serve import fix_paths


def test_paths_of_the_environment_stay_what_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEGFERRY_HOME", "here")
    monkeypatch.setenv("SEGFERRY_FILES", "shared")
    monkeypatch.setenv("SEGFERRY_DATABASE_URL", "postgresql://host/database")
    assert fix_paths() == tmp_path / "here"
    assert os.environ["SEGFERRY_HOME"] == str(tmp_path / "here")
    assert os.environ["SEGFERRY_FILES"] == str(tmp_path / "shared")
