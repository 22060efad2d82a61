"""Filters of several conditions, such as `equals(status,"Draft"),less-than(updated_at,…)`.

Conditions stand side by side or within `and(…)`, and all of them have to hold (Klaviyo's
documentation, “Filtering”).
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.sandbox.jsonapi import Refused, bad_request

CONDITION = re.compile(r"(?P<op>[a-z-]+)\((?P<field>[\w.]+),(?P<value>.*)\)", re.DOTALL)
WRAPPED = re.compile(r"and\((?P<inside>.*)\)", re.DOTALL)
ORDERED = ("greater-or-equal", "greater-than", "less-or-equal", "less-than")
HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": lambda found, wanted: bool(found == wanted),
    "any": lambda found, wanted: found in wanted,
    "contains": lambda found, wanted: wanted.lower() in found.lower(),
    "greater-or-equal": lambda found, wanted: bool(found >= wanted),
    "greater-than": lambda found, wanted: bool(found > wanted),
    "less-or-equal": lambda found, wanted: bool(found <= wanted),
    "less-than": lambda found, wanted: bool(found < wanted),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; the value is a text, a truth, a time in seconds or a list of texts."""

    op: str
    field: str
    value: Any

    def holds(self, found: Any) -> bool:
        """Whether a resource with this value in the field meets it; nothing never does."""
        return found is not None and HOLDS[self.op](found, self.value)


def conditions_of(
    query: Mapping[str, str], allowed: Mapping[str, Sequence[str]]
) -> list[Condition]:
    """The conditions of the filter; `allowed` names the operators of each field. Refused (400)."""
    text = query.get("filter", "").strip()
    whole = WRAPPED.fullmatch(text)
    parts = _split(whole["inside"] if whole else text)
    return [_condition(part.strip(), allowed) for part in parts if part.strip()]


def _split(text: str) -> Iterator[str]:
    """At the commas outside of brackets and quotes."""
    depth, quote, start = 0, "", 0
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "," and not depth:
            yield text[start:place]
            start = place + 1
        depth += 0 if quote else (letter in "([") - (letter in ")]")
    yield text[start:]


def _condition(text: str, allowed: Mapping[str, Sequence[str]]) -> Condition:
    match = CONDITION.fullmatch(text)
    if match is None:
        raise _refused(f"Invalid filter provided: {text}")
    op, field = match["op"], match["field"]
    if op not in allowed.get(field, ()):
        raise _refused(f"Filter {op}({field}) is not allowed here.")
    return Condition(op, field, _value(op, match["value"].strip()))


def _value(op: str, text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    try:
        return datetime.fromisoformat(text).timestamp() if op in ORDERED else _literal(op, text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise _refused(f"Invalid filter value: {text}") from None


def _literal(op: str, text: str) -> Any:
    value = ast.literal_eval(text)
    values = value if op == "any" else [value]
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ValueError(text)
    return value


def _refused(detail: str) -> Refused:
    return bad_request(detail, parameter="filter")
