"""What a run of an export would do: members, plan, rejects and the first profiles."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from core.destinations.capabilities import Capabilities
from core.layout import IN_PROPERTIES
from core.masking import masked
from core.preview.plan import Preview, Room, plan_csv
from core.profiles.freshness import Freshness
from core.profiles.matching.fields import FIELDS
from core.texts import _, many
from pages.preview import charts
from pages.runs import freshness, standing
from pages.runs.cached import CachedPreview
from pages.ui import download, frame, kit
from pages.ui.words import dated, plain, took, when

ICONS = {
    "add": ":green[:material/person_add:]",
    "update": ":blue[:material/sync:]",
    "unchanged": ":gray[:material/check:]",
    "leave": ":orange[:material/person_remove:]",
    "rejected": ":red[:material/block:]",
}
WORDS = {  # what happens -> its name, and what it means
    "add": (_("Add"), _("join the list")),
    "update": (_("Update"), _("profile changes")),
    "unchanged": (_("Unchanged"), _("not sent again")),
    "leave": (_("Leave"), _("taken off the list")),
    "rejected": (_("Rejected"), _("not sent")),
}
COLUMNS = 7  # of the sample
NEAR = 0.6  # of the limit, from where on it is drawn


def show(cached: CachedPreview, whole: bool, export_id: int) -> None:
    """The cards of a preview; `whole`: its reader may see email addresses whole."""
    found = cached.preview
    most = cached.order.export.guards.age
    _members(found, when(cached.at, in_sentence=True), most)
    _plan(cached)
    if whole:
        _people(found, export_id)
    if found.rejected or found.warnings:
        _rejects(found, cached.order.capabilities)
    _sample(found, whole, cached.order.capabilities)


def _members(found: Preview, at: str, most: float) -> None:
    """The members; with the age of the data that they were counted in, `most` hours allowed."""
    with st.container(border=True, key="members"):
        kit.section(_("Members"), _("Counted {when}").format(when=at))
        if found.freshness:
            data = Freshness.read(found.freshness)
            said = " ".join([freshness.words(data, most) + ".", *freshness.warnings(data, most)])
            st.markdown(f":small[:gray[{_('Data')}: {said}]]")
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            text = many(
                "**{n}** profile, limit {limit}",
                "**{n}** profiles, limit {limit}",
                found.valid,
                limit=f"{found.limit:,}",
            )
            st.markdown(text, width="content")
            st.markdown(_spare(found), width="content")
        if found.valid > found.limit * NEAR:
            charts.limit_bar(found.valid, found.limit)
        rows: list[list[object]] = [[plain(name), n] for name, n in found.segments.items()]
        if len(rows) > 1:
            rows.append([_("**In all**, each profile once"), found.members])
        if found.members != found.valid:
            rows.append([_("of them **can be sent**"), found.valid])
        kit.table([_("Segment"), _("Members")], rows)


def _spare(found: Preview) -> str:
    if found.over:
        over = _("{n} over the limit").format(n=f"{found.over:,}")
        return f":red[:material/block: {over}]"
    spare = _("{n} below the limit").format(n=f"{found.limit - found.valid:,}")
    return f":gray[{spare}]"


def _plan(cached: CachedPreview) -> None:
    found, there = cached.preview, cached.order.capabilities
    numbers = {
        "add": cached.join,
        "update": cached.change,
        "unchanged": found.unchanged,
        "leave": found.leave,
        "rejected": sum(found.rejected.values()),
    }
    shown = {k: n for k, n in numbers.items() if n or k == "rejected"}
    with st.container(border=True, key="plan"):
        kit.section(_("Plan"), _cost(found))
        charts.plan_strip({k: (WORDS[k][0], n) for k, n in shown.items()})
        with st.grid(5, min_column_width=130, gap="small", key="plan-figures"):
            for what, n in shown.items():
                word, means = WORDS[what]
                st.metric(f"{ICONS[what]} {word}", f"{n:,}", delta_description=means)
        if found.changed_address:
            text = many(
                "**{n} person** to be updated has a new address.",
                "**{n} people** to be updated have a new address.",
                found.changed_address,
            )
            st.markdown(f":material/alternate_email: {text}")
        if found.clear:
            text = many(
                "Of **{n} profile** fields are cleared in {destination}.",
                "Of **{n} profiles** fields are cleared in {destination}.",
                found.clear,
                destination=there.title,
            )
            st.markdown(f":material/backspace: {text}")
        if found.billing:
            st.markdown(room(found.billing, there.title))


def room(billing: Room, destination: str) -> str:
    """How the plan would stand after the run, as a line of markdown."""
    words = billing_words(billing, destination)
    if billing.over:
        return f":orange[:material/warning:] {words}"
    return f":small[:gray[:material/payments: {words}]]"


def billing_words(billing: Room, destination: str) -> str:
    """`Up to 300 new, up to 100 over the plan (4,900 of 5,000 …, read from there on 28 Nov)`."""
    up_to = _("Up to {n} new").format(n=f"{billing.new:,}")
    left = _("{n} fit in the plan").format(n=f"{max(0, billing.room):,}")
    if billing.over:
        left = _("up to {n} over the plan").format(n=f"{billing.over:,}")
    day = dated(datetime.fromisoformat(billing.at))
    source = _("typed in on {day}").format(day=day)
    if billing.read:
        text = _("read from {destination} on {day}")
        source = text.format(destination=destination, day=day)
    used = _("{active} of {plan} active profiles").format(
        active=f"{billing.active:,}", plan=f"{billing.plan:,}"
    )
    return f"{up_to}, {left} ({used}, {source})."


def _cost(found: Preview) -> str:
    batches = many("{n} batch", "{n} batches", found.jobs)
    requests = many("{n} request", "{n} requests", found.requests)
    about = _("about {time}").format(time=took(found.seconds))
    return f"{batches} · {requests} · {about}"


def _people(found: Preview, export_id: int) -> None:
    """What becomes of each person, to take along; made on the click."""
    download.button(
        _("Download the plan (CSV)"),
        lambda who: plan_csv(frame.store(), who, export_id),
        f"plan-{export_id}.csv",
        key="plan-csv",
        disabled=not found.valid,
    )


def _rejects(found: Preview, there: Capabilities) -> None:
    total = sum(found.rejected.values())
    with st.container(border=True, key="rejects"):
        kit.section(_("Rejected: {n}").format(n=f"{total:,}"))
        if total:
            heads = [_("Reason"), _("Profiles"), _("What to do")]
            rows = [
                [standing.reason(k, there), n, standing.remedy(k, there)]
                for k, n in found.rejected.items()
            ]
            kit.table(heads, rows)
        for kind, n in found.warnings.items():
            standing.warn(kind, n, [note.example for note in found.notes if note.kind == kind])
            if rows := found.shared.get(kind):
                st.markdown(f":small[:gray[{_rows(rows)}]]")


def _rows(groups: Sequence[Sequence[int]]) -> str:
    """The first rows of the source that share something, as “rows 2, 3; 7, 12”."""
    each = "; ".join(", ".join(f"{row:,}" for row in group) for group in groups)
    return _("Rows that share one, the first of them: {rows}").format(rows=each)


def _sample(found: Preview, whole: bool, there: Capabilities) -> None:
    if not found.sample:
        return
    with st.container(border=True, key="sample"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(_("Sample profiles"), anchor=False, width="content")
            clear = whole and st.toggle(_("Show full emails"), key="clear")
        bodies = [body if clear else masked(body) for body in found.sample]
        flat = [there.layout.values(body) for body in bodies]
        heads = list(dict.fromkeys(name for row in flat for name in row))[:COLUMNS]
        kit.table(
            [FIELDS.get(n) or plain(n.removeprefix(IN_PROPERTIES)) for n in heads],
            [[_cell(row.get(name)) for name in heads] for row in flat],
        )
        label = _("The first profiles, exactly as they are sent")
        if not clear:
            label += _(", except for the emails") if whole else _(", except for masked values")
        with st.expander(label, type="compact"):
            st.code(json.dumps(bodies, ensure_ascii=False, indent=2), "json")


def _cell(value: Any) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "—" if value is None else plain(value)
    return f"{value:,}"
