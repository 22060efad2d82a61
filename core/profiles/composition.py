"""A regular expression that finds texts whose letters aren't composed (NFC).

For databases that can't compose them: what it finds they would compare otherwise than the rest.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache

Number = Callable[[int], str]  # how a character is written by its number
LEADING, VOWELS, TRAILING = range(0x1100, 0x1113), range(0x1161, 0x1176), range(0x11A8, 0x11C3)
SYLLABLES = range(0xAC00, 0xD7A4)


@cache
def uncomposed(number: Number) -> str:
    """For an engine that looks for what stands in brackets character by character."""
    parts = [f"[{_listed(_replaced(), number)}]"]
    parts += _pairs(number)
    parts += _disordered(sorted(_marks()), number)
    parts.append(f"[{_listed(LEADING, number)}][{_listed(VOWELS, number)}]")
    open_syllables = SYLLABLES[:: len(TRAILING) + 1]
    parts.append(f"[{_listed(open_syllables, number)}][{_listed(TRAILING, number)}]")
    return "|".join(parts)


@cache
def suspects(number: Number) -> str:
    """The characters without which a text is composed, as they stand in brackets."""
    numbers = {*_replaced(), *VOWELS, *TRAILING, *(b for _a, b in _compositions())}
    return _listed(numbers.union(*_marks().values()), number)


def _replaced() -> list[int]:
    """Characters that are others when composed."""
    return [n for n in _every() if not unicodedata.is_normalized("NFC", chr(n))]


def _pairs(number: Number) -> Iterable[str]:
    """Characters that a mark changes, with other marks between that don't keep them apart."""
    marks, seconds = _marks(), sorted({b for _a, b in _compositions()})
    firsts = {a for a, _b in _compositions()} | set(_composed())
    for second in seconds:
        changed = [n for n in firsts if not _is_composed(chr(n) + chr(second))]
        below = range(1, unicodedata.combining(chr(second)))
        between = [n for k in below for n in marks.get(k, ())]
        some = f"[{_listed(between, number)}]*" if between else ""
        if changed:
            yield f"[{_listed(changed, number)}]{some}{number(second)}"


def _disordered(classes: Sequence[int], number: Number) -> Iterable[str]:
    """Marks that stand before others of a lower class: half of the classes, half of each half."""
    if len(classes) < 2:
        return
    low, high = classes[: len(classes) // 2], classes[len(classes) // 2 :]
    first, then = ([n for k in half for n in _marks()[k]] for half in (high, low))
    yield f"[{_listed(first, number)}][{_listed(then, number)}]"
    yield from _disordered(low, number)
    yield from _disordered(high, number)


@cache
def _marks() -> dict[int, list[int]]:
    """Characters that combine with one before them, by their class."""
    found = defaultdict(list)
    for n in _every():
        if (of := unicodedata.combining(chr(n))) and _is_composed(chr(n)):
            found[of].append(n)
    return dict(found)


@cache
def _compositions() -> set[tuple[int, int]]:
    """Pairs of characters that become one."""
    pairs = set()
    for n in _composed():
        parts = unicodedata.decomposition(chr(n)).split()
        if len(parts) == 2:
            pairs.add((int(parts[0], 16), int(parts[1], 16)))
    return pairs


@cache
def _composed() -> list[int]:
    """Characters that stay as they are, and are made of others; syllables of Korean aside."""
    return [
        n
        for n in _every()
        if unicodedata.decomposition(chr(n))[:1] not in ("", "<") and _is_composed(chr(n))
    ]


def _every() -> range:
    return range(0x80, 0x32000)  # no letter beyond is made of others, or is a mark


def _is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


def _listed(numbers: Iterable[int], number: Number) -> str:
    """As they stand in brackets, those that follow each other as first and last."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return "".join(number(a) if a == b else f"{number(a)}-{number(b)}" for a, b in runs)
