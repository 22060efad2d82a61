"""The house: core knows nothing of the screen, everything public says what it is for."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from core.destinations.register import KINDS

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
EMPTY = {"core/store/migrations/__init__.py", "core/store/migrations/versions/__init__.py"}
STORE = "import core.store.runs, core.runs.history, core.store.apply, core.preview.plan"
ALL_OF_CORE = """
import importlib, pkgutil, sys
import core
for found in pkgutil.walk_packages(core.__path__, "core."):
    if not found.name.startswith(("core.store.migrations.", "core.__main__")):
        importlib.import_module(found.name)
"""


# Who besides its own folder and the sandbox, which plays it, names a destination, and why.
MAY_NAME = {
    "core/destinations/register.py": "the list of them, and which one is meant by default",
    "core/settings/__init__.py": "variables of the environment, whose names are a promise",
    "core/server/__init__.py": "the local Klaviyo runs there",
    "core/server/sandbox.py": "the local Klaviyo",
    "core/server/server.py": "it starts the local Klaviyo",
    "core/server/try_out.py": "a connection to the local Klaviyo",
    "core/cli/__init__.py": "what the program is for",
    "core/cli/serve.py": "the command that runs the local Klaviyo",
    "core/profiles/matching/shared.py": "what is documented of shared identifiers",
    "core/store/passwords.py": "a password that people would choose here",
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def loaded(*programs: str) -> list[set[str]]:
    """Names of all modules that a fresh interpreter has loaded after each of the programs."""
    names = "\nimport json, sys; print(json.dumps([*sys.modules]))\n"
    shown = subprocess.run(
        [sys.executable, "-c", "".join(program + names for program in programs)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return [set(json.loads(line)) for line in shown.stdout.splitlines()]


def test_the_store_loads_without_the_engine_and_all_of_core_without_streamlit():
    store, core = loaded(STORE, ALL_OF_CORE)
    assert not {name for name in store if name.partition(".")[0] in ("dbos", "pandas", "pyarrow")}
    assert {"core.cli", "core.runs.engine.host", "core.sandbox.web"} <= core
    assert not {name for name in core if name.partition(".")[0] in ("streamlit", "pages")}


def test_the_server_loads_without_what_only_charts_tables_sql_and_passwords_need():
    heavy = {"altair", "pandas", "pyarrow", "sqlglot", "streamlit_authenticator"}
    [server] = loaded("import app")
    assert not heavy & server


def test_pandas_is_left_to_streamlit():
    """Its tables need it, and load it with the first of them; nothing of ours waits for it."""
    ours = [ROOT / "app.py", *MODULES, *PAGES]
    assert [named(path) for path in ours if "pandas" in imported(path)] == []


def test_nobody_names_a_destination_without_a_reason():
    """Another one is a folder of its own and a line in the register: nobody else may know them."""
    ours = [ROOT / "app.py", *MODULES, *PAGES]
    assert {named(path) for path in ours if names_a_destination(path)} == MAY_NAME.keys()


def names_a_destination(path: Path) -> bool:
    """Whether code, a comment or a text does; in its own folder and the sandbox everybody may."""
    if named(path).startswith("core/sandbox/"):
        return False
    text = path.read_text(encoding="utf-8").lower()
    foreign = [type for type in KINDS if f"core/destinations/{type}/" not in named(path)]
    return any(type in text for type in foreign)


def imported(path: Path) -> set[str]:
    """The packages that a module imports, wherever in it."""
    nodes = list(ast.walk(parsed(path)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def test_everything_public_says_what_it_is_for():
    assert [place for path in MODULES for place in undocumented(path)] == []


def undocumented(path: Path) -> Iterator[str]:
    """Where a docstring is missing; of migrations only the module needs one."""
    if named(path) in EMPTY:
        return
    module = parsed(path)
    if not ast.get_docstring(module):
        yield f"{named(path)}:1"
    if "migrations/versions" not in named(path):
        for node in public(module):
            if not ast.get_docstring(node):
                yield f"{named(path)}:{node.lineno} {node.name}"


Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(parent: ast.Module | ast.ClassDef) -> Iterator[Documented]:
    """Classes and functions that others may use, methods among them."""
    for node in parent.body:
        if not isinstance(node, Documented) or node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from public(node)


def test_texts_are_literals_and_nothing_is_printed():
    wrong = [
        f"{named(path)}:{node.lineno}"
        for path in [*MODULES, *PAGES]
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id == "print" or not literal(node)
    ]
    assert wrong == []


def literal(call: ast.Call) -> bool:
    """Whether the texts of a call for translation can be found by reading the source."""
    texts = {"_": 1, "many": 2}.get(call.func.id if isinstance(call.func, ast.Name) else "", 0)
    return all(
        isinstance(text, ast.Constant) and isinstance(text.value, str) for text in call.args[:texts]
    )
