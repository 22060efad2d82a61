"""Tables of folders whose log says which of their files count.

They keep files whose rows were deleted or replaced; reading all files would bring those rows back.
"""

from collections.abc import Iterable, Mapping
from glob import glob
from os.path import isdir
from pathlib import Path, PurePath
from typing import TypeVar

from core.errors import SourceFailed
from core.texts import _

DELTA = "_delta_log"
AnyPath = TypeVar("AnyPath", bound=PurePath)
PREFIX = 2  # letters of the folders among which Delta may spread its files


# What lies in the folder of each; nothing is found where it may not be looked into.
LOGGED: Mapping[str, str] = {
    "Delta": DELTA,
    "Hudi": ".hoodie",
    "Iceberg": "metadata/*.metadata.json",
    "Spark Streaming": "_spark_metadata",
}


def is_delta(path: Path) -> bool:
    """Whether the path is the folder of a Delta table."""
    return isdir(path / DELTA)


def check_not_logged(folders: Iterable[Path]) -> None:
    """Raises SourceFailed where a folder belongs to such a table, which is named."""
    for folder in folders:
        for one in around(folder):
            for name, log in LOGGED.items():
                if glob(log, root_dir=one, include_hidden=True):
                    raise SourceFailed(_refusal(one, name))


def around(folder: AnyPath) -> Iterable[AnyPath]:
    """The folder, and those in which it may be a part of a table."""
    yield folder
    while "=" in folder.name or folder.name == "data" or len(folder.name) == PREFIX:
        folder = folder.parent
        yield folder


def _refusal(folder: Path, name: str) -> str:
    if name == "Delta":
        text = _(
            "{path} is a Delta table: its log says which of its files count. Give this folder "
            "itself as the path."
        )
    else:
        text = _(
            "{path} is a table of {kind}: its log says which of its files count, and that "
            "log can't be read. Export it to Parquet or CSV, then use that file."
        )
    return text.format(path=folder, kind=name)
