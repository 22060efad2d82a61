"""Past runs: what was sent, when, and how it went."""

import streamlit as st

from core.runs import downloads
from core.store import connections, exports, runs, slots
from core.texts import _
from pages.history import chart, detail, figures, filters, lists, people
from pages.runs import people as people_of_run
from pages.ui import download, frame, kit

OF_RUNS = ("statuses", "connection_id", "trigger", "by")  # filters by what only a run has


def all_runs() -> None:
    """All runs, with their filters and chart."""
    with frame.store().begin() as session:
        known = filters.Known(
            exports.everything(session), connections.everything(session), runs.people(session)
        )
        n = runs.how_many(session) or slots.how_many(session)
    head = kit.head(_("History"), _("Each run of an export, with its outcome."))
    if not n:
        with head:
            pass
        text = _("What was sent, when and with what outcome is kept here from the first run on.")
        if kit.empty("history", _("No export has run yet"), text, _("Go to exports")):
            frame.go("exports")
        return
    with head:
        place = st.container()
    wanted = filters.choose(known)
    with place:
        download.button(
            _("Download runs"),
            lambda person: downloads.runs_csv(frame.store(), person, **wanted),
            "runs.csv",
            key="download",
        )
    figures.show(filters.days(), {k: v for k, v in wanted.items() if k != "since"})
    chart.show(**wanted)
    if not any(wanted[name] for name in OF_RUNS):
        lists.not_run(wanted["since"], wanted["export_id"])
    lists.runs(wanted)


person = frame.guard()
if (chosen := frame.query("run")) and (wanted := people_of_run.outcome()):
    people.show(person, chosen, wanted)
elif chosen:
    detail.show(person, chosen)
else:
    all_runs()
