"""The figures of the overview: who is needed, what runs next, people on lists, the week's runs."""

import streamlit as st

from core.runs import history
from core.runs.history import Week
from core.store.reach import Reach
from core.texts import _, many
from pages.overview.facts import Facts
from pages.ui import figures, frame
from pages.ui.words import brief, now, plain

DAYS = 7


def show(facts: Facts, waiting: int, broken: int) -> None:
    """The figures; `waiting` exports and `broken` connections need somebody."""
    with st.grid(4, min_column_width=150, gap="small", key="figures"):
        _attention(waiting, broken)
        _next(facts)
        _reach(facts.reach)
        week = history.figures(frame.store(), DAYS)
        _runs(week.runs, week.troubled)


def _attention(waiting: int, broken: int) -> None:
    words = [many("{n} export", "{n} exports", waiting)] if waiting else []
    words += [many("{n} connection", "{n} connections", broken)] if broken else []
    text = ", ".join(words) or _("all clear")
    figures.draw(_("Needs attention"), f"{waiting + broken:,}", words=text)


def _next(facts: Facts) -> None:
    """The next run by a schedule, and how many more there are today."""
    label = _("Next run")
    if not facts.coming:
        figures.draw(label, "—", words=_("nothing is scheduled"))
        return
    at, name = facts.coming[0]
    today = sum(one.astimezone(now().tzinfo).date() == now().date() for one, _n in facts.coming)
    text = plain(name) + (_(" · {n} today").format(n=f"{today:,}") if today > 1 else "")
    figures.draw(label, brief(at), words=text)


def _reach(reach: Reach) -> None:
    """People on the lists of the exports, over two weeks."""
    value = "—" if reach.people is None else f"{reach.people:,}"
    change = f"{reach.change:,}" if reach.change else None
    words = (
        many("on {n} list", "on {n} lists", reach.lists) if reach.lists else _("not counted yet")
    )
    figures.draw(_("On the lists"), value, change, words=words, days=reach.days)


def _runs(runs: Week, troubled: Week) -> None:
    """How many ended, and how many failed or were held."""
    n = int(troubled.total or 0)
    words = many("{n} failed or held", "{n} failed or held", n) if n else _("no trouble")
    value = "—" if runs.total is None else f"{runs.total:,.0f}"
    figures.draw(_("Runs, {n} days").format(n=DAYS), value, words=words, days=runs.days)
