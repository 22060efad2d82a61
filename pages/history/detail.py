"""One run: its numbers, what happened when, its import jobs, and who was left out."""

from dataclasses import dataclass

import streamlit as st

from core.access import Action, Person, may
from core.runs import history
from core.store import export_lists, jobs, removed, runs
from core.store.tables.runs import ENDED, Job, Run, RunKind, RunStatus
from core.texts import _
from pages.history import batches, not_exported, planned, read_back, requests, story
from pages.runs import held, live, marks, people, standing, undo_dialog, undone, why
from pages.runs.rows import alone, counting, recording, started_by, table
from pages.ui import frame, kit, links, rows
from pages.ui.words import plain, when

HIGH = 105  # pixels of a figure, which it has before it is drawn, so that nothing moves


@dataclass(frozen=True, slots=True)
class Found:
    """A run as it is now: its import jobs, all parts of its request, the run that retries it."""

    run: Run
    jobs: list[Job]
    parts: list[Run]
    again: Run | None

    @property
    def whole(self) -> Run:
        """The part that stands for the request."""
        return runs.standing_for(self.parts)

    @property
    def state(self) -> tuple[object, ...]:
        """What the rest of the page depends on."""
        again = self.again and (self.again.id, self.again.status)
        return [(p.id, str(p.status), bool(p.counting), p.is_recording) for p in self.parts], again

    @property
    def moves(self) -> bool:
        """Whether its numbers still change by themselves."""
        return any(part.status not in ENDED or part.is_settling for part in self.parts)


def show(person: Person, chosen: str) -> None:
    """The run with this id."""
    kit.back(_("History"), "history")
    with kit.finding(), frame.store().begin() as session:
        found = _read(runs.find(session, chosen))
        connection = runs.connection_of(session, found.run)
    run = found.run
    _head(person, found, marks.mark(connection) if connection else "")
    _route(run)
    held.show(run, _may(person, run))
    held.story(run)
    if run.error:
        _error(found)
    why.card(run)
    if found.moves:
        st.fragment(_follow, run_every=live.TICK)(run.id, found.state)
    else:
        _body(found)
    requests.show(run)
    read_back.show(run, may(person, Action.see_addresses))
    not_exported.show(person, run)


def _read(run: Run) -> Found:
    with frame.store().begin() as session:
        run = runs.find(session, run.id)
        again = runs.retried_by(session, run)
        return Found(run, jobs.of_run(session, run.id), runs.siblings(session, run), again)


def _follow(run_id: int, known: object) -> None:
    """All that changes while the run goes on, from one look at it: so no two numbers differ."""
    person = frame.guard()
    with frame.show_errors():
        frame.show_notices()
        with frame.store().begin() as session:
            run = runs.find(session, run_id)
        found = _read(run)
        if found.state != known:
            st.rerun()
        for part in found.parts:
            if part.status in standing.BUSY:
                live.card(part, _may(person, part))
        _body(found)


def _body(found: Found) -> None:
    _late(found)
    undone.links_of(found.run)
    _removed(found)
    if found.run.kind == RunKind.export:
        _facts(found)
        planned.show(found.parts)
        undone.kept(found.run)
    else:
        _cards(undone.figures(found.run), "undo-facts")
        undone.left_alone(found.run)
    story.show(found.run, found.jobs)
    _parts(found)
    batches.show(found.run, found.jobs)


def _late(found: Found) -> None:
    """What became of the run since it ended: jobs that go on without it, and its retry."""
    if n := sum(part.counting for part in found.parts):
        st.info(counting(found.run, n), icon=":material/hourglass_top:")
    if any(part.is_recording for part in found.parts):
        st.info(recording(found.run), icon=":material/edit_note:")
    if (again := found.again) is None:
        return
    st.page_link(
        frame.file_of("history"),
        label=history.of_retry(again),
        icon=":material/replay:",
        query_params={"run": str(again.id)},
    )


def _removed(found: Found) -> None:
    """What was left undelivered, and can't be sent by a retry any more."""
    gone = removed.files(found.run)
    if gone and found.run.undelivered and found.again is None:
        st.info(plain(gone), icon=":material/auto_delete:")


def _head(person: Person, found: Found, mark: str) -> None:
    run = found.run
    title = _("{export}, run {n}").format(export=run.export, n=run.id)
    who = _("{when} by {who}").format(when=when(run.created_at), who=started_by(run))
    if run.export_user:
        who += _(", in the name of {user}").format(user=plain(run.export_user))
    state = standing.of_run(found.parts)
    with kit.head(title, f"{kit.badge_md(state.status, state.word)} {mark} &nbsp; {who}"):
        acts = _may(person, run)
        if acts and _can_be_undone(found):
            label = _("Undo this run…")
            if st.button(label, icon=":material/undo:", key="undo", width=152):
                undo_dialog.ask(run.first_id or run.id)
        if found.again is None and _leaves_something(run) and acts:
            _retry(person, run)


