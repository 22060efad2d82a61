"""Refreshes as rows: when, how they went, and what depends on what failed."""

import streamlit as st

from core.runs import refreshing
from core.store.tables.refreshes import Refresh, RefreshedSource, RefreshStatus
from core.texts import _, many
from pages.ui import frame, kit, links
from pages.ui.words import plain, took, when

NAMED = 5  # exports that a row names
WORDS = {RefreshStatus.waiting: "queued"}  # for which a badge has another name
UNDER_WAY = {
    RefreshStatus.waiting: _("waits for its turn"),
    RefreshStatus.running: _("is being read and counted"),
}


def badge(status: RefreshStatus) -> None:
    """How a refresh, or a source in it, stands."""
    kit.badge(WORDS.get(status, str(status)))


def line(refresh: Refresh, parts: list[RefreshedSource]) -> None:
    """A refresh as a row within a card: by whom, how long it took, what failed."""
    with st.container(**kit.ROW, gap="xsmall", key=f"refresh-{refresh.id}"):
        name = refresh.source or _("All sources")
        kit.named(name, f"{when(refresh.started_at)} · {plain(refresh.by)}", 240)
        with st.container(width=112):
            badge(refresh.status)
        st.markdown(f":small[{_numbers(refresh, parts)}]", width="stretch")
    failed = [one for one in parts if refreshing.problems(one)]
    for one in failed:
        _problems(one)


def of_source(refresh: Refresh, one: RefreshedSource) -> None:
    """How it went with one source, as a row of that source's page."""
    with st.container(**kit.ROW, gap="xsmall", key=f"refreshed-{one.id}"):
        kit.named(when(refresh.started_at), plain(refresh.by), 200)
        with st.container(width=112):
            badge(one.status)
        st.markdown(f":small[{_of_source(one)}]", width="stretch")
    _problems(one)


def _numbers(refresh: Refresh, parts: list[RefreshedSource]) -> str:
    counted = sum(1 for one in parts for s in one.segments if s["members"] is not None)
    n = many("{n} source", "{n} sources", len(parts))
    if not refresh.finished_at:
        read = sum(1 for one in parts if one.finished_at)
        n = _("{read} of {sources} read").format(read=f"{read:,}", sources=n)
    words = [
        n,
        many("{n} segment counted", "{n} segments counted", counted),
    ]
    if refresh.finished_at:
        words.append(took((refresh.finished_at - refresh.started_at).total_seconds()))
    return " · ".join(words)


def _of_source(one: RefreshedSource) -> str:
    if not one.finished_at:
        return UNDER_WAY[one.status]
    words = [] if one.rows is None else [many("{n} row", "{n} rows", one.rows)]
    counted = [s for s in one.segments if s["members"] is not None]
    words.append(many("{n} segment counted", "{n} segments counted", len(counted)))
    if one.started_at and one.finished_at:
        words.append(took((one.finished_at - one.started_at).total_seconds()))
    return " · ".join(words)


def _problems(one: RefreshedSource) -> None:
    """What failed, and the segments and exports that depend on it."""
    for sentence in refreshing.problems(one):
        text = plain(frame.readable(sentence))
        st.markdown(f":small[:red[:material/error:] {text}]")
    failed = one.status == RefreshStatus.failed
    uncounted = [s for s in one.segments if failed or s["problem"]]
    if not uncounted:
        return
    with st.container(**kit.ROW, gap="small", key=f"dependents-{one.id}"):
        st.markdown(f":small[:gray[{_('Not counted:')}]]", width="content")
        for segment in uncounted[:NAMED]:
            links.draw(
                links.segment(segment["id"], segment["name"]), f"of-{one.id}-{segment['id']}"
            )
        if (more := len(uncounted) - NAMED) > 0:
            st.markdown(f":small[{many('{n} more', '{n} more', more)}]", width="content")
        if one.dependents:
            names = ", ".join(plain(name) for name in one.dependents[:NAMED])
            if (more := len(one.dependents) - NAMED) > 0:
                names += " " + many("and {n} more", "and {n} more", more)
            text = _("Exports that depend on it: {names}").format(names=names)
            st.markdown(f":small[:gray[{text}]]", width="content")
