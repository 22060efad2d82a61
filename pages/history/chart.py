"""Profiles of each day by outcome, as a chart and as a table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from core.runs import history
from core.store import run_figures
from core.texts import _
from pages.history import bars, lines, list_sizes
from pages.ui import frame, kit
from pages.ui.words import day, now, zone

OUTCOMES = {  # of a profile -> its word, and its colour
    "accepted": (_("Accepted"), "add"),
    "refused": (_("Refused"), "leave"),
    "rejected": (_("Rejected"), "rejected"),
    "undelivered": (_("Undelivered"), "unchanged"),
    "not_sent": (_("Not sent"), "update"),
}
Rows = Sequence[tuple[date, str, int]]  # day, outcome, profiles
Words = Mapping[str, tuple[str, str]]
SHOWS = {  # what the chart shows, by its place in the address
    "profiles": _("Profiles"),
    "list": _("List size"),
    "duration": _("Duration"),
    "rejected": _("Share rejected"),
}


def show(since: datetime, **filters: Any) -> None:
    """The card, of the runs that the filters let through; nothing where none has ended."""
    zone_name = getattr(zone(), "key", "UTC")
    found = history.per_day(frame.store(), since, zone_name, **filters)
    if not any(one.runs for one in found):
        return
    first = min(since.astimezone(zone()).date(), found[0].day)
    days = [first + timedelta(days=n) for n in range((now().date() - first).days + 1)]
    with st.container(border=True, gap="small", key="chart"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(_("Day by day"), anchor=False, width="content")
            what = _what()
        if what == "profiles":
            _profiles([(d.day, o, n) for d in found for o, n in d.outcomes.items()], days)
        elif what == "list":
            _list(since, filters.get("export_id"), filters.get("connection_id"))
        elif what == "duration":
            took = history.median_seconds(frame.store(), since, zone_name, **filters)
            points = [(one, took.get(one)) for one in days]
            lines.draw(points, lines.SECONDS, _("Median duration by day"))
        else:
            lines.draw(lines.rejected(found, days), lines.SHARE, _("Share rejected by day"))


def _what() -> str:
    """What the reader wants to see of each day; it stands in the address."""
    words = {word: key for key, word in SHOWS.items()}
    picked = st.segmented_control(
        _("Chart"),
        list(words),
        default=next(iter(words)),
        required=True,
        label_visibility="collapsed",
        key="chart-of",
        width="content",
        bind="query-params",
    )
    return words.get(picked or "", "profiles")


def _list(since: datetime, export_id: int | None, connection_id: int | None) -> None:
    if export_id is None:
        list_sizes.show(since, connection_id)
        return
    with frame.store().begin() as session:
        sizes = run_figures.list_sizes(session, since, export_id)
    if not sizes:
        st.markdown(f":gray[{_('The list has not been counted in this time.')}]")
        return
    lines.draw(sizes, lines.NUMBER, _("Profiles on the list after each run"))


def _profiles(rows: Rows, days: Sequence[date]) -> None:
    used = {outcome for _day, outcome, n in rows if n}
    words = {outcome: word for outcome, word in OUTCOMES.items() if outcome in used}
    rows = [row for row in rows if row[1] in used]
    if not rows:
        st.markdown(f":gray[{_('No profile was sent or rejected in this time.')}]")
        return
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