def _can_be_undone(found: Found) -> bool:
    """Whether it changed anybody, as far as its row knows, and nobody has undone it."""
    run = found.run
    changed = any(part.accepted or part.removed for part in found.parts)
    if run.kind != RunKind.export or not run.export_id or found.moves or not changed:
        return False
    with frame.store().begin() as session:
        return runs.undone_by(session, run) is None


def _route(run: Run) -> None:
    """Of which export it is, which opens it, and to which list; what was removed is named alone."""
    with frame.store().begin() as session:
        name = export_lists.list_names(session).get(run.list_id, run.list_id)
    with st.container(**kit.ROW, gap="small", key="route"):
        if run.export_id:
            links.draw(links.export(run.export_id, run.export), "export", strong=True)
        st.markdown(f":material/arrow_forward: {plain(name)}", width="content")


def _may(person: Person, run: Run) -> bool:
    with frame.store().begin() as session:
        return runs.may_touch(session, person, run)


def _leaves_something(run: Run) -> bool:
    if run.status not in ENDED or not run.export_id or run.status == RunStatus.succeeded:
        return False
    if run.kind != RunKind.export:
        return run.leaves_over
    return not run.batches or bool(run.undelivered and not run.files_removed_at)


def _retry(person: Person, run: Run) -> None:
    label = _("Retry")
    if run.undelivered and run.batches:
        label = _("Retry {n} undelivered").format(n=f"{run.undelivered:,}")
    if run.counting:
        label = _("Retry {n} without waiting").format(n=f"{run.undelivered:,}")
    kind = "secondary" if run.counting else "primary"
    if st.button(label, icon=":material/replay:", key="retry", type=kind):
        with frame.show_errors():
            again = live.again(run.id or 0, person)
            st.query_params.run = str(again.id)
            st.rerun()


def _error(found: Found) -> None:
    run, again = found.run, found.again
    if again:  # its words may ask for what was done since
        title = _("Before its retry, run {n}").format(n=again.id)
        st.info(plain(frame.readable(run.error)), icon=":material/error:", title=title)
        return
    show = st.error if run.status == RunStatus.failed else st.warning
    over = standing.is_over(run)
    show(
        plain(frame.readable(run.error)),
        icon=":material/block:" if over else ":material/error:",
        title=_("Nothing has been sent") if not found.jobs else None,  # noted before they leave
    )


def _facts(found: Found) -> None:
    """Two rows: what became of the members, who add up; and of those that were sent."""
    run, sums = found.run, history.totals(found.parts)
    title = run.order.capabilities.title
    counted = standing.is_counted(run)
    members = [
        (_("Members"), standing.profiles(run, sums.members), _members(run)),
        (_("Unchanged"), f"{sums.unchanged:,}", _("since they were sent")),
        (_("Rejected"), f"{sums.rejected:,}" if counted else "—", _("before sending")),
        (_("Sent"), f"{sums.sent:,}", _("to {destination}").format(destination=title)),
    ]
    if sums.not_sent:
        words = _("so far") if found.whole.status not in ENDED else _("never sent")
        members.append((_("Not sent"), f"{sums.not_sent:,}", words))
    _cards(members, "facts")
    sent = [
        (
            _("Accepted"),
            f"{sums.accepted:,}",
            _("by {destination}").format(destination=title),
        ),
        (_("Refused"), f"{sums.refused:,}", _("by {destination}").format(destination=title)),
        (_("Undelivered"), f"{sums.undelivered:,}", _undelivered(sums, found)),
    ]
    if sums.counting:
        words = _("{destination} is still processing them").format(destination=title)
        sent.append((_("Being counted"), f"{sums.counting:,}", words))
    if sums.sent:
        _cards(sent, "outcomes")
    standing.say_contradiction(found.parts)
    if found.whole.status in ENDED:
        with st.container(horizontal=True, gap="small", key="people-links"):
            people.links(found.parts)


def _members(run: Run) -> str:
    if run.retry_of and not run.order.starts_over:
        return _("left by run {n}").format(n=run.retry_of)
    return _("in the segments")


def _undelivered(sums: history.Totals, found: Found) -> str:
    if not sums.undelivered:
        return _("so far") if found.moves else _("nothing to retry")
    if sums.missing:
        return _("{n} accepted, but not on the list").format(n=f"{sums.missing:,}")
    if again := found.again:
        return _("see run {run}").format(run=again.id)
    gone = found.run.files_removed_at
    return _("its files were removed") if gone else _("retry sends them")


def _cards(facts: list[tuple[str, str, str]], key: str) -> None:
    with st.grid(len(facts), min_column_width=130, gap="small", key=key):
        for label, number, words in facts:
            st.metric(label, number, delta_description=words, border=True, height=HIGH)


def _parts(found: Found) -> None:
    if len(found.parts) < 2:
        return
    with st.container(border=True, gap="small", key="parts"):
        note = _("This is part {n} of {m}").format(n=found.run.part, m=found.run.parts)
        kit.section(_("The parts of this split; the figures above are their sum"), note)
        with frame.store().begin() as session:
            parts = alone(session, found.parts)
        rows.draw_few(table(of_export=True), parts)
