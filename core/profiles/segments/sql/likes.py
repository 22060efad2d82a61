"""The patterns of LIKE as operators of rules, and texts of rules as such patterns."""

import re
from collections.abc import Iterator

from core.profiles.segments.operators import Op
from core.texts import _

MANY, ONE = "%", "_"
MOST_WITHIN = 3  # “%” between texts: each one more takes a search that much longer
Part = tuple[str, str]  # whether it is “%”, “_” or a text (""), and that text


def comparison(pattern: str, escape: str = "\\", *, any_case: bool = False) -> tuple[Op, str]:
    """The operator that a pattern stands for, and its text. Raises ValueError, with a sentence."""
    parts = list(_joined(_parts(pattern, escape)))
    if not parts:
        raise ValueError(_("An empty pattern finds nobody: write column is null."))
    kinds = "".join(kind or "t" for kind, _text in parts)
    if kinds == MANY:
        return Op.is_not_empty, ""
    text = "".join(text for _kind, text in parts)
    if kinds in _SIMPLE and not any_case:
        return _SIMPLE[kinds], text
    return Op.matches, _pattern(parts, any_case=any_case)


def pattern(op: Op, text: str) -> str:
    """The pattern of an operator that has one, with “\\” before what LIKE takes for more."""
    kinds = next(kinds for kinds, known in _SIMPLE.items() if known is op)
    return kinds.replace("t", re.sub(r"([\\%_])", r"\\\1", text))


_SIMPLE = {
    "t": Op.equals,
    "t%": Op.starts_with,
    "%t": Op.ends_with,
    "%t%": Op.contains,
}


def _parts(pattern: str, escape: str) -> Iterator[Part]:
    letters = iter(pattern)
    for letter in letters:
        if letter == escape:
            following = next(letters, "")
            if following not in (escape, MANY, ONE):
                why = _("In a pattern “{escape}” stands before “%”, “_” or itself.")
                raise ValueError(why.format(escape=escape))
            yield "", following
        elif letter in (MANY, ONE):
            yield letter, ""
        else:
            yield "", letter


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Letters as one text, and “%” beside “%” once."""
    text, last = "", ""
    for kind, letter in parts:
        if kind and text:
            yield "", text
            text = ""
        if kind and not kind == last == MANY:
            yield kind, ""
        text, last = text + letter, kind
    if text:
        yield "", text


def _pattern(parts: list[Part], *, any_case: bool) -> str:
    """The same as a regular expression."""
    kinds = [kind for kind, _text in parts]
    if kinds[1:-1].count(MANY) > MOST_WITHIN:
        why = _("A pattern has at most {n} “%” between its texts: write several joined by and.")
        raise ValueError(why.format(n=MOST_WITHIN))
    begins, ends = kinds[0] == MANY, kinds[-1] == MANY
    within = parts[begins : len(parts) - ends]
    texts = "".join(_WITHIN.get(kind) or _escaped(text) for kind, text in within)
    flags = "(?is)" if any_case else "(?s)"
    return flags + ("" if begins else "^") + texts + ("" if ends else "$")


_WITHIN = {MANY: ".*", ONE: "."}


def _escaped(text: str) -> str:
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)
