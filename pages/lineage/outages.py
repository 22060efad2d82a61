"""What is out, in sentences: what can't be read or sent, and how much hangs on it."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from core.runs.lineage import Kind, Lineage, Thing, Trouble
from core.texts import _, many
from pages.ui.words import plain

NAMED = 3
OF_EXPORTS = (Trouble.failed, Trouble.held, Trouble.paused, Trouble.detached)  # their own


def show(lineage: Lineage) -> None:
    """A red line for each kind of outage; a gray one for exports that are out on their own."""
    for text in filter(None, (sources(lineage), connections(lineage))):
        st.error(text, icon=":material/error:")
    if text := exports(lineage):
        st.markdown(f":small[:gray[{text}]]")


def sources(lineage: Lineage) -> str | None:
    """`1 source can’t be read: 3 segments and 5 exports depend on it. Shop orders.`"""
    found = [one for one in lineage.things if one.trouble is Trouble.unreadable]
    if not found:
        return None
    text = many("{n} source can’t be read", "{n} sources can’t be read", len(found))
    below = lineage.below([one.key for one in found])
    return _sentence(text, below, (Kind.segment, Kind.export), [one.name for one in found])


def connections(lineage: Lineage) -> str | None:
    """`1 connection doesn’t work: 4 exports and 4 lists depend on it. Shop.`"""
    found = [one for one in lineage.things if one.trouble is Trouble.disconnected]
    names = sorted({one.connection or "" for one in found})
    if not names:
        return None
    text = many("{n} connection doesn’t work", "{n} connections don’t work", len(names))
    below = [*found, *lineage.below([one.key for one in found])]
    return _sentence(text, below, (Kind.export, Kind.list), names)


def exports(lineage: Lineage) -> str | None:
    """`Exports: 2 failed, 1 held. 3 lists wait for them.`"""
    found = [one for one in lineage.things if one.trouble in OF_EXPORTS]
    if not found:
        return None
    counts = Counter(one.trouble for one in found)
    words = {
        Trouble.failed: _("{n} failed"),
        Trouble.held: _("{n} held"),
        Trouble.paused: _("{n} paused"),
        Trouble.detached: _("{n} without a connection"),
    }
    parts = [text.format(n=f"{counts[one]:,}") for one, text in words.items() if counts[one]]
    lists = len(lineage.below([one.key for one in found]))
    waiting = many("{n} list waits for it.", "{n} lists wait for it.", lists)
    if len(found) > 1:
        waiting = many("{n} list waits for them.", "{n} lists wait for them.", lists)
    return f"{_('Exports')}: {', '.join(parts)}. {waiting}"


def _sentence(text: str, below: Sequence[Thing], kinds: tuple[Kind, Kind], names: list[str]) -> str:
    what = _counted(below, kinds)
    if not what:
        return f"{text}. {_named(names)}"
    n = sum(one.kind in kinds for one in below)
    depends = many("{what} depends on it", "{what} depend on it", n, what=what)
    if len(names) > 1:
        depends = many("{what} depends on them", "{what} depend on them", n, what=what)
    return f"{text}: {depends}. {_named(names)}"


def _counted(below: Sequence[Thing], kinds: tuple[Kind, Kind]) -> str:
    """`3 segments and 5 exports`, without those of which there are none."""
    counts = Counter(one.kind for one in below)
    words = {
        Kind.segment: many("{n} segment", "{n} segments", counts[Kind.segment]),
        Kind.export: many("{n} export", "{n} exports", counts[Kind.export]),
        Kind.list: many("{n} list", "{n} lists", counts[Kind.list]),
    }
    parts = [words[kind] for kind in kinds if counts[kind]]
    return _(" and ").join(parts)


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"**{plain(name)}**" for name in names[:NAMED])
    more = len(names) - NAMED
    return shown + (" " + many("and {n} more", "and {n} more", more) if more > 0 else "")
