"""Texts for people and docs: none has a word that docs/words.md retires."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_docs import DOCS, PAGES, prose

ROOT = Path(__file__).parents[1]
VOCABULARY, RETIRED = re.split(r"^## Retired$", (DOCS / "words.md").read_text(), flags=re.M)
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ?([^|]*) ?\|$", re.M)
REASONS = {
    text: f"say “{better.strip()}”" + (f" ({why.strip()})" if why.strip() else "")
    for text, better, why in ROW.findall(RETIRED)[1:]
}
WORDS = re.compile(
    rf"\b({'|'.join(map(re.escape, sorted(REASONS, key=len, reverse=True)))})\b", re.I
)


def found(text: str) -> list[str]:
    """What the text has that is retired, with what to say instead and why."""
    line = " ".join(text.replace("’", "'").split())
    return [f"“{word}” in “{line[:80]}”: {REASONS[word.lower()]}" for word in WORDS.findall(line)]


def texts(path: Path) -> Iterator[str]:
    """What a module gives to gettext."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = node.args[: {"_": 1, "many": 2}.get(node.func.id, 0)]
            yield from (str(text.value) for text in given if isinstance(text, ast.Constant))


@pytest.mark.parametrize("folder", ["core", "pages"])
def test_no_text_for_people_has_a_retired_word(folder: str):
    wrong = [
        f"{path.relative_to(ROOT)}: {one}"
        for path in (ROOT / folder).rglob("*.py")
        for text in texts(path)
        for one in found(text)
    ]
    assert wrong == []


def test_no_page_of_the_docs_has_a_retired_word():
    read = [page for page in PAGES if page.name not in ("words.md", "CONTRIBUTING.md")]
    lines = [(page, line) for page in read for line in re.split(r"\n\n|\n(?=[-|#])", prose(page))]
    assert [f"{page.name}: {one}" for page, line in lines for one in found(line)] == []


def test_a_retired_word_is_found_with_what_to_say_instead():
    assert found("Nobody was TOLD.") == [
        "“TOLD” in “Nobody was TOLD.”: say “shown, named, counted” (texts and tables show things)"
    ]
    assert found("It doesn’t\nhold, so it is untold.")[0].startswith("“doesn't hold” in")
    assert found("Guards hold a run.") == []


def test_every_word_of_the_vocabulary_has_one_row_and_is_not_retired():
    words = [word for word, _means, _instead in ROW.findall(VOCABULARY)[1:]]
    assert words == list(dict.fromkeys(words))
    assert len(words) > 25
    assert [one for word in words for one in found(word)] == []
