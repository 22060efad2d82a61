"""What keeping previous values of an export's people costs: expected beforehand, and by now."""

from dataclasses import dataclass

from core.plan import previous
from core.plan.ledger import ledger_path
from core.runs.taking_back import ledger_of
from core.store import Store, exports, jobs, runs
from core.store.orders import account_key, order_of
from core.store.tables.runs import Run


@dataclass(frozen=True, slots=True)
class Cost:
    """Bytes on the disk: `most` for all of its people, None before its first run; `now`."""

    people: int
    most: int | None
    now: int


def cost(store: Store, export_id: int) -> Cost:
    """By what the export's last run sent; what is kept is compressed, and so smaller.

    Besides, each run keeps what it replaces. Raises Unknown.
    """
    with store.begin() as session:
        row = exports.find(session, export_id)
        connection = exports.connection_of(session, row)
        order = order_of(session, row)
        last = runs.last_sent(session, export_id)
        sent = jobs.of_run(session, last.id) if last else []
    profiles, size = sum(job.profiles for job in sent), sum(job.bytes for job in sent)
    people = last.valid if last else 0
    account = account_key(connection) if connection else ""
    place = ledger_path(store.settings.ledgers, account, order.list_id)
    most = size * people // profiles if profiles else None
    return Cost(people, most, previous.size_of_last(place, export_id))


def of_run(store: Store, run: Run) -> int:
    """Bytes on the disk that the previous values of those take whom the run changed."""
    return previous.size(ledger_of(store, run), run.id)
