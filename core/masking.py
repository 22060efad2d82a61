"""What people who may not see whole addresses see instead, by kind of value, in all places.

Of an email address the first letter and the domain stay, of a phone number the first digits, of
every other value the first letter. What tells nothing of a single person stays as it is: yes or
no, numbers and dates, and texts that several people have in common; `core.profiles.everyday` says
which those are.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Everyday = Mapping[str, bool | list[str]]
"""By column: True where every value may be seen, else the texts that may; no others are in it."""

# It begins where a word begins and gives nothing back: else a long text without @ takes minutes.
_ADDRESS = re.compile(r"(?<![^\s@<>(),;:\"'=])[^\s@<>(),;:\"'=]++@[^\s@<>(),;:\"']+")
# A phone number, or an id: our own sentences part the digits of numbers, and dates have hyphens.
_DIGITS = re.compile(r"\+\d[\d ().\-/]{4,20}\d|(?<![\d,.])\d{6,}(?![\d,])")
# What follows a colon in our sentences is a cell, of which they show little, or a destination's
# words; these have quotes of their own.
_CELL = re.compile(r"(?<=: )(?<!says: )“([^”]{0,300})”")
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.+Z-]*)?")
_INNER = re.compile(r"(?<!\w)(['\"`])((?:(?!\1).)+)\1(?!\w)")


def mask(value: str) -> str:
    """The address as `i•••@example.lv`; what is none keeps its first letter at most."""
    name, at, domain = value.partition("@")
    first = name[: 3 if name.startswith("+") else 1]
    return f"{first}•••" + ("" if "@" in domain else at + domain)


def masked(value: Any) -> Any:
    """The value with each address in its texts masked, however deep they lie in it."""
    if isinstance(value, str):
        return _ADDRESS.sub(lambda found: mask(found.group()), value)
    if isinstance(value, dict):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(inner) for inner in value]
    return value


def sentence(text: str) -> str:
    """A sentence of ours for those who see no values: addresses, digits and cells masked in it.

    Of a destination's words what is in quotes is masked, and the rest stays.
    """
    shown = _INNER.sub(lambda found: f"{found[1]}{mask(found[2])}{found[1]}", text)
    shown = _CELL.sub(lambda found: f"“{mask(found[1])}”", str(masked(shown)))
    return _DIGITS.sub(lambda found: mask(found.group()), shown)


@dataclass(frozen=True, slots=True)
class Masks:
    """What of a source's columns is seen as it is: `everyday`, but for `personal` columns."""

    everyday: Everyday
    personal: Collection[str] = field(default_factory=frozenset)

    def value(self, column: str, value: Any) -> Any:
        """A cell as it is seen; each of a list by itself."""
        if isinstance(value, dict):
            return {key: self.value(column, inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(column, one) for one in value]
        if value is None or value == "" or self._is_everyday(column, value):
            return value
        return mask(str(value))

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by its columns, as it is seen."""
        return {name: self.value(name, value) for name, value in row.items()}

    def hides(self, column: str) -> bool:
        """Whether no value of the column is seen."""
        return column in self.personal or not self.everyday.get(column)

    def _is_everyday(self, column: str, value: Any) -> bool:
        if column in self.personal:
            return False
        known = self.everyday.get(column, False)
        if isinstance(known, bool):
            # Of numbers and dates a text is a date, or what somebody wrote in place of one.
            return known and (not isinstance(value, str) or bool(_DATE.fullmatch(value)))
        return value in known
