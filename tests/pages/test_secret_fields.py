"""What is typed as a secret arrives, however its field is left: each is one of `forms.secret`."""

from pathlib import Path

PAGES = Path("pages")
IN_FORMS = {"person/erase.py", "account/password.py", "sign_in/door.py"}  # their button takes it


def files_with(text: str) -> set[str]:
    """The files of pages in which it stands."""
    found = [path for path in PAGES.rglob("*.py") if text in path.read_text()]
    return {str(path.relative_to(PAGES)) for path in found}


def test_a_secret_outside_a_form_is_taken_while_it_is_typed():
    """Left by Tab, for the eye beside it, a field keeps to itself what was typed otherwise."""
    assert files_with('type="password"') == IN_FORMS | {"ui/forms.py"}
    assert "live=True" in (PAGES / "ui/forms.py").read_text()


def test_secrets_were_found_and_the_exceptions_are_forms():
    assert len(files_with("forms.secret")) >= 5
    for path in IN_FORMS:
        assert "st.form(" in (PAGES / path).read_text()
