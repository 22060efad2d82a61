"""One export before it runs: who is in it, what will happen, and who is left out."""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from core.access import Action, Person, may
from core.configuration.export import Mode
from core.errors import SegferryError
from core.preview.plan import Preview
from core.store import exports, preferences, runs, slots
from core.store.tables.exports import ExportRow
from core.store.tables.runs import Run
from core.texts import _, many
from pages.preview import knowledge, one_person, plan
from pages.preview.kept import Kept, forget, hold_to, of
from pages.runs import held, live, marks, rows
from pages.runs.route import route
from pages.runs.schedule_row import draw, read
from pages.runs.slots import line
from pages.ui import frame, kit
from pages.ui.words import named, plain

MODES = {Mode.add: _("Add"), Mode.update: _("Update only"), Mode.mirror: _("Mirror")}
LAST = 5  # runs and slots shown


def show(person: Person, row: ExportRow) -> None:
    """The page of the export."""
    kit.back(_("Exports"), "exports")
    actions = _head(person, row)
    live.follow(row.id)
    _held(person, row)
    if row.connection_id is None:
        text = _("The export keeps its configuration but doesn't run. Edit it to choose one.")
        st.warning(text, title=_("No connection"), icon=":material/link_off:")
    try:
        kept = of(person, row)
    except SegferryError as error:
        frame.fail(error)
    else:
        _run(person, row, kept, actions)
        _over(person, row, kept.preview)
        plan.show(kept, may(person, Action.see_addresses), row.id)
        _further(person, row, kept)
    _last(row)
    _schedule(person, row)


def _held(person: Person, row: ExportRow) -> None:
    with frame.store().begin() as session:
        last = runs.everything(session, export_id=row.id, limit=1)
    for run in last:
        held.show(run, _may(person, row, Action.run))


def _head(person: Person, row: ExportRow):
    """The page's head; the place of the button that runs it, known only with the preview."""
    with frame.store().begin() as session:
        spec = exports.spec(session, row)
        connection = exports.connection_of(session, row)
    told = f"{route(row, list(spec.segments))} · {MODES[spec.mode]}"
    with kit.head(row.name, f"{marks.mark(connection)} &nbsp; {told}" if connection else told):
        if st.button(_("Count again"), icon=":material/refresh:", key="again"):
            forget()
            st.rerun()
        if _may(person, row, Action.manage_exports) and st.button(
            _("Edit"), icon=":material/edit:", key="edit"
        ):
            frame.go("exports", export=row.id, view="edit")
        return st.container(horizontal=True, width="content", gap="small", key="run-buttons")


def _run(person: Person, row: ExportRow, kept: Kept, place) -> None:
    found = kept.preview
    if row.connection_id is None or not _may(person, row, Action.run):
        return
    with frame.store().begin() as session:
        stops = exports.spec(session, row).over_limit == "stop"
    if found.over_limit and stops:
        return
    label = _("Run export")
    if found.runs > 1:
        label = _("Run in {n} parts").format(n=f"{found.runs:,}")
    waits = bool(live.under_way(row.id)) or not (found.valid or found.leave)
    with place:
        if found.unchanged:  # else it would be the same as running it
            _send_all(row, kept, waits)
        st.button(
            label,
            icon=":material/play_arrow:",
            type="primary",
            key="run",
            disabled=waits,
            on_click=frame.pressed,
            args=(partial(_start, row.id),),
        )


def _start(export_id: int, person: Person, *, send_all: bool = False) -> None:
    """Starts what was shown; Conflict where that has changed since, and it is shown anew."""
    hold_to(person, export_id)
    live.start(export_id, person, send_all=send_all)


def _send_all(row: ExportRow, kept: Kept, waits: bool) -> None:
    label = _("Send everybody again")
    if not st.button(label, icon=":material/replay:", key="send-all", disabled=waits):
        return
    kit.confirm(
        _("Send everybody again?"),
        _again(kept.preview, kept.order["export"]["mode"]),
        label,
        partial(_start, row.id, send_all=True),
    )


def _again(found: Preview, mode: str) -> str:
    """What sending everybody again does, and what the run does besides as each run does."""
    told = _("Sends all **{n}** profiles again, also the **{same}** that are unchanged.").format(
        n=f"{found.valid:,}", same=f"{found.unchanged:,}"
    )
    if mode == Mode.update:  # it touches no list
        return told
    told += " " + _("Nobody joins or leaves the list because of it.")
    if found.add or found.leave:
        text = _("As with any other run, {add} join and {leave} leave.")
        told += " " + text.format(add=f"{found.add:,}", leave=f"{found.leave:,}")
    return told


