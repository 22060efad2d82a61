"""What exports are filtered by, besides their state: one box for each, kept in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.texts import _
from pages.exports.rows import ExportItem, table
from pages.ui import kit, rows


@dataclass(frozen=True, slots=True)
class Filter:
    """A box of this title, and the values of an export that it offers."""

    title: str
    values: Callable[[ExportItem], Sequence[str]]


def choose(items: Sequence[ExportItem], page: str) -> dict[str, str]:
    """What was chosen, by the keys of FILTERS; `page` is the key of the list's pages."""
    label = _("Filters")
    if active := sum(bool(st.session_state.get(f"by-{key}")) for key in FILTERS):
        label += f" · {active}"
    chosen = {}
    with st.popover(label, icon=":material/filter_list:", key="filter-box"):
        for key, one in FILTERS.items():
            known = {value for item in items for value in one.values(item)}
            picked = st.selectbox(
                one.title,
                sorted(known, key=str.casefold),
                index=None,
                placeholder=_("Any"),
                key=f"by-{key}",
                on_change=kit.first_page,
                args=(page,),
                bind="query-params",
            )
            if picked is not None:
                chosen[key] = picked
        rows.sort_box(table([]))
    return chosen


def fits(item: ExportItem, chosen: Mapping[str, str]) -> bool:
    """Whether the export has all that was chosen."""
    return all(value in FILTERS[key].values(item) for key, value in chosen.items())


def _schedule(item: ExportItem) -> str:
    kind = item.row.spec.get("schedule", "off")
    if kind == "refresh":
        return _("With the refresh")
    return _("None") if kind == "off" else _("Own times")


FILTERS = {
    "connection": Filter(
        _("Connection"),
        lambda item: [item.connection.name if item.connection else _("No connection")],
    ),
    "list": Filter(_("List"), lambda item: [item.list]),
    "segment": Filter(_("Segment"), lambda item: item.segments),
    "schedule": Filter(_("Schedule"), lambda item: [_schedule(item)]),
    "owner": Filter(_("Owner"), lambda item: [item.row.created_by]),
    "tag": Filter(_("Tag"), lambda item: item.tags),
}
