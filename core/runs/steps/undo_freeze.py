"""Freezes what a run that takes another one back sends: who goes back, and former values."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from core.audience import erased, suppressed
from core.configuration.order import Undo
from core.destinations import Destination
from core.errors import Stopped
from core.files import replacing_folder
from core.layout import IN_PROPERTIES, Layout
from core.plan.cut import Cutter
from core.plan.freeze import REJECTS
from core.plan.frozen import Frozen, Part, read_plan, rejects_path, write_plan
from core.plan.undo import Alone, Change
from core.profiles.sources import ROW, silent
from core.runs import rejects, taking_back
from core.runs.steps.at_work import RunAtWork
from core.runs.steps.patience import until_available
from core.runs.steps.undo import note
from core.texts import _

AT_ONCE = 1_000  # people between two looks at whether to stop


def frozen(work: RunAtWork) -> Part:
    """What is frozen of it. Raises StorageFailed."""
    return read_plan(rejects.folder(work.store.settings, work.run)).parts[0]


def freeze(work: RunAtWork, destination: Destination, people: pl.DataFrame) -> None:
    """Keeps who is concerned (PEOPLE), and cuts what is sent to batches; records the numbers.

    The destination is asked about whoever is sent something. Raises DestinationFailed,
    StorageFailed, Stopped.
    """
    run, layout = work.run, work.run.order.capabilities.layout
    former = _former(work, people)
    known = people.with_columns(alone=_without_body(former))
    found = _looked_up(work, destination, known)
    profiles = _profiles(work, found, former, layout)
    with replacing_folder(rejects.folder(work.store.settings, run)) as draft:
        _write(draft, found, profiles, layout)
    note(work, found)
    n, batches = profiles.height, len(frozen(work).batches)
    work.record(members=n, valid=n, batches=batches)


def _write(draft: Path, people: pl.DataFrame, profiles: pl.DataFrame, layout: Layout) -> None:
    rejects_path(draft, 1).parent.mkdir()
    cutter = Cutter(draft, 1, layout)
    cutter.add(profiles)
    n, batches = profiles.height, cutter.close()
    pl.DataFrame(schema=REJECTS).write_parquet(rejects_path(draft, 1))
    people.write_parquet(draft / taking_back.FROZEN)
    write_plan(draft, Frozen((Part(1, n, n, {}, {}, batches),)))


def _looked_up(work: RunAtWork, destination: Destination, people: pl.DataFrame) -> pl.DataFrame:
    """With who of those to be sent something is left alone after all, and why."""
    fates = {email: str(Alone.erased) for email in erased.among(work.store, people["email"])}
    doing = people.filter(pl.col("alone").is_null())
    for change in (Change.put_back, Change.restore):
        for emails in _slices(work, doing.filter(change=change)["email"]):
            fates = {**_fates(work, destination, change, emails), **fates}
    found = pl.col("email").replace_strict(fates, default=None, return_dtype=pl.String)
    return people.with_columns(alone=pl.coalesce("alone", found))


def _slices(work: RunAtWork, emails: pl.Series) -> Iterator[pl.Series]:
    for start in range(0, len(emails), AT_ONCE):
        if work.stop_requested():
            raise Stopped(_("Stopped before anything was sent."))
        yield emails[start : start + AT_ONCE]


def _fates(
    work: RunAtWork, destination: Destination, change: Change, emails: pl.Series
) -> Mapping[str, str]:
    """Why people are left alone: nobody is made anew, or put on a list that they have left."""
    order, several = work.run.order, emails.to_list()
    if change is Change.restore and (list_id := order.list_id) is not None:
        there = until_available(work, lambda: destination.members_among(list_id, several))
        return {email: Alone.not_there for email in several if email not in there}
    known = until_available(work, lambda: destination.ids_of(several))
    fates = {email: str(Alone.no_profile) for email in several if email not in known}
    if change is Change.put_back and order.export.leave_out_suppressed:
        for email in suppressed.ask(destination, emails, order.list_id, silent):
            fates.setdefault(email, Alone.suppressed)
    return fates


def _former(work: RunAtWork, people: pl.DataFrame) -> pl.DataFrame:
    """email, clear, kept: the body that is restored, of those of whom it is kept."""
    store, run = work.store, work.run
    restored = people.filter(pl.col("alone").is_null(), pl.col("change") == Change.restore)
    wanted = restored.select("email", "sent_by", hash="former")
    place = taking_back.ledger_of(store, run)
    found = taking_back.former_bodies(store, place, run.order, wanted)
    return found.select("email", "clear", kept="body")


def _without_body(former: pl.DataFrame) -> pl.Expr:
    restored = pl.col("alone").is_null() & pl.col("change").eq(Change.restore)
    lost = restored & ~pl.col("email").is_in(former["email"].implode())
    return pl.when(lost).then(pl.lit(Alone.not_kept)).otherwise("alone")


def _profiles(
    work: RunAtWork, people: pl.DataFrame, former: pl.DataFrame, layout: Layout
) -> pl.DataFrame:
    """What is sent: the address alone of who is put back, else what was sent before."""
    doing = people.filter(pl.col("alone").is_null(), pl.col("change") != Change.take_off)
    is_restored = pl.col("change") == Change.restore
    inside = pl.struct("email").struct.json_encode().str.head(-1).str.slice(1)
    bare = pl.concat_str(pl.lit(layout.start), inside, pl.lit(layout.end))
    rows = doing.join(former, on="email", how="left", maintain_order="left").with_columns(
        body=pl.coalesce("kept", bare),
        hash=pl.when(is_restored).then("former").otherwise("hash"),
        now="hash",
    )
    if (undo := work.run.order.undo or Undo()).clears and not rows.is_empty():
        rows = _clearing(work, undo, rows)
    size = pl.col("body").str.len_bytes().cast(pl.UInt32)
    nowhere = pl.lit(None, pl.Int64)  # no segment let them in
    numbered = rows.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.Int64))
    return numbered.with_columns(bytes=size, segments=nowhere)


def _clearing(work: RunAtWork, undo: Undo, rows: pl.DataFrame) -> pl.DataFrame:
    """With the fields emptied that only the run that is taken back had sent."""
    some = rows.filter(change=Change.restore)
    sent_by = pl.Series("sent_by", undo.runs, pl.Int64)
    wanted = some.select("email", hash="now").join(sent_by.to_frame(), how="cross")
    sent = dict(taking_back.bodies(work.store, wanted).select("email", "body").iter_rows())
    texts = {
        email: _without_new(work, former, clear, sent[email])
        for email, former, clear in some.select("email", "body", "clear").iter_rows()
        if email in sent
    }
    made = pl.DataFrame(
        [(email, *text) for email, text in texts.items()],
        {"email": pl.String, "emptied": pl.String, "cleared": pl.String},
        orient="row",
    )
    both = rows.join(made, on="email", how="left", maintain_order="left")
    return both.with_columns(
        body=pl.coalesce("emptied", "body"), clear=pl.coalesce("cleared", "clear")
    )


def _without_new(
    work: RunAtWork, former: str, clear: str | None, sent: str
) -> tuple[str, str | None]:
    """The former body that empties what was new in the one sent since, and what it empties."""
    capabilities = work.run.order.capabilities
    layout = capabilities.layout
    new = layout.values(json.loads(sent)).keys() - layout.values(json.loads(former)).keys()
    before = json.loads(clear) if clear else []
    can = layout.fields - capabilities.never_emptied
    names = sorted(n for n in new if (n in can or n.startswith(IN_PROPERTIES)) and n not in before)
    if not names:
        return former, clear
    unset = [name.removeprefix(IN_PROPERTIES) for name in names if layout.empties(name)]
    return _unsetting(former, unset, before, layout), json.dumps([*before, *names])


def _unsetting(body: str, names: list[str], before: list[str], layout: Layout) -> str:
    """The body that empties these properties by being sent."""
    if not names or layout.unset is None:
        return body
    listed, (opening, closing) = json.dumps(names)[1:-1], layout.unset
    if any(layout.empties(name) for name in before):  # it has a list of them already
        return f"{body.removesuffix(closing)},{listed}{closing}"
    return f"{body.removesuffix(layout.end)}{opening}{listed}{closing}"
