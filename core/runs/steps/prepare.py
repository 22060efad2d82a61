"""The step before anything is sent: rows frozen, account claimed, list and guards checked."""

from collections.abc import Sequence
from datetime import datetime

from core.destinations import Destination
from core.destinations.read_back import ReadBack
from core.runs import guards, why
from core.runs.guards.facts import CrossedGuard
from core.runs.guards.people import OF_NUMBERS
from core.runs.steps import account, begun, freeze, guard, hold, ledger, settle, undo, undo_freeze
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.hold import Held
from core.runs.steps.patience import until_available
from core.store import connections, export_lists, runs
from core.store.tables.runs import AGENT, Stage


def prepare(work: RunAtWork, now: datetime) -> list[int]:
    """The numbers of the batches to send. May be repeated: what is frozen stays.

    Raises Held where a person has to act first; Stopped, OverLimit, and whatever the source, the
    data folder or the destination fails with.
    """
    run = work.run
    if run.order.undo:
        return _prepare_undo(work)
    _require_segments(work)
    if run.retry_of and not run.batches:
        settle.settle_late(work, run.retry_of)
    if not run.batches and run.order.export.leave_out_suppressed:
        account.recognise(work)  # or it is held before anybody is asked about
    part = freeze.freeze(work, now)
    if part.valid or work.run.leaving or _is_emptied(work) or run.trigger == AGENT:
        account.claim(work)
        if not work.has_begun_sending():  # else it passed the guards, before the engine's loss
            with work.destination() as destination:
                list_name = _look_at_list(work, destination)
                _guard(work, destination)
            _note_use(work, list_name)
        work.record(stage=Stage.sending, stage_share=0.0)
    return [batch.number for batch in part.batches]


def _prepare_undo(work: RunAtWork) -> list[int]:
    """The same of a run that takes another one back: planned once nobody else has the account."""
    if not work.has_begun_sending():
        account.claim(work)
        with work.destination() as destination:
            list_name = _look_at_list(work, destination)
            people = undo.planned(work)
            undo.note(work, people)
            undo.require_confirmed(work, destination, people)
            undo_freeze.freeze(work, destination, people)
        _note_use(work, list_name)
    work.record(stage=Stage.sending, stage_share=0.0)
    return [batch.number for batch in undo_freeze.frozen(work).batches]


def _require_segments(work: RunAtWork) -> None:
    """Raises Held where one that the export is over, or leaves out, is switched off."""
    with work.store.begin() as session:
        why = hold.by_segments(session, work.run.order)
    if why:
        raise Held(why)


def _is_emptied(work: RunAtWork) -> bool:
    """Whether nobody is in the segments where the last run found people: worth a question."""
    if work.run.members or not ledger.is_whole(work.run):
        return False
    with work.store.begin() as session:
        return bool(runs.last_members(session, work.run))


def _look_at_list(work: RunAtWork, destination: Destination) -> str:
    """Records the list's size before the run; the list's name."""
    run = work.run
    # Counting is limited more than anything else; a retry that starts over is guarded by it too.
    count = run.part == 1 and (run.retry_of is None or ledger.is_whole(run))
    found = until_available(work, lambda: destination.list_facts(run.list_id, count=count))
    before = ReadBack(found.profiles, double_opt_in=bool(found.double_opt_in))
    work.record(read_back_data=before.as_data())
    return found.name


def _guard(work: RunAtWork, destination: Destination) -> None:
    """Raises Held where the run does more than was expected, unless a person confirmed it."""
    found = until_available(work, lambda: guard.crossed(work, destination))
    if found and work.run.confirmed != found[0].number:
        given = work.run.order.export.guards
        crossed = [one.as_data(given) for one in found]
        more = [_why(work, found), guard.dependents(work, found)]
        about = " ".join(text for text in more if text)
        raise Held(guards.reason(found, about or None), found[0].number, crossed)


def _why(work: RunAtWork, found: Sequence[CrossedGuard]) -> str | None:
    """What moved the number, for guards that watch one."""
    watching = any(one.name in OF_NUMBERS for one in found)
    return why.sentence(work.store, work.run) if watching else None


def _note_use(work: RunAtWork, list_name: str) -> None:
    """From here on something is sent: the export keeps its list's name, the connection the time."""
    run, row = work.run, work.connection()
    begun.mark(work.store.settings, run)
    with work.store.begin() as session:
        export_lists.name_list(session, run.export_id, run.list_id, list_name)
        connections.used(session, connections.find(session, row.id))
