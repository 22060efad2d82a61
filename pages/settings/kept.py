"""For how long each kind of thing is kept, how much of it there is, and since when."""

from datetime import timedelta
from functools import partial
from html import escape

import streamlit as st

from core.access import Person
from core.configuration.retention import Retention
from core.runs.keeping import sizes
from core.runs.keeping.sizes import Size
from core.server.installation import Installation
from core.store import preferences
from core.texts import _, many
from pages.ui import frame
from pages.ui.words import dated, now, size, when

KINDS = {  # name in the retention -> what it is, what counts, where that isn't obvious
    "runs": (_("Runs"), _("after their end; the newest of each export stay")),
    "rejects": (_("Profiles not exported, and other personal data of runs"), ""),
    "journal": (_("What runs changed on their lists"), _("until then they can be undone")),
    "undelivered": (_("Run files with something undelivered"), _("until then they can be retried")),
    "files": (_("Other run files"), _("with what people were sent")),
    "engine": (_("Steps of ended runs in the engine"), ""),
    "audit": (_("Audit"), ""),
    "refreshes": (_("Refreshes"), _("how each went, and what its sources looked like")),
    "sizes": (_("Sizes of segments"), ""),
    "drafts": (_("Drafts of forms"), _("since their last change")),
    "suppressed": (_("Who is suppressed, as previews asked"), ""),
    "uploads": (_("Uploads that no source needs"), _("the figures count all uploads")),
}
HEADS = (_("What"), _("Kept for"), _("Number"), _("Size"), _("Oldest"))


def show(retention: Retention, audit_days: float, found: Installation) -> None:
    """The table, and from when its figures are."""
    measured = sizes.known(frame.store())
    fixed = any(one.given for one in found.settings if one.variable == preferences.AUDIT_DAYS)
    by = _("set by {variable} in the environment").format(variable=preferences.AUDIT_DAYS)
    rows = []
    for name, (what, note) in KINDS.items():
        days = round(audit_days) if name == "audit" else getattr(retention, name)
        size_now = measured.each.get(name) if measured else None
        rows.append(_row(what, by if fixed and name == "audit" else note, days, size_now))
    heads = "".join(f"<th>{escape(head)}</th>" for head in HEADS)
    with st.container(key="kept-table"):
        st.html(f'<table class="sf-kept"><tr>{heads}</tr>{"".join(rows)}</table>')
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text = (
            _("Counted {when}.").format(when=when(measured.at, in_sentence=True))
            if measured
            else _("Not counted")
        )
        st.markdown(f":small[:gray[{text}]]", width="content")
        st.button(
            _("Count now"),
            key="count-kept",
            type="tertiary",
            on_click=frame.pressed,
            args=(partial(_count), _("What is kept has been counted.")),
        )


def _count(person: Person) -> None:
    sizes.measure_now(frame.store(), person, now())


def _row(what: str, note: str, days: int, found: Size | None) -> str:
    small = f'<br><span class="sf-gray">{escape(note)}</span>' if note else ""
    kept = many("{n} day", "{n} days", days)
    cells = (kept, *_figures(found))
    return (
        f"<tr><th>{escape(what)}{small}</th>{''.join(f'<td>{escape(c)}</td>' for c in cells)}</tr>"
    )


def _figures(found: Size | None) -> tuple[str, str, str]:
    if found is None:
        return "—", "—", "—"
    bytes_ = size(found.bytes) if found.bytes is not None else "—"
    return f"{found.n:,}", bytes_, _age(found)


def _age(found: Size) -> str:
    """Since when the oldest is there."""
    if found.oldest is None:
        return "—"
    days = max(timedelta(), now() - found.oldest).days
    return _("{day} ({n} d)").format(day=dated(found.oldest), n=f"{days:,}")
