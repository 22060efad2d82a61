"""The artifacts of a project: where they are looked for, and within which bounds they are read."""

import os
from pathlib import Path

import pytest

from core.errors import Outside, SourceFailed
from core.profiles.sources.dbt import project
from core.profiles.sources.fence import Fence
from tests import dbt_shop


def test_the_folder_of_artifacts_may_be_named_itself(tmp_path: Path):
    path = dbt_shop.project(tmp_path)
    assert project.read(path / "target", None) == project.read(path, None)
    (path / "target").rename(path / "artifacts")
    assert project.read(path / "artifacts", None).results


def test_a_project_that_dbt_has_not_built_says_what_to_do(tmp_path: Path):
    with pytest.raises(SourceFailed, match=r"no manifest\.json .* Run dbt build or dbt parse"):
        project.read(tmp_path, None)


def test_a_file_is_read_once_for_each_of_its_states(tmp_path: Path):
    path = dbt_shop.project(tmp_path)
    before = project.read(path, None)
    assert project.read(path, None).manifest is before.manifest
    dbt_shop.passed(path)
    after = project.read(path, None)
    assert after.manifest is before.manifest
    assert after.results != before.results
    assert project.state_of(path, None) == project.state_of(path, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"metadata": {', "can't be read as what dbt writes: Invalid JSON"),
        ('{"nodes": {}}', "metadata: Field required. Run dbt again"),
        ("[" * 100_000, "can't be read as what dbt writes"),
        ("", "can't be read as what dbt writes"),
    ],
)
def test_what_dbt_did_not_write_or_has_not_finished_is_a_sentence(
    tmp_path: Path, text: str, why: str
):
    path = dbt_shop.project(tmp_path)
    (path / "target" / "manifest.json").write_text(text)
    with pytest.raises(SourceFailed, match=why):
        project.read(path, None)


def test_a_file_beyond_the_bound_is_not_read(tmp_path: Path):
    path = dbt_shop.project(tmp_path)
    with (path / "target" / "manifest.json").open("r+b") as file:
        file.truncate(project.MOST_BYTES + 1)  # takes no room on the disk
    with pytest.raises(SourceFailed, match="more than 160 MB"):
        project.read(path, None)


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    path = dbt_shop.project(tmp_path, results=None)
    os.mkfifo(path / "target" / "run_results.json")
    with pytest.raises(SourceFailed, match="is no file"):
        project.read(path, None)


def test_a_confined_project_stays_in_its_folders(tmp_path: Path):
    path = dbt_shop.project(tmp_path)
    assert project.read(path, Fence((tmp_path,)))
    fence = Fence((tmp_path / "elsewhere",))
    for place in (path, tmp_path / "nothing", path / ".." / ".."):
        with pytest.raises(Outside, match="SEGFERRY_SOURCE_FOLDERS"):
            project.read(place, fence)


@pytest.mark.parametrize("linked", ["manifest.json", "run_results.json", "sources.json"])
def test_a_link_leads_out_of_no_folder(tmp_path: Path, linked: str):
    path = dbt_shop.project(tmp_path / "inside")
    file = path / "target" / linked
    file.rename(tmp_path / linked)
    file.symlink_to(tmp_path / linked)
    assert project.read(path, None)
    with pytest.raises(Outside):
        project.read(path, Fence((tmp_path / "inside",)))
    with pytest.raises(Outside):
        project.state_of(path, Fence((tmp_path / "inside",)))
