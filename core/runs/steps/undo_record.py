"""What the ledger learns of an undo, and which previous values are kept for one."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from core.plan import frozen, previous
from core.plan.record import Delivered
from core.plan.undo import Change
from core.runs import rejects
from core.runs.taking_back import frozen_people
from core.settings import Settings
from core.store.tables.runs import Run


def keep_previous(settings: Settings, run: Run, ledger: Path, accepted: pl.DataFrame) -> None:
    """What people (email, hash) were sent before, where the export wants that; else it goes.

    Before the ledger in this file is written. Raises StorageFailed.
    """
    export_id, undo = run.export_id or 0, run.order.undo
    if not run.order.export.keep_previous:
        if undo is None:
            previous.forget(ledger, export_id)
        return
    known = accepted.unique("email").select("email", "hash")
    if undo:  # who is put back is sent nothing but their address
        restored = frozen_people(settings, run).filter(change=Change.restore)
        known = known.join(restored, on="email", how="semi")
    sent = frozen.sent(rejects.folder(settings, run), run.part).unique("email", keep="last")
    rows = sent.select("email", "body", "clear").join(known.lazy(), on="email")
    previous.keep(ledger, export_id, run.id, rows.collect(engine="streaming"))


def by_export(settings: Settings, run: Run, delivered: Delivered) -> list[Delivered]:
    """The same for each export: who is put back on a list belongs to the one that had them there.

    Who is taken off belongs to none any more.
    """
    if (undo := run.order.undo) is None or undo.day_end is None:
        return [delivered]
    people = frozen_people(settings, run).filter(pl.col("alone").is_null())
    back = people.filter(change=Change.put_back)
    found = [_only(delivered, delivered.export_id, back["email"].head(0))]
    for (export_id,), theirs in back.group_by("export", maintain_order=True):
        found.append(_only(delivered, int(str(export_id)), theirs["email"]))
    return found


def _only(delivered: Delivered, export_id: int, emails: pl.Series) -> Delivered:
    theirs = pl.col("email").is_in(emails.implode())
    missing = delivered.missing
    return replace(
        delivered,
        export_id=export_id,
        accepted=delivered.accepted.filter(theirs),
        refused=delivered.refused.filter(theirs),
        members=delivered.members.filter(theirs),
        missing=None if missing is None else missing.filter(theirs),
    )
