"""The way to the people of a run by what became of them: a link, and what an address asks for."""

from collections.abc import Sequence

import streamlit as st

from core.runs import history
from core.runs.people import LEFT_OUT, Outcome
from core.store import removed
from core.store.tables.runs import Run
from core.texts import _
from pages.ui import frame

ASKED = "people"  # in the address


def links(parts: Sequence[Run]) -> None:
    """Leads to the people of each outcome that somebody has, in all parts of a run together."""
    sums = history.totals(parts)
    added, updated = (sum(getattr(part, name) for part in parts) for name in ("added", "updated"))
    if not sums.accepted:
        added = updated = 0
    # They are of the plan: where not all of it arrived, nobody has counted those who did.
    all_arrived = sums.accepted >= added + updated
    found = (
        (Outcome.rejected, sums.rejected, _("{n} rejected")),
        (Outcome.new, added, _("{n} new") if all_arrived else _("New")),
        (Outcome.changed, updated, _("{n} changed") if all_arrived else _("Changed")),
        (Outcome.same, sums.unchanged, _("{n} same")),
        (Outcome.refused, sums.refused + sums.missing, _("{n} refused")),
        (Outcome.undelivered, _undelivered(parts), _("{n} undelivered")),
    )
    gone = removed.rejects(parts[0])
    for outcome, n, words in found:
        if n and not (gone and outcome in LEFT_OUT):
            _link(parts[0], outcome, words.format(n=f"{n:,}"))


def _undelivered(parts: Sequence[Run]) -> int:
    """How many a retry sends; those that are provably not on the list count as refused here."""
    sums = history.totals(part for part in parts if part.batches)
    return sums.undelivered - sums.missing + sums.not_sent


def _link(run: Run, wanted: Outcome, label: str) -> None:
    st.page_link(
        frame.file_of("history"),
        label=label,
        icon=":material/group:",
        query_params={"run": str(run.id), ASKED: str(wanted)},
    )


def outcome() -> Outcome | None:
    """The outcome that the address asks for."""
    asked = frame.query(ASKED)
    return Outcome(asked) if asked in list(Outcome) else None
