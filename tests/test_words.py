"""Texts for people and docs: none has a word that docs/words.md retires."""

import re
from io import BytesIO
from pathlib import Path

import pytest

from tests.test_docs import DOCS, PAGES, prose
from tests.texts import extract, of_source

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


@pytest.mark.parametrize("folder", ["core", "pages"])
def test_no_text_for_people_has_a_retired_word(folder: str):
    wrong = [
        f"{path.relative_to(ROOT)}: {one}"
        for path in (ROOT / folder).rglob("*.py")
        for _line, _function, texts in of_source(path.read_bytes())
        for one in found("\n".join(texts))
    ]
    assert wrong == []


def test_no_page_of_the_docs_has_a_retired_word():
    read = [page for page in PAGES if page.name not in ("words.md", "CONTRIBUTING.md")]
    lines = [(page, line) for page in read for line in re.split(r"\n\n|\n(?=[-|#])", prose(page))]
    assert [f"{page.name}: {one}" for page, line in lines for one in found(line)] == []


def test_translators_get_the_texts_within_f_strings_too():
    source = b"a = f\"{_('One')} {many('{n} run', '{n} runs', n)}\"\nb = _('Two')"
    assert [given[:3] for given in extract(BytesIO(source), {}, [], options={})] == [
        (1, "_", "One"),
        (1, "many", ("{n} run", "{n} runs")),
        (2, "_", "Two"),
    ]


def test_a_retired_word_is_found_with_what_to_say_instead():
    assert found("Nobody was TOLD.") == [
        "“TOLD” in “Nobody was TOLD.”: say “shown, named, counted” (texts and tables show things)"
    ]
    assert found("It doesn’t\nhold, so it is unclear.")[0].startswith("“doesn't hold” in")
    assert found("Guards hold a run.") == []


def test_every_word_of_the_vocabulary_has_one_row_and_is_not_retired():
    words = [word for word, _means, _instead in ROW.findall(VOCABULARY)[1:]]
    assert words == list(dict.fromkeys(words))
    assert len(words) > 25
    assert [one for word in words for one in found(word)] == []
