"""The wheel: all of the product in one folder, and it runs wherever it is called."""

import subprocess
import tarfile
from pathlib import Path
from zipfile import ZipFile

from core import __version__
from tests.wheel import ROOT, built, site_packages

PARTS = ("core", "pages", ".streamlit")


def files(folder: Path) -> set[str]:
    """What is in a folder, by its paths; but not what Python keeps for itself."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def contents(wheel: Path) -> dict[str, int]:
    """The files of a wheel by their checksums."""
    with ZipFile(wheel) as archive:
        return {found.filename: found.CRC for found in archive.infolist()}


def run(environment: Path, here: Path, *command: str) -> str:
    """What a program of the environment says, called from a folder."""
    program, *arguments = command
    done = subprocess.run(
        [environment / "bin" / program, *arguments],
        cwd=here,
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_everything_lies_in_one_folder(wheel: Path):
    metadata = f"segferry-{__version__}.dist-info"
    own = {f"{part}/{path}" for part in PARTS for path in files(ROOT / part)}
    own |= files(ROOT / "segferry") | {"app.py"}
    found = {path for path in contents(wheel) if not path.startswith(metadata)}
    assert found == {f"segferry/{path}" for path in own}


def test_site_packages_get_no_name_but_ours(environment: Path):
    names = {path.name for path in site_packages(environment).iterdir()}
    ours = {"segferry", f"segferry-{__version__}.dist-info"}
    assert names == ours | {"dependencies.pth"}


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path):
    with tarfile.open(built("sdist", tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path, filter="data")
    again = built("wheel", tmp_path / "again", tmp_path / f"segferry-{__version__}")
    assert contents(again) == contents(wheel)


def test_the_program_runs_from_an_empty_folder_and_keeps_its_data_there(
    environment: Path, tmp_path: Path
):
    told = run(environment, tmp_path, "segferry", "user", "list")
    assert run(environment, tmp_path, "python", "-m", "segferry", "user", "list") == told
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert (tmp_path / "data" / "segferry.sqlite").exists()


def test_other_programs_of_the_environment_find_no_core_and_no_pages(
    environment: Path, tmp_path: Path
):
    code = "import importlib.util as u; print(u.find_spec('core'), u.find_spec('pages'))"
    assert run(environment, tmp_path, "python", "-c", code) == "None None\n"
