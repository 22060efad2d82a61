"""What became of a run's people on the list itself, as it was read back."""

from typing import Any

import streamlit as st

from core.access import mask
from core.configuration.order import destination_of
from core.destinations.read_back import WORDS, Why
from core.store.tables.runs import Run
from core.texts import _, many
from pages.ui import kit
from pages.ui.words import plain

# (runs of ours changed the list meanwhile, people may have joined late) -> how it changed.
WAYS = {
    (False, False): _("by other ways"),
    (True, False): _("by other runs to it or by other ways"),
    (False, True): _("by people sent before who joined late, or by other ways"),
    (True, True): _("by other runs to it, by people who joined late, or by other ways"),
}


def show(run: Run, whole: bool) -> None:
    """A card, once something is known; `whole`: its reader may see email addresses whole."""
    found = run.read_back or {}
    drift = found.get("drift") or {}
    if not found.get("asked") and not drift:
        return
    with st.container(border=True, gap="small", key="read-back"):
        kit.section(_("On the list"), _size(found))
        if found["asked"]:
            st.markdown(_told(found))
        for why, n in found["missing"].items():
            st.markdown(f":small[:gray[:material/info: **{n:,}** {_why(run, why)}.]]")
        for person in found["people"]:
            st.markdown(f":small[{_named(person['email'], whole)} · {_why(run, person['why'])}]")
        if drift:
            _drift(drift, whole)


def _why(run: Run, why: str) -> str:
    return plain(WORDS[Why(why)].format(destination=destination_of(run.order).title))


def _drift(drift: dict[str, Any], whole: bool) -> None:
    """How the list has changed since the last run, and who of those sent earlier isn't on it."""
    if drift["grown"] is not None:
        st.markdown(_grown(drift))
    if drift["asked"]:
        st.markdown(_gone(drift))
    for email in drift["people"]:
        st.markdown(f":small[{_named(email, whole)}]")


def _grown(drift: dict[str, Any]) -> str:
    run, n = f"{drift['since']}", drift["grown"]
    how = WAYS[drift["other_runs"], drift["late"] and n > 0]
    if n > 0:
        return many(
            "Since run {run} the list has grown by **{n}** profile {how}.",
            "Since run {run} the list has grown by **{n}** profiles {how}.",
            n,
            run=run,
            how=how,
        )
    if n < 0:
        return many(
            "Since run {run} the list has lost **{n}** profile {how}.",
            "Since run {run} the list has lost **{n}** profiles {how}.",
            -n,
            run=run,
            how=how,
        )
    return _("Since run {run} the list has kept its size.").format(run=run)


def _gone(drift: dict[str, Any]) -> str:
    asked = many(
        "Of {n} person asked about who was sent earlier",
        "Of {n} people asked about who were sent earlier",
        drift["asked"],
    )
    if not drift["gone"]:
        return asked + _(", all are still on the list.")
    gone = many(
        ", **{n}** is not on the list any more.",
        ", **{n}** are not on the list any more.",
        drift["gone"],
    )
    if drift["double_opt_in"]:
        gone += " " + _("It is double opt-in, so they may never have confirmed.")
    return asked + gone


def _named(email: str, whole: bool) -> str:
    return plain(email if whole else mask(email))


def _told(found: dict[str, Any]) -> str:
    asked = many("{n} person was looked for", "{n} people were looked for", found["asked"])
    if found["asked"] < found["accepted"]:
        asked += " " + _("of {n} accepted").format(n=f"{found['accepted']:,}")
    there = _("**{n}** are on the list.").format(n=f"{found['on_list']:,}")
    return f"{asked}: {there}"


def _size(found: dict[str, Any]) -> str | None:
    before, after = found.get("before"), found.get("after")
    if before is None or after is None:
        return None
    return _("{before} profiles before, {after} after").format(
        before=f"{before:,}", after=f"{after:,}"
    )
