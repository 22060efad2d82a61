"""Freezing: the source is read once, checked, and cut into the batches that a run will send."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import polars as pl
from polars.exceptions import PolarsError

from core.columns import own
from core.errors import Invalid, Rejected, SourceFailed
from core.files import refused_by_disk, replacing_folder
from core.plan.cut import Cutter
from core.plan.frozen import ERASED, Frozen, Part, keep_members, rejects_path, write_plan
from core.plan.hashes import HASH
from core.profiles.matching import shared
from core.profiles.matching.emails import as_sent
from core.profiles.matching.identity import identifiers_of
from core.profiles.matching.matching import Matching
from core.profiles.matching.reasons import REASONS, Reason, Warned
from core.profiles.matching.rows import encoded, judged, too_large
from core.profiles.sources import ROW, SEGMENTS, Progress, silent
from core.profiles.sources.failures import sentence
from core.profiles.sources.notes import Note, with_notes
from core.texts import _

SLICE = 50_000  # rows that are turned into profiles at a time
READ, JUDGED = 0.3, 0.4  # shares of the work that are done by then
REASON = own("reason")
REFUSED_BEFORE = "refused_before"  # by the destination, as it is, when it was sent last
# `segments`: which of several the row is in, see segments.numbered; null where that is not known.
REJECTS = {
    "row": pl.Int64,
    "email": pl.String,
    "reason": pl.String,
    "detail": pl.String,
    "segments": pl.Int64,
}


class OverLimit(Rejected):
    """More profiles than the export's limit: `valid` of them, where `limit` are allowed.

    `rejected` counts the members that would not be sent anyway, by reason.
    """

    def __init__(self, valid: int, limit: int, rejected: Mapping[str, int]) -> None:
        text = _(
            "{valid} profiles are more than the limit of {limit} in one run. Narrow the "
            "segments, raise the limit, or let the export split its runs."
        )
        super().__init__(text.format(valid=f"{valid:,}", limit=f"{limit:,}"))
        self.valid = valid
        self.limit = limit
        self.rejected = dict(rejected)


def freeze(
    frame: pl.LazyFrame,
    matching: Matching,
    folder: Path,
    *,
    limit: int,
    over: Literal["stop", "split"],
    progress: Progress = silent,
    only_email: str | None = None,
    known: pl.Series | None = None,
    refused: pl.DataFrame | None = None,
    notes: Sequence[Note] = (),
) -> Frozen:
    """Reads the members once and keeps in `folder` all that will be sent, or nothing at all.

    `matching` is that of the frame's rows, `known` the hashes (HASH) of what needn't be sent again,
    `refused` those that the destination refused as they are (hash, why). Of an export that
    stops at its limit the rejects alone are kept. `only_email` narrows the members to those with
    that address. `notes` of reading join the warnings of the first part. `progress` may raise, to
    stop the work. Calling again starts over.
    Raises OverLimit, SourceFailed, StorageFailed; Invalid when nobody has the address.
    """
    with replacing_folder(folder) as draft:
        members = _kept(_needed(frame, matching, only_email), draft, progress)
        progress(READ, _("Checking the profiles"))
        reasons = _reasons(members, matching, progress)
        if only_email is not None and reasons.is_empty():
            raise _nobody_with(only_email)
        valid = reasons.null_count()
        stops = over == "stop" and valid > limit
        writer = _Writer(members, matching, draft, progress, known, refused)
        frozen = writer.frozen(reasons, None if stops else limit, notes)
    if stops:
        raise OverLimit(valid, limit, frozen.parts[0].rejected)
    return frozen


def _needed(members: pl.LazyFrame, matching: Matching, only_email: str | None) -> pl.LazyFrame:
    """What matching needs of the members, or of those with this address alone."""
    if only_email is not None:
        members = members.filter(matching.email() == as_sent(only_email))
    return members.select(matching.columns)


def _nobody_with(email: str) -> Invalid:
    text = _("No member of the segments has the address “{email}”. Check its spelling.")
    return Invalid(text.format(email=email))


def _kept(members: pl.LazyFrame, draft: Path, progress: Progress) -> pl.LazyFrame:
    """A copy of the members in the order of their ROW, taken while the source is read once."""
    copy, doing = draft / "members.parquet", _("Reading the source")
    try:
        _sink(
            _watched(members.with_columns(pl.col(ROW).cast(pl.Int64)), progress, 0.0, doing), copy
        )
    except (OSError, PolarsError) as error:
        if refused_by_disk(error):
            raise
        raise SourceFailed(sentence(error, _("The source"))) from error
    kept = pl.scan_parquet(copy)
    rows = kept.select(ROW).collect(engine="streaming")[ROW]
    if rows.is_sorted():
        return kept
    ordered = draft / "members-ordered.parquet"
    _sink(kept.sort(ROW, maintain_order=True), ordered)
    return pl.scan_parquet(ordered)


def _watched(members: pl.LazyFrame, progress: Progress, share: float, doing: str) -> pl.LazyFrame:
    """The members, with a look at whether to stop whenever some of their ROW are read."""

    def seen(rows: pl.Series) -> pl.Series:
        progress(share, doing)
        return rows

    looks = pl.col(ROW).map_batches(seen, return_dtype=pl.Int64, is_elementwise=True)
    return members.with_columns(looks)


def _sink(frame: pl.LazyFrame, path: Path) -> None:
    frame.sink_parquet(path, compression="lz4", statistics=False, row_group_size=SLICE)


def _reasons(members: pl.LazyFrame, matching: Matching, progress: Progress) -> pl.Series:
    """The reason of each member, null for those that are sent."""
    watched = _watched(members, progress, READ, _("Checking the profiles"))
    wanted = (ROW, "email", "reason")  # without ROW nobody would look
    seen = judged(watched, matching).select(wanted).collect(engine="streaming")
    if (seen["reason"] == Reason.too_large).any():
        large = pl.col(ROW).is_in(too_large(watched, matching).implode())
        again = judged(watched, matching, large).select(wanted)
        seen = again.collect(engine="streaming")
    sendable = pl.when(pl.col("reason").is_null()).then("email")
    double = sendable.is_not_null() & ~sendable.is_first_distinct()
    reason = pl.when(double).then(pl.lit(Reason.duplicate_email)).otherwise("reason")
    return seen.select(reason.alias("reason"))["reason"]


def _with_shared(parts: Iterable[Part], people: Sequence[pl.DataFrame]) -> Iterator[Part]:
    """The parts with warnings of identifiers that people of any of them share."""
    if not people:
        yield from parts
        return
    found = shared.sharing(pl.concat(people)).join(
        pl.concat(some.select(ROW, "part") for some in people), on=ROW
    )
    for part in parts:
        counts = shared.counted(found.filter(part=part.number))
        yield replace(part, warnings={**part.warnings, **counts})


def _counted(reasons: pl.Series) -> dict[str, int]:
    """How many rows have each reason, the most frequent first."""
    return dict(reasons.drop_nulls().cast(pl.String).value_counts(sort=True).iter_rows())


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns members into the files of each part."""

    members: pl.LazyFrame
    matching: Matching
    draft: Path
    progress: Progress
    known: pl.Series | None
    refused: pl.DataFrame | None
    people: list[pl.DataFrame] = field(default_factory=list)  # ROW, part, hashes of identifiers

    def frozen(self, reasons: pl.Series, limit: int | None, notes: Sequence[Note]) -> Frozen:
        """Writes the parts and their plan; without a limit the rejects alone.

        The copy of the members is deleted.
        """
        parts = [self.rejects_only(reasons)] if limit is None else [*self.parts(reasons, limit)]
        first, *others = _with_shared(parts, self.people)
        warned = replace(first, warnings=with_notes(first.warnings, notes))
        for file in self.draft.glob("members*"):
            file.unlink()
        frozen = Frozen((warned, *others))
        write_plan(self.draft, frozen)
        return frozen

    def parts(self, reasons: pl.Series, limit: int) -> Iterator[Part]:
        """Parts of at most `limit` valid profiles; a reject goes with the valid row before it."""
        nth = reasons.is_null().cast(pl.UInt32).cum_sum().cast(pl.Int64)
        runs = ((nth - 1).clip(0) // limit).rle().struct.unnest()
        start = 0
        for number, length in enumerate(runs["len"].to_list() or [0], start=1):
            yield self._part(number, start, reasons[start : start + length], len(reasons))
            start += length

    def rejects_only(self, reasons: pl.Series) -> Part:
        """The rejects without the profiles, for an export that is over its limit."""
        rejects_path(self.draft, 1).parent.mkdir()
        rejected = [self._rejects(some) for some in self._slices(0, reasons, len(reasons))]
        counts = self._write_rejects(1, rejected)
        return Part(1, len(reasons), reasons.null_count(), counts, {}, ())

    def _slices(self, start: int, reasons: pl.Series, members: int) -> Iterator[pl.DataFrame]:
        """Members from `start` on, with their reasons, SLICE at a time."""
        for at in range(0, len(reasons), SLICE):
            done = JUDGED + (1 - JUDGED) * (start + at) / members
            self.progress(done, _("Writing batches"))
            some = self.members.slice(start + at, SLICE).collect()
            yield some.head(len(reasons) - at).with_columns(reasons[at : at + SLICE].alias(REASON))

    def _write_rejects(self, number: int, rejects: list[pl.DataFrame]) -> dict[str, int]:
        """Writes a part's rejects; how many there are for each reason."""
        rejected = pl.concat([pl.DataFrame(schema=REJECTS), *rejects])
        rejected.write_parquet(rejects_path(self.draft, number))
        return _counted(rejected["reason"])

    def _part(self, number: int, start: int, reasons: pl.Series, members: int) -> Part:
        rejects_path(self.draft, number).parent.mkdir()
        cutter, sent, refused = Cutter(self.draft, number, self.matching.layout), 0, 0
        rejects, warned = list[pl.DataFrame](), dict.fromkeys(Warned, 0)
        for at, some in enumerate(self._slices(start, reasons, members), start=1):
            good = some.filter(pl.col(REASON).is_null())
            profiles = encoded(good.lazy(), self.matching)
            ready = profiles.with_columns(hash=HASH).collect()
            ready = ready.with_columns(good.with_columns(_segments(good))["segments"])
            keep_members(self.draft, number, at, ready)
            if identifiers := identifiers_of(self.matching):
                self.people.append(ready.select(ROW, *identifiers, part=pl.lit(number)))
            before = self._refused_before(ready)
            fresh = self._fresh(ready)
            if not before.is_empty():
                fresh = fresh.join(before, left_on=ROW, right_on="row", how="anti")
            cutter.add(fresh)
            sent += fresh.height
            refused += before.height
            rejects += [self._rejects(some), before]
            warned = {kind: n + int(ready[kind].sum()) for kind, n in warned.items()}
        counts = self._write_rejects(number, rejects)
        warnings = {str(kind): n for kind, n in warned.items() if n}
        valid = reasons.null_count() - refused
        batches = cutter.close()
        return Part(number, len(reasons), valid, counts, warnings, batches, valid - sent)

    def _refused_before(self, ready: pl.DataFrame) -> pl.DataFrame:
        """Those whose body the destination refused as it is, with its words: REJECTS."""
        if self.refused is None or self.refused.is_empty():
            return pl.DataFrame(schema=REJECTS)
        found = ready.join(self.refused.unique("hash"), on="hash", maintain_order="left")
        reason = pl.lit(REFUSED_BEFORE)
        rows = found.select("email", "segments", row=ROW, reason=reason, detail="why")
        return rows.select(list(REJECTS)).cast(pl.Schema(REJECTS))

    def _fresh(self, ready: pl.DataFrame) -> pl.DataFrame:
        """Those whose body wasn't sent before as it is."""
        if self.known is None or self.known.is_empty():
            return ready
        return ready.filter(~pl.col("hash").is_in(self.known.implode()))

    def _rejects(self, some: pl.DataFrame) -> pl.DataFrame:
        reason = pl.col(REASON)
        known = reason.ne_missing(pl.lit(Reason.erased, REASONS))
        return some.filter(reason.is_not_null()).select(
            row=ROW,
            email=pl.when(known).then(self.matching.given_email()).otherwise(pl.lit(ERASED)),
            reason=reason.cast(pl.String),
            detail=pl.lit(None, dtype=pl.String),
            segments=_segments(some),
        )


def _segments(some: pl.DataFrame) -> pl.Expr:
    """Which of several each row is in; null where that is not told apart."""
    known = SEGMENTS in some.columns
    return (pl.col(SEGMENTS) if known else pl.lit(None, pl.Int64)).alias("segments")
