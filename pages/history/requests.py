"""The requests that a run made: by kind, and some of them one by one; no bodies, no keys."""

import streamlit as st

from core.store import details
from core.store.tables.runs import ENDED, Run
from core.texts import _, many
from pages.ui import frame, kit
from pages.ui.words import clock, plain

FEW = 20  # of a page


def show(run: Run) -> None:
    """The card of a run that has ended; nothing where no request is known."""
    if run.status not in ENDED:
        return
    with frame.store().begin() as session:
        found = details.requests(session, run)
    if found is None:
        return
    n = sum(kind.n for kind in found.kinds)
    with st.container(border=True, gap="small", key="requests"):
        kit.section(_("Requests"), many("{n} request", "{n} requests", n))
        heads = [_("Request"), _("Status"), _("Number"), _("Mean, s"), _("Slowest, s")]
        lines = [
            [
                plain(f"{kind.method} {kind.path}"),
                _status(kind.status),
                kind.n,
                f"{kind.seconds / kind.n:.2f}",
                f"{kind.slowest:.2f}",
            ]
            for kind in found.kinds
        ]
        kit.table(heads, lines)
        label = _("{k} of {n} one by one").format(k=f"{len(found.some):,}", n=f"{n:,}")
        with st.expander(label, type="compact"):
            first, last = kit.paged(len(found.some), "requests-page", FEW)
            kit.table(
                [_("At"), _("Request"), _("Status"), _("Took, s")],
                [
                    [
                        clock(one.at),
                        plain(f"{one.method} {one.path}"),
                        _status(one.status),
                        f"{one.seconds:.2f}",
                    ]
                    for one in found.some[first:last]
                ],
            )
            kit.pages(len(found.some), "requests-page", FEW)


def _status(status: int) -> str:
    return str(status) if status else _("no answer")
