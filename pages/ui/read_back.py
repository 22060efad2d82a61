"""What became of a run's people on the list itself, as it was read back."""

from typing import Any

import streamlit as st

from core.masks import mask
from core.models import Run
from core.reading_back import WORDS, Why
from core.texts import _, many
from pages.ui import kit
from pages.ui.words import plain


def show(run: Run, whole: bool) -> None:
    """A card, once something is known; `whole`: its reader may see email addresses whole."""
    found = run.read_back or {}
    if not found.get("asked"):
        return
    with st.container(border=True, gap="small", key="read-back"):
        kit.section(_("On the list"), _size(found))
        st.markdown(_told(found))
        for why, n in found["missing"].items():
            st.markdown(f":small[:gray[:material/info: **{n:,}** {plain(WORDS[Why(why)])}.]]")
        for person in found["people"]:
            email = person["email"] if whole else mask(person["email"])
            st.markdown(f":small[{plain(email)} · {plain(WORDS[Why(person['why'])])}]")


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
