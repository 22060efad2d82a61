"""The first steps of a new installation: four cards on the way to the first export."""

from dataclasses import dataclass

import streamlit as st

from core.access import Action, Person, may, may_use
from core.destinations.register import titles
from core.store.tables.connections import ConnectionRow
from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _, many
from pages.overview.facts import Facts
from pages.ui import frame, kit, next_step, samples, try_out
from pages.ui.next_step import Step
from pages.ui.words import plain, when

NAMED = 3  # of each kind, in a step that is done


@dataclass(frozen=True, slots=True)
class Card:
    """One of the steps to the first export as it stands: what is done of it, or what it is."""

    step: Step
    text: str
    done: bool


def cards(person: Person, facts: Facts) -> list[Card]:
    """The steps in order, with what is done of each."""
    text = _("Choose the list and match the fields. Saving never runs an export.")
    return [
        Card(next_step.CONNECT, _connect(person, facts.connections), bool(facts.connections)),
        Card(next_step.SOURCE, _source(facts.sources), bool(facts.sources)),
        Card(next_step.SEGMENT, _segment(facts.segments), bool(facts.segments)),
        Card(next_step.EXPORT, text, bool(facts.exports)),
    ]


def show(person: Person, cards: list[Card]) -> None:
    """The page while one of the steps is left."""
    done = sum(card.done for card in cards)
    counts = [_("None is done yet."), _("One is done."), _("Two are done."), _("Three are done.")]
    with kit.head(
        _("Welcome, {name}").format(name=person.name),
        _("Four steps to the first export.") + " " + counts[done],
    ):
        pass
    with st.container(height=44, border=False):  # it has it before its text comes
        st.progress(done / len(cards), text=_("{n} of {m} steps done").format(n=done, m=len(cards)))
    there = {card.step.table for card in cards if card.done}
    current = next(card for card in cards if not card.done)
    for n, card in enumerate(cards, 1):
        _draw(person, n, card, primary=card is current, waits=not there.issuperset(card.step.needs))
    samples.card(person)


def _draw(person: Person, n: int, card: Card, *, primary: bool, waits: bool) -> None:
    step = card.step
    with st.container(border=True, **kit.ROW, key=f"step-{n}"):
        st.markdown(f"**{n}. {plain(step.title)}**  \n:small[:gray[{card.text}]]", width=480)
        with st.container(width=90):
            kit.badge("done" if card.done else "todo")
        with st.container(horizontal=True, horizontal_alignment="right"):
            if not may(person, step.action):
                return
            if step is next_step.CONNECT and not card.done:
                try_out.button()
            label = _("Open") if card.done else step.button
            kind = "primary" if primary else "secondary"
            waits = waits and not card.done
            if st.button(label, key=f"go-{n}", type=kind, disabled=waits):
                frame.go(step.page) if card.done else step.open()


def _connect(person: Person, rows: list[ConnectionRow]) -> str:
    if not rows:
        text = _("An account at {destinations} and its key, kept encrypted. This sends nothing.")
        return text.format(destinations=titles())
    usable = [row for row in rows if may_use(person, row)]
    text = ", ".join(_connection(person, row) for row in usable[:NAMED])
    return text or _("Done by an administrator of your team.")


def _connection(person: Person, row: ConnectionRow) -> str:
    """Its name; only administrators see to which account it belongs."""
    if may(person, Action.manage_connections):
        return f"{plain(row.name)} ({plain(row.account_name or row.base_url)})"
    return plain(row.name)


def _source(rows: list[SourceRow]) -> str:
    if not rows:
        return _("A file of your profiles: Parquet, CSV, JSON, Excel or Arrow.")
    return ", ".join(_read(row) for row in rows[:NAMED])


def _read(row: SourceRow) -> str:
    """A source's name, and what was found in it when it was read last."""
    if row.rows is None:
        return plain(row.name)
    rows = many("{n} row", "{n} rows", row.rows)
    return f"{plain(row.name)}, {rows}, {_('read')} {when(row.read_at, in_sentence=True)}"


def _segment(rows: list[SegmentRow]) -> str:
    if not rows:
        return _("Choose people by rules over the fields of your source.")
    text = ", ".join(plain(row.name) for row in rows[:NAMED])
    return text + (", …" if len(rows) > NAMED else "")
