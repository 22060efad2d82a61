"""Carries out the steps of runs; each may be repeated, and an error becomes the run's reason."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.configuration import order
from core.connections import checks, clients
from core.destinations import Destination
from core.errors import DestinationFailed, Forbidden, NotAccepted, Rejected, SegferryError, Stopped
from core.plan import frozen
from core.plan.freeze import OverLimit
from core.runs import guards, rejects
from core.runs.steps import clear, freeze, guard, hold, leavers, ledger
from core.runs.steps import send as sending
from core.runs.steps import settle as settling
from core.runs.steps.logbook import Logbook
from core.runs.steps.patience import bear
from core.runs.steps.read_back import look_back
from core.store import Store, connections, exports, jobs, orders, progress, runs
from core.store.tables.connections import ConnectionRow
from core.store.tables.runs import ENDED, Run, RunStatus, Stage
from core.texts import _

SETTLE_SECONDS = 5.0  # of one step of waiting; then it is recorded
BREATH = 0.3  # seconds between two looks at whether the account is free

if TYPE_CHECKING:
    import polars as pl

Answer = dict[str, Any]
HELD: Answer = {"batches": [], "held": True}


class Held(Exception):
    """The run can't begin until a person has seen to the reason; nothing was sent.

    `asking` is the number that they have to confirm, if that is what is needed.
    """

    def __init__(self, why: str, asking: int | None = None) -> None:
        super().__init__(why)
        self.asking = asking


class Ferry:
    """The steps of this process's runs; it keeps a way to the destination open for each run."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._logs: dict[int, Logbook] = {}
        self._ways: dict[int, Destination] = {}

    def prepare(self, run_id: int) -> Answer:
        """Freezes the run's rows and makes sure of the list; which batches there are to send."""
        log = self._log(run_id)
        with _failing(log):
            run = log.step(RunStatus.running, stage=Stage.reading)
            if run.status in ENDED:
                return {"batches": []}
            if run.status == RunStatus.held:  # it was, and a crash has brought us here again
                return HELD
            if run.retry_of and not run.batches:
                self._settle_late(log, run.retry_of)
            if not run.batches and order.read_order(run.order).export.leave_out_suppressed:
                self._recognised(log)  # or it is held before anybody is asked
            part = freeze.freeze(log, run, datetime.now(UTC), self._way)
            if part.valid or log.run().leaving:
                self._go_aboard(log)
            return {"batches": [batch.number for batch in part.batches]}
        if log.run().status != RunStatus.held:
            return {"batches": []}
        self._close(run_id)  # it may have another key by the time it goes on
        return HELD

    def send(self, run_id: int, batch: int) -> Answer:
        """Sends one batch; whether the run stops there."""
        log = self._log(run_id)
        with _failing(log), self._way(log) as destination:
            if not log.stop_asked():
                return {"stop": not sending.send(log, destination, batch)}
        return {"stop": True}

    def look(self, run_id: int) -> Answer:
        """Asks after one job in passing, so that progress shows while batches are sent."""
        log = self._log(run_id)
        with suppress(SegferryError), self._way(log) as destination:  # settle will tell
            settling.look(log, destination)
        return {}

    def settle(self, run_id: int) -> Answer:
        """Waits for jobs, some seconds; how many are unfinished."""
        log = self._log(run_id)
        with _failing(log), self._way(log) as destination:
            log.record(stage=Stage.waiting)
            return {"open": settling.settle(log, destination, SETTLE_SECONDS)}
        return {"open": 0}

    def finish(self, run_id: int) -> Answer:
        """Adds up and ends the run; what arrived is in the ledger, and isn't kept for a retry."""
        log = self._log(run_id)
        with _failing(log):
            self._keep_ledger(log)
        with self._store.begin() as session:
            run = progress.end(session, run_id)
        folder = rejects.folder(self._store.settings, run)
        if folder.exists():
            if not run.undelivered:
                frozen.discard_batches(folder, run.part)
            if run.part == run.parts:
                frozen.discard_members(folder, run.parts)
        self._close(run_id)
        return {}

    def _keep_ledger(self, log: Logbook) -> None:
        """Only of a run that had its account to itself; before it gives that back."""
        with self._store.begin() as session:
            run = runs.find(session, log.run_id)
            sent = jobs.of_run(session, run.id)
        if run.aboard and run.status not in ENDED:
            left = self._taken_off(log)
            came = ledger.outcome(self._store.settings, run, sent)
            came = clear.clear(log, self._way, came)
            self._look_back(log, ledger.record(self._store.settings, run, came, left))

    def _look_back(self, log: Logbook, accepted: "pl.Series") -> None:
        """What the list tells afterwards, where it tells."""
        with suppress(DestinationFailed), self._way(log) as destination:
            look_back(log, destination, accepted)

    def _taken_off(self, log: Logbook) -> "pl.DataFrame | None":
        """Who is off the list now; None when that failed, so that they are tried again."""
        try:
            with self._way(log) as destination:
                return leavers.take_off(log, destination)
        except DestinationFailed as error:
            log.fail(str(error))
            return None
        except Stopped:
            return None

    def give_up(self, run_id: int, reason: str) -> None:
        """Ends a run whose steps can't go on."""
        self._log(run_id).fail(reason)
        self.finish(run_id)

    def leave(self) -> None:
        """Closes every way that is still open."""
        for run_id in list(self._ways):
            self._close(run_id)

    def _log(self, run_id: int) -> Logbook:
        return self._logs.setdefault(run_id, Logbook(self._store, run_id))

    def _go_aboard(self, log: Logbook) -> None:
        """Learns whose account it is, waits until no other run uses it, and looks at the list."""
        account = self._recognised(log)
        while not self._boarded(log, account):
            if log.stop_asked():
                raise Stopped(_("Stopped before anything was sent."))
            time.sleep(BREATH)
        run = log.run()
        with self._way(log) as destination:
            # It may be counted but rarely; a retry that starts over is guarded by it too.
            counts = run.part == 1 and (run.retry_of is None or ledger.is_whole(run))
            found = bear(log, lambda: destination.list_facts(run.list_id, count=counts))
            double = bool(found.double_opt_in)
            log.record(read_back={"before": found.profiles, "double_opt_in": double})
            self._guard(log, destination)
        with self._store.begin() as session:
            exports.name_list(session, run.export_id, run.list_id, found.name)
            connections.used(session, connections.find(session, run.order["connection_id"]))
        log.record(stage=Stage.sending, stage_share=0.0)

    def _recognised(self, log: Logbook) -> str:
        """What stands for the account. Never within another way: both would count its requests."""
        with self._way(log) as destination:
            return bear(log, lambda: self._account(log, destination))

    def _guard(self, log: Logbook, destination: Destination) -> None:
        """Raises Held where the run does more than was expected, unless a person confirmed it."""
        found = bear(log, lambda: guard.crossed(log, destination))
        if found and log.run().confirmed != found[0].number:
            raise Held(guards.asked(found), found[0].number)

    def _settle_late(self, log: Logbook, earlier: int) -> None:
        """What arrived after the earlier run had ended isn't sent again."""
        with self._way(log) as destination:
            settling.settle_late(Logbook(self._store, earlier), destination)

    def _account(self, log: Logbook, destination: Destination) -> str:
        """What stands for the account. Raises Held, Rejected, Unavailable."""
        run = log.run()
        with self._store.begin() as session:
            row = connections.find(session, run.order["connection_id"])
            if why := hold.reason(session, row):
                raise Held(why)
        try:
            checks.recognise(self._store, row, destination)
        except Forbidden:  # the key may lack accounts:read; the run can do without
            return run.account
        except Rejected as error:
            raise Held(str(error)) from error
        with self._store.begin() as session:
            row = connections.find(session, row.id)
            key = orders.account_key(row)
            earlier = session.get(Run, run.retry_of) if run.retry_of else None
        if earlier and ":" in earlier.account and earlier.account != key:
            raise Rejected(
                _(
                    "The connection opens another account now than when run {run} began, so its "
                    "profiles were not sent there. Run the export anew."
                ).format(run=earlier.id)
            )
        return key

    def _boarded(self, log: Logbook, account: str) -> bool:
        with self._store.begin() as session:
            return progress.board(session, log.run_id, account)

    @contextmanager
    def _way(self, log: Logbook) -> Iterator[Destination]:
        """The run's destination; the requests made meanwhile are counted."""
        if log.run_id not in self._ways:
            self._ways[log.run_id] = self._opened(log)
        destination = self._ways[log.run_id]
        before = destination.requests, destination.throttled
        try:
            yield destination
        except (NotAccepted, Forbidden) as error:
            checks.note_failure(self._store, self._connection(log), error)
            raise
        finally:
            log.count(destination, before)

    def _opened(self, log: Logbook) -> Destination:
        return clients.open_connection(self._store, self._connection(log), log.stop_asked)

    def _connection(self, log: Logbook) -> ConnectionRow:
        with self._store.begin() as session:
            return connections.find(session, log.run().order["connection_id"])

    def _close(self, run_id: int) -> None:
        self._logs.pop(run_id, None)
        if way := self._ways.pop(run_id, None):
            way.close()


@contextmanager
def _failing(log: Logbook) -> Iterator[None]:
    """An error ends the step, not the engine: it is recorded as the run's reason."""
    try:
        yield
    except Stopped:
        pass
    except Held as held:
        log.hold(str(held), held.asking)
    except OverLimit as error:
        members = error.valid + sum(error.rejected.values())
        log.record(members=members, valid=error.valid, rejected=error.rejected)
        log.fail(str(error))
    except SegferryError as error:
        log.fail(str(error))
    except OSError as error:
        log.fail(_("The data folder can't be used: {why}.").format(why=error.strerror or error))
