"""Past runs: what was sent, when, and how it went."""

from datetime import timedelta

import streamlit as st

from core.runs import downloads, history
from core.store import exports, runs, slots
from core.store.tables.exports import ExportRow
from core.store.tables.runs import RunStatus
from core.texts import _, many
from pages.history import detail
from pages.runs.rows import card
from pages.runs.slots import line
from pages.ui import charts, frame, kit
from pages.ui.words import day, now, zone

PERIODS = {
    _("Last 7 days"): 7,
    _("Last 14 days"): 14,
    _("Last 30 days"): 30,
    _("Last 90 days"): 90,
    _("Last year"): 365,
}
PAGE = "history-page"  # key of the list's pages
UNRUN = "unrun-page"  # and of those of the times that did not run
FEW = 5  # of them on a page
ALL = _("All exports")
OUTCOMES = {kit.STATUS[status][0]: status for status in RunStatus}
CHART = {  # outcome of a profile -> its word, and its colour
    "accepted": (_("Accepted"), "add"),
    "refused": (_("Refused"), "leave"),
    "rejected": (_("Rejected"), "rejected"),
    "undelivered": (_("Undelivered"), "unchanged"),
}


def filters(known: list[ExportRow]) -> dict[str, object]:
    """What the reader wants to see; it stands in the address."""
    kept = {"bind": "query-params", "on_change": kit.first_page, "args": (PAGE,)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        period = st.selectbox(_("Period"), list(PERIODS), 1, key="period", width=180, **kept)
        names = [ALL, *(row.name for row in known)]
        export = st.selectbox(_("Export"), names, key="export", width=240, **kept)
        outcomes = st.multiselect(
            _("Outcome"),
            list(OUTCOMES),
            placeholder=_("Any outcome"),
            key="outcome",
            width=320,
            **kept,
        )
    return {
        "since": now() - timedelta(days=PERIODS[period]),
        "export_id": next((row.id for row in known if row.name == export), None),
        "statuses": [OUTCOMES[word] for word in outcomes],
    }


def chart(since, export_id) -> None:
    """Profiles of each day by outcome, and the same numbers as a table."""
    zone_name = getattr(zone(), "key", "UTC")
    rows = history.per_day(frame.store(), since, zone_name, export_id)
    if not any(n for _day, _outcome, n in rows):
        return
    used = {o for _day, o, n in rows if n}
    words = {outcome: told for outcome, told in CHART.items() if outcome in used}
    rows = [row for row in rows if row[1] in used]
    with st.container(border=True, key="chart"):
        kit.section(_("Profiles per day"), zone_name)
        charts.per_day(rows, words, _told(rows))
        with st.expander(_("The same numbers as a table"), type="compact"):
            _numbers(rows, words)


def _told(rows) -> str:
    days = sorted({d for d, _outcome, _n in rows})
    total = sum(n for _day, _outcome, n in rows)
    return _("Profiles per day by outcome, {first} to {last}: {n} in all").format(
        first=day(days[0]), last=day(days[-1]), n=f"{total:,}"
    )


def _numbers(rows, words) -> None:
    by = {(d, outcome): n for d, outcome, n in rows}
    days = sorted({d for d, _outcome in by}, reverse=True)
    heads = [_("Day"), *(word for word, _color in words.values())]
    kit.table(heads, [[day(d), *(by.get((d, o), 0) for o in words)] for d in days])


def listing(wanted: dict[str, object]) -> None:
    """The runs that the filters let through, newest first."""
    with frame.store().begin() as session:
        n = runs.how_many(session, **wanted)
        first, last = kit.paged(n, PAGE)
        found = runs.everything(session, **wanted, limit=last - first, offset=first)
    for run in found:
        card(run)
    if not found:
        kit.empty(
            "search_off", _("No run matches"), _("Choose a longer period, or take filters away.")
        )
    kit.pages(n, PAGE)


def unrun(since, export_id) -> None:
    """Times of schedules that came to no run: skipped, missed, or failed before one."""
    wanted = {"unrun_since": since, "export_id": export_id}
    with frame.store().begin() as session:
        n = slots.how_many(session, **wanted)
        first, last = kit.paged(n, UNRUN, FEW)
        found = slots.everything(session, **wanted, limit=last - first, offset=first)
    if not n:
        return
    with st.container(border=True, gap="small", key="unrun"):
        kit.section(_("Scheduled, but not run"), many("{n} time", "{n} times", n))
        for slot in found:
            line(slot, "unrun")
        kit.pages(n, UNRUN, FEW)


def everything() -> None:
    """All runs, with their filters and chart."""
    with frame.store().begin() as session:
        known = exports.everything(session)
        n = runs.how_many(session) or slots.how_many(session)
    head = kit.head(_("History"), _("Each run of an export has exactly one outcome."))
    if not n:
        with head:
            pass
        text = _("What was sent, when and how it went is kept here, from the first run on.")
        if kit.empty("history", _("No export has run yet"), text, _("Go to exports")):
            frame.go("exports")
        return
    with head:
        place = st.container()
    wanted = filters(known)
    place.download_button(
        _("Download runs"),
        frame.on_download(lambda who: downloads.runs_csv(frame.store(), who, **wanted)),
        "runs.csv",
        "text/csv",
        icon=":material/download:",
        key="download",
        on_click="ignore",
    )
    chart(wanted["since"], wanted["export_id"])
    if not wanted["statuses"]:
        unrun(wanted["since"], wanted["export_id"])
    listing(wanted)


person = frame.guard()
if chosen := st.query_params.get("run"):
    detail.show(person, chosen)
else:
    everything()
