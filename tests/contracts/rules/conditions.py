"""Any conditions in SQL, each with what docs/rules.md says that it means, in plain Python."""

import operator
import re
from datetime import timedelta

from hypothesis import strategies as st

from core.profiles.sources import Kind
from tests.contracts.rules.oracle import clean, day, is_empty, number
from tests.contracts.rules.people import KINDS, TODAY, ZONE
from tests.contracts.rules.trees import GIVEN, TEXT

SIGNS = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "is distinct from": operator.ne,
    "is not distinct from": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
DENIALS = ("<>", "!=", "is distinct from")  # which find who has nothing there
ORDER = ("=", "<>", "<", "<=", ">", ">=")
TEXTS = st.sampled_from([*(one for one in TEXT if "\0" not in one and clean(one) == one), "%", "_"])
PIECES = st.sampled_from(["%", "_", "L", "V", "a", "\n", "'", ".", r"\%", r"\_", r"\\", "ī"])
BACK = st.sampled_from([0, 1, 7, 89, 90, 91, 10**6])


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def where(field, found, *, denied=False):
    """Who is found by a question about what a field holds; by its denial also who has nothing."""
    return lambda row: denied if is_empty(row[field]) else found(row[field])


@st.composite
def of_texts(draw):
    field, sign = "text", draw(st.sampled_from(list(SIGNS)[:5]))
    given = draw(TEXTS)
    same = where(field, lambda it: SIGNS[sign](clean(it), given), denied=sign in DENIALS)
    return f"{field} {sign} {quoted(given)}", same


@st.composite
def of_lists(draw):
    given, out = draw(st.lists(TEXTS, min_size=1, max_size=3)), draw(st.booleans())
    inside = where("text", lambda it: (clean(it) in given) != out, denied=out)
    return f"text {'not ' * out}in ({', '.join(map(quoted, given))})", inside


@st.composite
def of_patterns(draw):
    pieces, out = draw(st.lists(PIECES, min_size=1, max_size=5)), draw(st.booleans())
    word = draw(st.sampled_from(["like", "ilike"]))
    pieces = [one for n, one in enumerate(pieces) if one != "%" or pieces[:n].count("%") < 3]
    signs = {"%": "(?s:.*)", "_": "(?s:.)"}
    pattern = "".join(signs.get(one) or re.escape(one[-1]) for one in pieces)
    flags = re.IGNORECASE if word == "ilike" else 0
    if not "".join(pieces).strip():
        pattern, pieces = "a", ["a"]
    found = where(
        "text", lambda it: bool(re.fullmatch(pattern, clean(it), flags)) != out, denied=out
    )
    return f"text {'not ' * out}{word} {quoted(''.join(pieces))}", found


@st.composite
def of_numbers(draw):
    field = draw(st.sampled_from(["whole", "exact", "floating"]))
    sign, given = draw(st.sampled_from(ORDER)), draw(GIVEN[Kind.number])
    found = where(
        field, lambda it: SIGNS[sign](number(it), number(given, it)), denied=sign in DENIALS
    )
    return f"{field} {sign} {given!r}", found


@st.composite
def of_days(draw):
    field, sign = draw(st.sampled_from(["day", "told", "real"])), draw(st.sampled_from(ORDER))
    text, limit = draw(days(KINDS[field]))
    found = where(field, lambda it: SIGNS[sign](day(it, ZONE), limit), denied=sign in DENIALS)
    return f"{field} {sign} {text}", found


@st.composite
def days(draw, kind):
    if draw(st.booleans()):
        back = min(draw(BACK), 36_500)
        limit = TODAY - timedelta(min(back, TODAY.toordinal() - 1))
        return draw(
            st.sampled_from([f"current_date - {back}", f"current_date - interval '{back}' day"])
        ), limit
    given = draw(GIVEN[kind])
    return draw(st.sampled_from([f"date '{given}'", f"'{given}'::date", f"'{given}'"])), type(
        TODAY
    ).fromisoformat(given)


@st.composite
def of_spans(draw):
    back, out = draw(BACK), draw(st.booleans())
    first = TODAY - timedelta(min(back, TODAY.toordinal() - 1))
    inside = where("day", lambda it: (first <= it <= TODAY) != out, denied=out)
    return f"day {'not ' * out}between current_date - {back} and current_date", inside


FLAGS = st.sampled_from(
    [
        ("flag", lambda row: row["flag"] is True),
        ("flag is true", lambda row: row["flag"] is True),
        ("flag is not true", lambda row: row["flag"] is not True),
        ("flag is false", lambda row: row["flag"] is False),
        ("flag = false", lambda row: row["flag"] is False),
        ("flag <> false", lambda row: row["flag"] is not False),
        ("flag is not false", lambda row: row["flag"] is not False),
        ("flag is null", lambda row: row["flag"] is None),
        ("text is null", lambda row: is_empty(row["text"])),
        ("floating is not null", lambda row: not is_empty(row["floating"])),
    ]
)


def joined(parts):
    """Conditions joined by and, or and not, as Python joins their answers."""

    def write(sign, every):
        texts = [f"({text})" for text, _found in every]
        ask = {"and": all, "or": any}[sign]
        return f" {sign} ".join(texts), lambda row: ask(found(row) for _text, found in every)

    several = st.lists(parts, min_size=2, max_size=3)
    denied = parts.map(lambda one: (f"not ({one[0]})", lambda row: not one[1](row)))
    return denied | st.tuples(st.sampled_from(["and", "or"]), several).map(
        lambda pair: write(*pair)
    )


def conditions():
    """Texts of SQL, each with a function that says whether a row is found."""
    one = of_texts() | of_lists() | of_patterns() | of_numbers() | of_days() | of_spans() | FLAGS
    return one | st.recursive(one, joined, max_leaves=5)
