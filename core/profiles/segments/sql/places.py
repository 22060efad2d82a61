"""Where something stands in the text of a condition, and what is refused there."""

import re
from dataclasses import dataclass
from typing import Self

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from core.errors import Invalid
from core.texts import _

# PostgreSQL's keeps nearest to the standard: 'texts' in single quotes, "names" in double ones.
DIALECT = Dialect.get_or_raise("postgres")
SHOWN = 40  # characters of what is named in a sentence


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column of a text, both from 1."""

    line: int
    column: int

    @classmethod
    def at(cls, text: str, offset: int) -> Self:
        """The place of a character, counted from 0."""
        begins = text.rfind("\n", 0, offset) + 1
        return cls(text.count("\n", 0, offset) + 1, offset - begins + 1)

    @classmethod
    def of(cls, text: str, node: exp.Expr) -> Self:
        """Where an expression begins, or what it is part of.

        sqlglot knows it of names, values and functions only.
        """
        starts = [one.meta["start"] for one in node.walk() if "start" in one.meta]
        if not starts and node.parent:
            return cls.of(text, node.parent)
        return cls.at(text, _before_brackets(text, min(starts, default=0), node))

    def __str__(self) -> str:
        return _("Line {line}, column {column}").format(line=self.line, column=self.column)


class Refused(Exception):
    """An expression that a condition can't have, and why; it becomes Invalid with its place."""

    def __init__(self, node: exp.Expr, why: str) -> None:
        super().__init__(why)
        self.node = node


def invalid(why: str, place: Place | None = None) -> Invalid:
    """The error for people."""
    return Invalid(f"{place}: {why}" if place else why)


def _before_brackets(text: str, start: int, node: exp.Expr) -> int:
    """A select or a case begins with its word, which has no place of its own."""
    words = {exp.Subquery: r"\(", exp.Select: "select", exp.Case: "case"}
    if word := words.get(type(node)):
        found = [one.start() for one in re.finditer(word, text[: start + 1], re.IGNORECASE)]
        return found[-1] if found else start
    return start
