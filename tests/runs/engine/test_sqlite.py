"""Which versions of SQLite let runs start."""

from dataclasses import replace

import pytest

from core.errors import StorageFailed
from core.runs.engine.sqlite import Versions, check
from core.settings import Settings


@pytest.mark.parametrize(
    ("python", "sqlite"),
    [((3, 12), (3, 42, 0)), ((3, 13), (3, 50, 4)), ((3, 11), (3, 40, 1))],
)
def test_a_version_with_which_the_engine_works_is_named(
    settings: Settings, python: tuple[int, int], sqlite: tuple[int, int, int]
):
    assert check(settings, Versions(python, sqlite)) == "{}.{}.{}".format(*sqlite)


@pytest.mark.parametrize(
    ("python", "sqlite"), [((3, 12), (3, 41, 2)), ((3, 12), (3, 9, 0)), ((3, 14), (3, 40, 1))]
)
def test_one_with_which_it_never_starts_is_refused_with_what_to_do(
    settings: Settings, python: tuple[int, int], sqlite: tuple[int, int, int]
):
    said = r"^SQLite 3.* of this Python 3.* too old: .* SQLite 3\.42 or newer\. Use Python 3\.11,"
    with pytest.raises(StorageFailed, match=said):
        check(settings, Versions(python, sqlite))


def test_postgresql_needs_no_sqlite(settings: Settings):
    on_postgresql = replace(settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    assert check(on_postgresql, Versions((3, 12), (3, 9, 0))) == "3.9.0"
