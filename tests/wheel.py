"""Builds the product's wheel and installs it as a user does, without a network."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def built(kind: str, folder: Path, source: Path = ROOT) -> Path:
    """The file in the folder that was built of the source: its `wheel`, or its `sdist`."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "-d", str(folder)]
    subprocess.run(command, cwd=source, capture_output=True, check=True)
    (file,) = folder.iterdir()
    return file


def installed(wheel: Path, folder: Path) -> Path:
    """The folder, now a fresh environment with this wheel.

    What the wheel needs isn't downloaded again: the environment reads it where the tests do. Our
    own installation beside it is an editable one, which only its own environment reads.
    """
    venv.create(folder, symlinks=True)
    python = str(folder / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    (site_packages(folder) / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def site_packages(folder: Path) -> Path:
    """Where an environment keeps what was installed."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
