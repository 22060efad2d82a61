"""Writes a file into a folder of its own and opens it as a source."""

from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import polars as pl
import pytest

from core.profiles.sources import Reading, open_source
from core.profiles.sources.files import FileSource


class Desk:
    """A folder for files, and a cache beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache = folder / "files", folder / "cache"
        self.folder.mkdir()

    def write(self, name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    def open(self, path: Path | str, progress=None, **options) -> FileSource:
        reading = Reading("Profiles", "file", self.folder / path, options)
        source = open_source(reading, self.cache, progress)
        assert isinstance(source, FileSource)
        return source

    def rows(self, path: Path | str, **options) -> pl.DataFrame:
        return self.open(path, **options).scan().to_native().collect()

    def text(self, content: str | bytes, written: str = "utf-8", **options) -> pl.DataFrame:
        """The rows of a new source with this text: nothing is known of an earlier one."""
        rmtree(self.cache, ignore_errors=True)
        return self.rows(self.write("p.csv", content, written), **options)


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def column(desk) -> Callable[..., list]:
    """The values that one column of a CSV file with these texts gets."""

    def read(*texts: str, separator: str = ";", **options) -> list:
        lines = "\n".join(f"{n}{separator}{text}" for n, text in enumerate(texts))
        return desk.text(f"n{separator}it\n{lines}\n", **options)["it"].to_list()

    return read
