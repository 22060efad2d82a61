"""A table of what differs between a form as it was opened, what is saved now, and what it holds."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from core.texts import _
from pages.ui import kit
from pages.ui.words import plain

Words = Mapping[str, Callable[[Any], str]]  # by field: how its value reads
LONGEST = 300  # letters of a value
Data = Mapping[str, Any]


def show(labels: Mapping[str, str], words: Words, base: Data, now: Data, mine: Data) -> None:
    """A row for each field of `mine` in which somebody's differs from what is saved now."""
    rows = [
        [plain(_label(labels, path)), *(plain(_text(words, path, one)) for one in values)]
        for path, values in _differing(base, now, mine, words)
    ]
    columns = [_("Field"), _("When you opened it"), _("Saved now"), _("Yours")]
    kit.table(columns, rows, _("What differs"))


def show_change(labels: Mapping[str, str], words: Words, now: Data, proposed: Data) -> None:
    """A row for each field in which what is proposed differs from what is saved now."""
    rows = [
        [plain(_label(labels, path)), *(plain(_text(words, path, one)) for one in values[1:])]
        for path, values in _differing(now, now, proposed, words)
    ]
    kit.table([_("Field"), _("Now"), _("Proposed")], rows, _("What would change"))


def _differing(
    base: Data, now: Data, mine: Data, whole: Collection[str]
) -> Iterator[tuple[str, list[Any]]]:
    parts = [{name: one.get(name) for name in mine} for one in (base, now, mine)]
    every = [dict(_flat(part, whole)) for part in parts]
    for path in dict.fromkeys(path for one in every for path in one):
        values = [one.get(path) for one in every]
        if values[1] != values[2]:
            yield path, values


def _flat(data: Data, whole: Collection[str], before: str = "") -> Iterator[tuple[str, Any]]:
    """The values within values, by paths such as match.email; those of `whole` stay as they are."""
    for name, value in data.items():
        if isinstance(value, dict) and f"{before}{name}" not in whole:
            yield from _flat(value, whole, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _label(labels: Mapping[str, str], path: str) -> str:
    """Of a value that has no label of its own, that of what it lies in, and its name there."""
    if path in labels:
        return labels[path]
    field, _dot, rest = path.partition(".")
    return f"{labels.get(field, field)}: {rest}" if rest else field


def _text(words: Words, path: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return "—"
    if path in words:
        return words[path](value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))[:LONGEST]
    return (f"{value:,}" if isinstance(value, int) else str(value))[:LONGEST]
