"""Who may get no marketing by email: asked of the destination, for exports that leave them out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from core.audience import gather
from core.audience.gather import Audience
from core.configuration.order import Order
from core.connections import clients
from core.destinations import Destination
from core.errors import Stopped
from core.files import storing
from core.parquet import read_parquet, replace_parquet
from core.profiles.matching.reasons import Reason
from core.profiles.sources import Progress, silent
from core.store import Store
from core.store.tables.connections import ConnectionRow
from core.texts import _

KEPT = timedelta(hours=1)  # for previews; a run always asks again
FOLDER = "suppressed"  # of the folder of shared files
AT_ONCE = 1_000  # people between two words on how far it is


def ask(
    destination: Destination,
    emails: pl.Series,
    list_id: str | None,
    progress: Progress,
    stopped: Callable[[], bool] = lambda: False,
) -> pl.Series:
    """Those of the emails that are suppressed, whatever the reason. Raises DestinationFailed.

    `list_id` is the list that they are to join, None for none.
    """
    found: list[str] = []
    doing, title = _("Asking {destination} who is suppressed"), destination.capabilities.title
    for start in range(0, len(emails), AT_ONCE):
        if stopped():
            raise Stopped(_("The run was stopped while it was being prepared."))
        progress(start / len(emails), doing.format(destination=title))
        known = destination.known(emails[start : start + AT_ONCE], list_id)
        found += [email for email, one in known.items() if one.suppressions]
    return pl.Series("email", found, pl.String)


def left_out(
    store: Store,
    order: Order,
    connection: ConnectionRow | None,
    export_id: int,
    found: Audience,
    progress: Progress | None = None,
) -> Audience:
    """The audience without suppressed people, if its export wants that and has a connection.

    The answer is kept for KEPT. Raises DestinationFailed, StorageFailed.
    """
    if not order.export.leave_out_suppressed or connection is None:
        return found
    people, memory = gather.people(order, found), Memory.of(store, export_id)
    suppressed = memory.recall(people, order.list_id)
    if suppressed is None:
        with clients.open_at_once(store, connection) as destination:
            suppressed = ask(destination, people, order.list_id, progress or silent)
        if order.only_email is None:
            memory.keep(people, suppressed, order.list_id)
    return gather.without(found, suppressed, Reason.suppressed)


def remove_old(store: Store, before: datetime) -> int:
    """Removes answers from before then, which nobody uses any more; how many."""
    old = [
        path
        for path in (store.settings.files / FOLDER).glob("*.parquet")
        if path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


@dataclass(frozen=True, slots=True)
class Memory:
    """The last answer for an export: email, suppressed. Its file is replaced at once."""

    path: Path

    @classmethod
    def of(cls, store: Store, export_id: int) -> "Memory":
        """That of the export."""
        return cls(store.settings.files / FOLDER / f"{export_id}.parquet")

    def keep(self, people: pl.Series, suppressed: pl.Series, list_id: str | None) -> None:
        """Raises StorageFailed."""
        answer = pl.DataFrame({"email": people}).with_columns(
            suppressed=pl.col("email").is_in(suppressed.implode())
        )
        asked_at = datetime.now(UTC).isoformat()
        replace_parquet(self.path, answer, {"asked_at": asked_at, "list_id": list_id or ""})

    def recall(self, people: pl.Series, list_id: str | None) -> pl.Series | None:
        """Who of them was suppressed; None when that was too long ago, or somebody is new.

        None also where another list was asked about.
        """
        if not self.path.exists():
            return None
        with storing(self.path.parent):
            answer, kept = read_parquet(self.path)
        old = datetime.now(UTC) - datetime.fromisoformat(kept["asked_at"]) > KEPT
        other = kept.get("list_id") != (list_id or "")
        if old or other or not people.is_in(answer["email"].implode()).all():
            return None
        return answer.filter("suppressed")["email"]