def _over(person: Person, row: ExportRow, found: Preview) -> None:
    if not found.over_limit:
        return
    with frame.store().begin() as session:
        stops = exports.spec(session, row).over_limit == "stop"
    title = many("{n} profile over the limit", "{n} profiles over the limit", found.over)
    if not stops:
        text = _("They go in **{n} runs** of at most {limit} each, one after the other.")
        told = text.format(n=f"{found.runs:,}", limit=f"{found.limit:,}")
        st.info(told, title=title, icon=":material/call_split:")
        return
    text = _(
        "One run takes at most {limit} profiles, and this export is set to **stop** above that. "
        "Nothing has been sent."
    )
    st.error(text.format(limit=f"{found.limit:,}"), title=title, icon=":material/block:")
    if _may(person, row, Action.manage_exports):
        _ways_out(row, found)


def _ways_out(row: ExportRow, found: Preview) -> None:
    with st.container(horizontal=True, key="over-actions"):
        label = _("Split into {n} runs").format(n=f"{found.runs:,}")
        if st.button(label, icon=":material/call_split:", type="primary", key="split"):
            _ask_to_split(row, found, label)
        if st.button(_("Narrow the segments"), icon=":material/filter_alt:", key="narrow"):
            frame.go("segments")


def _ask_to_split(row: ExportRow, found: Preview, label: str) -> None:
    text = _(
        "From now on **{name}** makes several runs of at most {limit} profiles when it is over the "
        "limit, one after the other: {n} now, for {valid} profiles. This sends nothing yet."
    )
    kit.confirm(
        _("Split the runs of this export?"),
        text.format(
            name=plain(row.name),
            limit=f"{found.limit:,}",
            n=f"{found.runs:,}",
            valid=f"{found.valid:,}",
        ),
        label,
        partial(_split, row.id or 0),
        _("“{name}” splits its runs from now on.").format(name=row.name),
    )


def _split(export_id: int, person: Person) -> None:
    with frame.store().begin() as session:
        row = exports.find(session, export_id)
        spec = exports.spec(session, row).model_copy(update={"over_limit": "split"})
        exports.change(session, person, row, spec)


def _may(person: Person, row: ExportRow, action: Action) -> bool:
    with frame.store().begin() as session:
        return may(person, action, exports.connection_of(session, row))


def _further(person: Person, row: ExportRow, kept: Kept) -> None:
    """What asks or tells Klaviyo something, for those who may use the connection."""
    with frame.store().begin() as session:
        connection = exports.connection_of(session, row)
    if connection is None:
        return
    if may(person, Action.see_lists, connection):
        knowledge.show(person, row, connection, kept)
    if may(person, Action.see_addresses) and may(person, Action.run, connection):
        one_person.show(person, row, connection, kept)


def _last(row: ExportRow) -> None:
    with frame.store().begin() as session:
        found: list[Run] = runs.everything(session, export_id=row.id, limit=LAST)
        n = runs.how_many(session, export_id=row.id)
    with st.container(border=True, gap="small", key="runs"):
        kit.section(_("Runs of this export"), many("{n} run", "{n} runs", n) if n else None)
        for run in found:
            rows.line(run, _("Run {n}").format(n=run.id))
        if not found:
            st.markdown(f":gray[{_('It has not run yet.')}]")
        if n > LAST and st.button(_("All its runs"), icon=":material/history:", key="all"):
            frame.go("history", export=row.name)


def _schedule(person: Person, row: ExportRow) -> None:
    with frame.store().begin() as session:
        refresh, now = preferences.refresh(session), datetime.now(UTC)
        shown = read(session, person, row, refresh, now)
        found = slots.everything(session, export_id=row.id, limit=LAST)
    with st.container(border=True, gap="small", key="schedule"):
        kit.section(_("Schedule"), _("each of its times has exactly one outcome"))
        draw(shown)
        for slot in found:
            line(slot, "own", named=False)


person = frame.guard()
chosen = st.query_params.get("export", "")
if not chosen:
    frame.go("exports")
with kit.finding(), frame.store().begin() as session:
    export = exports.find(session, named(chosen))
show(person, export)
