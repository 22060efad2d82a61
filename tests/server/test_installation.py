"""What an installation says of itself: true, and nothing secret."""

import tomllib
from pathlib import Path

import pytest

from core import __version__
from core.access import Person, Role
from core.errors import Denied
from core.server import installation
from core.settings import Settings
from core.store import Store, open_store
from tests.conftest import ADA

ROOT = Path(__file__).parents[2]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_versions_places_and_licence_are_those_of_this_program(store: Store):
    found = installation.read(store, ADA)
    assert found.version == __version__
    assert found.database.startswith("SQLite 3.")
    assert found.place == str(store.settings.home / "segferry.sqlite")
    newest = max(path.name[:4] for path in (ROOT / "core/store/migrations/versions").glob("0*.py"))
    assert found.schema == newest
    assert (
        found.licence == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"]
    )
    assert found.free


def test_only_administrators_may_know(store: Store):
    with pytest.raises(Denied):
        installation.read(store, Person("Kai", Role.contributor))


def test_what_the_environment_sets_is_marked_and_secrets_are_left_out(tmp_path: Path):
    given = frozenset({"SEGFERRY_KLAVIYO_CLIENT_SECRET", "SEGFERRY_HOME"})
    settings = Settings(home=tmp_path, klaviyo_client_secret="s3cret-s3cret", given=given)
    store = open_store(settings)
    found = installation.read(store, ADA)
    store.close()
    assert {one.variable for one in found.settings if one.given} == given
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("packed", [False, True])
def test_the_commit_of_a_clone_is_known_wherever_git_keeps_it(tmp_path: Path, packed: bool):
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    if packed:
        (git / "packed-refs").write_text(f"# pack-refs\n{COMMIT} refs/heads/main\n")
    else:
        (git / "refs" / "heads" / "main").write_text(f"{COMMIT}\n")
    assert installation.commit_of(tmp_path) == COMMIT
    (git / "HEAD").write_text(f"{COMMIT[::-1]}\n")
    assert installation.commit_of(tmp_path) == COMMIT[::-1]


def test_the_commit_of_a_worktree_is_that_of_its_branch(tmp_path: Path):
    shared = tmp_path / "clone" / ".git"
    own = shared / "worktrees" / "tree"
    (shared / "refs" / "heads").mkdir(parents=True)
    own.mkdir(parents=True)
    (shared / "refs" / "heads" / "work").write_text(COMMIT)
    (own / "HEAD").write_text("ref: refs/heads/work\n")
    (own / "commondir").write_text("../..\n")
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {own}\n")
    assert installation.commit_of(tree) == COMMIT


def test_what_is_no_clone_has_no_commit(tmp_path: Path):
    assert installation.commit_of(tmp_path) is None
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/none\n")
    assert installation.commit_of(tmp_path) is None
