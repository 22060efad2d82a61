"""Runs under way: how far each is, and the way to start, stop and repeat one."""

from functools import partial

import streamlit as st
from sqlmodel import Session

from core.access import Person
from core.runs.history import seconds_left
from core.store import exports, requests, runs
from core.store.tables.runs import Run, RunStatus, Stage
from core.texts import _, many
from pages.runs.rows import started_by
from pages.runs.standing import BUSY, is_counted
from pages.ui import frame, kit, links
from pages.ui.words import percent, plain, took, when

TICK = "1s"  # while a run is under way
REST = "15s"  # otherwise, to notice what others start


def start(
    export_id: int, person: Person, *, send_all: bool = False, refused_again: bool = False
) -> Run:
    """Asks for a run of the export; the active one, if there is one. Raises Denied, Conflict.

    `send_all` sends also who is unchanged, `refused_again` who was refused last time.
    """
    with frame.store().begin() as session:
        row = exports.find(session, export_id)
        more = {"send_all": send_all, "refused_again": refused_again}
        run = requests.request(session, person, row, **more)
    return run


def again(run_id: int, person: Person) -> Run:
    """Asks for a run that sends what did not arrive in this one. Raises Denied, Conflict."""
    with frame.store().begin() as session:
        run = requests.retry(session, person, runs.find(session, run_id))
    return run


def stop(run_id: int, person: Person) -> None:
    """Asks a run to end softly. Raises Denied; Invalid when it has ended."""
    with frame.store().begin() as session:
        requests.ask_stop(session, person, runs.find(session, run_id))


def under_way(export_id: int | None = None) -> list[Run]:
    """Runs that are queued or running, of one export or of all."""
    with frame.store().begin() as session:
        return _under_way(session, export_id)


def follow(export_id: int | None = None) -> list[Run]:
    """The runs under way, drawn each second.

    The whole page is drawn again when one is new, begins, has counted its profiles, or ends.
    """
    found = under_way(export_id)
    known = _known(found)
    st.fragment(_follow, run_every=TICK if known else REST)(known, export_id)
    return found


def _follow(known: list[tuple[int, str, bool]], export_id: int | None) -> None:
    person = frame.guard()
    with frame.show_errors():
        frame.show_notices()
        with frame.store().begin() as session:
            found = _under_way(session, export_id)
            stoppable = [runs.may_touch(session, person, run) for run in found]
        if _known(found) != known:
            st.rerun()
        for run, may_stop in zip(found, stoppable, strict=True):
            card(run, may_stop)


def _known(found: list[Run]) -> list[tuple[int, str, bool]]:
    return [(run.id, run.status, is_counted(run)) for run in found]


def _under_way(session: Session, export_id: int | None) -> list[Run]:
    found = runs.active(session)
    return [r for r in found if r.status in BUSY and export_id in (None, r.export_id)]


def card(run: Run, stoppable: bool) -> None:
    """How far one run is, and for those who may, the button that stops it."""
    with st.container(border=True, gap="small", key=f"live-{run.id}"):
        _progress(run, stoppable)


def _progress(run: Run, stoppable: bool) -> None:
    row = {**kit.ROW, "width": "content"}
    with st.container(**kit.ROW, horizontal_alignment="distribute", key=f"head-live-{run.id}"):
        with st.container(**row, gap="small"):
            links.draw(links.run(run.id, run.export), f"live-{run.id}", strong=True)
            kit.badge(run.status)
        with st.container(**row, key=f"begun-{run.id}"):
            st.markdown(f":small[:gray[{_begun(run)}]]", width="content")
            if stoppable:
                st.button(
                    _("Cancel"),
                    icon=":material/close:",
                    key=f"cancel-{run.id}",
                    type="tertiary",
                    disabled=run.stop_asked_by is not None,
                    on_click=frame.pressed,
                    args=(partial(stop, run.id or 0),),
                )
    st.progress(share(run), text=progress_text(run))
    if waits_for := frame.store().runtime.waits.sentence(run.id):
        st.warning(plain(waits_for), icon=":material/hourglass_empty:")


def share(run: Run) -> float:
    """How much of a run is done, 0 to 1: a tenth for reading, the rest for sending and settling."""
    if not run.batches:
        return min(1.0, max(0.0, run.stage_share)) / 10
    settled = run.accepted + run.refused + run.undelivered
    to_send = run.valid - run.unchanged
    done = (run.sent + settled) / (2 * to_send) if to_send else 1.0
    return 0.1 + 0.9 * min(1.0, done)


def progress_text(run: Run) -> str:
    """What a run is doing and how far it is, in one line."""
    if run.stop_asked_by:
        return _stopping(run)
    if run.status == RunStatus.queued:
        doing = [_("Waiting for its turn")]
    elif run.stage == Stage.clearing:
        doing = [
            _("Clearing fields in {destination}").format(destination=_title(run)),
            percent(run.stage_share),
        ]
    elif not run.batches:
        doing = [_("Reading and checking the profiles"), percent(run.stage_share)]
    else:
        doing = [_batch(run), *_numbers(run), _left(run)]
    return " · ".join(part for part in (_part(run), *doing) if part)


def _stopping(run: Run) -> str:
    """What the destination has and hasn't finished is still counted."""
    there = run.sent - run.accepted - run.refused - run.undelivered
    if there < 1:
        return _("Stopping. Nothing more is sent.")
    return many(
        "Stopping. Nothing more is sent; {destination} finishes the {n} it already has.",
        "Stopping. Nothing more is sent; {destination} finishes the {n} it already has.",
        there,
        destination=_title(run),
    )


def _title(run: Run) -> str:
    return run.order.capabilities.title


def _part(run: Run) -> str | None:
    if run.parts < 2:
        return None
    return _("Part {n} of {m}").format(n=run.part, m=run.parts)


def _batch(run: Run) -> str:
    if run.stage == Stage.waiting:
        return many(
            "All sent. {destination} is processing {n} batch.",
            "All sent. {destination} is processing {n} batches.",
            run.batches,
            destination=_title(run),
        )
    n = min(run.batches_sent + 1, run.batches)
    return _("Batch {n} of {m}").format(n=f"{n:,}", m=f"{run.batches:,}")


def _numbers(run: Run) -> list[str]:
    return [
        _("{n} of {m} profiles sent").format(n=f"{run.sent:,}", m=f"{run.valid - run.unchanged:,}"),
        _("{n} accepted").format(n=f"{run.accepted:,}"),
        _("{n} refused").format(n=f"{run.refused:,}"),
    ]


def _left(run: Run) -> str | None:
    left = seconds_left(run)
    return _("about {time} left").format(time=took(left)) if left else None


def _begun(run: Run) -> str:
    who = started_by(run)
    if run.started_at is None:
        return _("Requested {when} by {who}").format(
            when=when(run.created_at, in_sentence=True), who=who
        )
    return _("Started {when} by {who}").format(when=when(run.started_at, in_sentence=True), who=who)
