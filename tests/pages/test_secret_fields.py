"""What is typed as a secret arrives, however the field is left."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGES = Path("pages")
IN_FORMS = {"person/erase.py", "account/password.py", "sign_in/door.py"}  # their button takes it


def secrets() -> Iterator[tuple[str, ast.Call]]:
    """Each field of which some are passwords, with its file."""
    for path in PAGES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and any(map(_is_password, node.keywords)):
                yield str(path.relative_to(PAGES)), node


def _is_password(word: ast.keyword) -> bool:
    return word.arg == "type" and "'password'" in ast.dump(word.value)


FOUND = [(path, call) for path, call in secrets() if path not in IN_FORMS]


@pytest.mark.parametrize(("path", "call"), FOUND, ids=[f"{p}:{c.lineno}" for p, c in FOUND])
def test_a_secret_outside_a_form_is_taken_while_it_is_typed(path: str, call: ast.Call):
    """Left by Tab, for the eye beside it, a field keeps to itself what was typed otherwise."""
    assert "live" in {word.arg for word in call.keywords}, path


def test_secrets_were_found_and_the_exceptions_are_forms():
    assert len(FOUND) >= 6
    for path in IN_FORMS:
        assert "st.form(" in (PAGES / path).read_text()
