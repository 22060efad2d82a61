"""One run as a row: its export, when, how it ended, its numbers, and what needs attention."""

from collections.abc import Sequence

import streamlit as st

from core.configuration.calendar import by_schedule
from core.runs import history
from core.store.tables.runs import Run
from core.texts import _, many
from pages.runs import standing
from pages.ui import frame, kit
from pages.ui.words import plain, took, when

WIDE = 548  # pixels for the numbers and the button


def card(run: Run, parts: Sequence[Run] = (), again: Run | None = None) -> None:
    """A row of its own, with the sentence that it may need; all parts of a split stand as one.

    `again` is the run that retried it.
    """
    with st.container(border=True, gap="small", key=f"run-{run.id}"):
        line(run, run.export, parts, again)
        state = standing.of_run(parts or [run])
        if state.needs and state.note and again is None:
            icon, color = kit.STATUS[state.status][1:]
            st.markdown(f":small[:{color}[:material/{icon}:] {state.note}]")


def line(run: Run, name: str, parts: Sequence[Run] = (), again: Run | None = None) -> None:
    """A row within a card, under a name (plain); `parts` are those that stand as one with it."""
    parts = parts or [run]
    with st.container(**kit.ROW, gap="xsmall", key=f"run-line-{run.id}"):
        kit.named(name, _origin(run, parts, again), 300)
        with st.container(width=112):
            state = standing.of_run(parts)
            kit.badge(state.status, state.word)
        # So wide that it stands on a line of its own on a phone, whole.
        with st.container(**kit.ROW, gap="xsmall", wrap=False, width=WIDE):
            _numbers(parts)
            with st.container(horizontal=True, horizontal_alignment="right"):
                if st.button(_("Details"), key=f"details-{run.id}"):
                    frame.go("history", run=run.id)


def started_by(run: Run) -> str:
    """Who started the run: a person's name, which schedule, the interface, or the demo."""
    if run.sample:
        return _("the demo (sample)")
    if run.trigger == "schedule":
        return plain(by_schedule(run.order.export.schedule))
    return _("the interface") if run.trigger == "api" else plain(run.by)


def counting(run: Run, n: int) -> str:
    """That a cancelled run has left so many profiles with its destination."""
    return _("Cancelled, {n} already with {destination}, being counted.").format(
        n=f"{n:,}", destination=run.order.capabilities.title
    )


def recording(run: Run) -> str:
    """That a cancelled run's deliveries aren't in the ledger yet."""
    return _(
        "What arrived before the run was cancelled is being recorded. The next run to this "
        "{destination} account starts after that."
    ).format(destination=run.order.capabilities.title)


def part_of(run: Run) -> str | None:
    """Which part of a split it is; None where it is whole."""
    return _("part {n} of {m}").format(n=run.part, m=run.parts) if run.parts > 1 else None


def _origin(run: Run, parts: Sequence[Run], again: Run | None) -> str:
    part = part_of(run)
    if len(parts) > 1:
        part = _("in {n} parts").format(n=len(parts))
    retried = _("retry of run {n}").format(n=run.retry_of) if run.retry_of else None
    took_over = history.of_retry(again) if again else None
    known = (when(run.created_at), started_by(run), part, retried, took_over)
    text = " · ".join(one for one in known if one)
    return text if again else text + _left(run, parts)


def _left(run: Run, parts: Sequence[Run]) -> str:
    """How many did not arrive so far, as more of that line."""
    sums = history.totals(parts)
    left = [
        many(" · {n} undelivered", " · {n} undelivered", sums.undelivered),
        many(" · {n} not sent", " · {n} not sent", sums.not_sent),
        many(" · {n} being counted", " · {n} being counted", sums.counting),
    ]
    shown = (sums.undelivered, sums.not_sent if run.finished_at and run.batches else 0)
    lost = "".join(text for text, n in zip(left, (*shown, sums.counting), strict=True) if n)
    return f":orange[{lost}]" if lost else ""


def _numbers(parts: Sequence[Run]) -> None:
    sums = history.totals(parts)
    rejected = sums.rejected + sums.refused
    took_all = sum(history.seconds(part) or 0.0 for part in parts)
    length = took(took_all) if all(part.finished_at for part in parts) else "…"
    kit.number(sums.accepted or "—", _("accepted"), 74)
    kit.number(rejected or "—", _("rejected"), 64)
    kit.number(length, _("took"), 84)
