"""Who of a run was not exported: how many for which reason, and what the destination says."""

import streamlit as st

from core.access import Action, Person, may
from core.runs import downloads, reasons, refusals
from core.store import removed
from core.store.tables.runs import Run
from core.texts import _
from pages.runs import standing
from pages.runs.rows import part_of
from pages.ui import download, frame, kit
from pages.ui.words import plain


def show(person: Person, run: Run) -> None:
    """The card of them; nothing where everybody was, and nothing was left out."""
    counts, there = reasons.reason_counts(run), run.order.capabilities
    total = sum(counts.values())
    if not total and not run.warnings:
        return
    with st.container(border=True, key="rejects"):
        kit.section(_("Not exported: {n}").format(n=f"{total:,}"), part_of(run))
        if total:
            heads = [_("Reason"), _("Profiles"), _("What to do")]
            lines = [
                [standing.reason(k, there), n, standing.remedy(k, there)] for k, n in counts.items()
            ]
            kit.table(heads, lines)
        _refusals(run)
        for kind, n in run.warnings.items():
            standing.warn(kind, n)
        if gone := removed.rejects(run):
            st.markdown(f":small[:gray[:material/auto_delete: {plain(gone)}]]")
        elif total and may(person, Action.see_addresses):
            download.button(
                _("Download profiles not exported (CSV)"),
                lambda who: downloads.rejects_csv(frame.store(), who, run),
                f"run-{run.id}-rejects.csv",
                key="download",
            )


def _refusals(run: Run) -> None:
    """What the destination says of those it refused, people with the same words together."""
    found = refusals.of([run])
    if not found:
        return
    standing.say_new_refusals([run])
    title = run.order.capabilities.title
    heads = [_("{destination} says").format(destination=title), _("Profiles")]
    kit.table(heads, [[plain(frame.readable(one.why)), one.n] for one in found])
