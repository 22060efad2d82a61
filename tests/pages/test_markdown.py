"""Nothing that people, files or destinations say is read as markdown."""

import re
from pathlib import Path

from tests.pages.markdown import PAGES, Pages

CORE = PAGES.parent / "core"
KNOWN = {  # expressions that are the program's own words, or numbers
    r".*\b(destination|there|capabilities|destination_of\(.*\))\.(title|joinings|suppressions)",
    r"titles\(\)",  # of the kinds of destinations
    r"field\.(title|description)",  # of the settings of a kind
    r"column\.(title|cell\(one\))",  # of a table of ours; cells are HTML, escaped where it is made
    r"one\.title",  # of a filter
    r"boxes\.box\(.+\)",  # HTML, escaped where it is made
    r"state\.word",
    r"run\.parts",  # a number
    r"api\.warning\(today\)",
    r"word\.words",
    r"kind\.one",
    r"reason_words\(key, destination\)",
    r"known\.missing",  # scopes of ours
    r"history\.of_retry\(again\)",
    r"history\.per_day\(.+\)",  # days, outcomes as we call them, numbers
    r"again\.id",
    r"drift\.since",  # the number of a run
    r"(sums|job)\.\w+",
    r"found\.(shared|members)",  # numbers of rows
    r"written\(.*\)",  # a figure
    r"book\.sheets",  # choices, whose words aren't read as markdown
    r"names\(\)",
    r"\w+\.(year|day)",
}
PLANTED = [
    "st.markdown(row.name)",
    "st.caption(f':gray[{row.name}]')",
    "st.button(row.name, key='x')",
    "st.checkbox(_('Use'), help=row.name)",
    "st.toast('Saved ' + row.name)",
    "st.error(str(row.error))",
    "st.metric(_('People'), row.name)",
    "st.progress(0.5, row.name)",
    "st.expander(_('About {name}').format(name=row.name))",
    "st.markdown(many('{n} of {name}', '{n} of {name}', 2, name=row.name))",
    "st.markdown(', '.join(one.name for one in rows))",
    "st.radio(_('One'), rows, format_func=lambda one: one.name)",
    "text = plain(row.name) or row.name\n    st.info(text)",
    "for name, count in row.segments.items():\n        st.success(name)",
    "kit.section(row.name)",
    "kit.named(row.name, row.list_name, 9)",
    "kit.confirm(_('Sure?'), title(row.name), _('Yes'), print)",
    "kit.table([_('Name')], [[one.name] for one in rows])",
    "kit.table([one.name for one in rows], [])",
    "show(Card(row.name))",
    "place.markdown(row.name)",
    "(st.warning if row else st.error)(row.name)",
]
HARMLESS = [
    "st.markdown(plain(row.name))",
    "st.markdown(f'**{plain(row.name)}** {len(rows):,} {row.share:.0%}')",
    "st.button(_('Save'), key=row.name)",
    "st.selectbox(_('One'), rows, format_func=lambda one: one.name)",
    "kit.named(row.name, plain(row.list_name), 9)",
    "show(Card(plain(row.name)))",
    "st.markdown(title(plain(row.name)))",
]
MODULE = """import streamlit as st
from core.texts import _, many
from pages.ui import kit
from pages.ui.words import plain

class Card:
    note: str

def title(text):
    return f"**{text}**"

def show(card: Card):
    st.markdown(card.note)

"""


def found_in(folder: Path, statements: list[str]) -> list[str]:
    """What is found on a page with these statements: each in a function named by its number."""
    for name in ("kit", "words", "frame"):
        copy = folder / "ui" / f"{name}.py"
        copy.parent.mkdir(exist_ok=True)
        copy.write_text((PAGES / "ui" / f"{name}.py").read_text())
    parts = [f"def draw_{n}(row, rows, place):\n    {s}" for n, s in enumerate(statements)]
    (folder / "planted.py").write_text("\n".join([MODULE, *parts]))
    return Pages(folder, CORE, KNOWN).found()


def test_what_pages_hand_to_markdown_is_ours_or_plain():
    assert Pages(PAGES, CORE, KNOWN).found() == []


def test_a_new_place_is_found(tmp_path: Path):
    found = "\n".join(found_in(tmp_path, PLANTED))
    lines = MODULE.count("\n") + 2  # of the file
    for statement in PLANTED:
        first, lines = lines, lines + 2 + statement.count("\n")
        at = "|".join(str(line) for line in range(first, lines))
        assert re.search(rf"planted\.py:({at}):", found), statement


def test_plain_words_are_not_found(tmp_path: Path):
    assert found_in(tmp_path, HARMLESS) == []
