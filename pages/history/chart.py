"""Profiles of each day by outcome, as a chart and as a table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from core.runs import history
from core.texts import _
from pages.history import bars
from pages.ui import frame, kit
from pages.ui.words import day, now, plain, zone

OUTCOMES = {  # of a profile -> its word, and its colour
    "accepted": (_("Accepted"), "add"),
    "refused": (_("Refused"), "leave"),
    "rejected": (_("Rejected"), "rejected"),
    "undelivered": (_("Undelivered"), "unchanged"),
    "not_sent": (_("Not sent"), "update"),
}
Rows = Sequence[tuple[date, str, int]]  # day, outcome, profiles
Words = Mapping[str, tuple[str, str]]


def show(since: datetime, **filters: Any) -> None:
    """The card, of the runs that the filters let through; nothing where nobody has an outcome."""
    zone_name = getattr(zone(), "key", "UTC")
    rows = history.per_day(frame.store(), since, zone_name, **filters)
    used = {outcome for _day, outcome, n in rows if n}
    if not used:
        return
    words = {outcome: word for outcome, word in OUTCOMES.items() if outcome in used}
    rows = [row for row in rows if row[1] in used]
    first = min(since.astimezone(zone()).date(), rows[0][0])
    days = [first + timedelta(days=n) for n in range((now().date() - first).days + 1)]
    with st.container(border=True, gap="small", key="chart"):
        kit.section(_("Profiles per day"), plain(zone_name))
        bars.draw(rows, words, days, _in_words(rows))
        with st.expander(_("The same numbers as a table"), type="compact"):
            _table(rows, words)


def _in_words(rows: Rows) -> str:
    days = sorted({d for d, _outcome, _n in rows})
    total = sum(n for _day, _outcome, n in rows)
    return _("Profiles per day by outcome, {first} to {last}: {n} in all").format(
        first=day(days[0]), last=day(days[-1]), n=f"{total:,}"
    )


def _table(rows: Rows, words: Words) -> None:
    numbers = {(d, outcome): n for d, outcome, n in rows}
    days = sorted({d for d, _outcome in numbers}, reverse=True)
    heads = [_("Day"), *(word for word, _color in words.values())]
    kit.table(heads, [[day(d), *(numbers.get((d, o), 0) for o in words)] for d in days])
