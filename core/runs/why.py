"""Why a run has more or fewer people than the run before: by which rule, and by which column.

Two summaries of a source are compared (`core.profiles.summary`); nobody's row is read for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from core.configuration.order import Order, changed_lists
from core.plan.freeze import REFUSED_BEFORE
from core.profiles.matching.reasons import Reason
from core.profiles.segments import lists_within, united
from core.profiles.segments.rules import Group
from core.profiles.summary import RuleSummary, Summary
from core.runs import moved
from core.runs.reasons import reason_words
from core.store import Store, details, runs
from core.store.tables.runs import Run
from core.texts import _, many

SHARE = 0.01  # of the members before, 0 to 1, from which on a cause is worth a word
LEAST = 5  # people
MOST = 8  # causes
OF_ADDRESS = frozenset(map(str, (Reason.missing_email, Reason.invalid_email)))


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that moved the number: by how many people, in words; `column` where it is one.

    `left` says whether people are missing by it, else they came. `told` is a whole sentence.
    """

    n: int
    left: bool
    told: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Two runs of an export beside each other, people; the causes with the strongest first."""

    since: int  # the run before
    before: int  # members
    now: int
    came: int  # new to the list, who would join or joined
    left: int  # on the list by the export, and no longer members
    rows_before: int
    rows: int
    causes: tuple[Cause, ...]
    moved: tuple[str, ...]  # columns whose values moved, in sentences

    @property
    def sentence(self) -> str | None:
        """The strongest cause in one sentence; None where nothing that matters moved."""
        same = [one for one in self.causes if one.left is (self.now < self.before)]
        return same[0].told if same else None

    @property
    def size(self) -> str:
        """How large the source was and is, a sentence."""
        text = _("The source has {now} rows; in run {run} it had {before}.")
        return text.format(now=f"{self.rows:,}", before=f"{self.rows_before:,}", run=self.since)


def of(store: Store, run: Run) -> Why | None:
    """Why the run differs from the one before; None where one of the sources isn't known."""
    with store.begin() as session:
        return within(session, run)


def within(session: Session, run: Run) -> Why | None:
    """The same, within a transaction."""
    known, last = details.source(session, run), details.before(session, run)
    former = details.source(session, last) if last else None
    if known is None or last is None or former is None:
        return None
    parts, earlier = runs.siblings(session, run), runs.siblings(session, last)
    return compared(Summary.read(former), Summary.read(known), earlier, parts)


def sentence(store: Store, run: Run) -> str | None:
    """The strongest cause in one sentence, for whoever sends it on; None where none is known."""
    found = of(store, run)
    return found.sentence if found else None


def compared(before: Summary, now: Summary, earlier: Sequence[Run], parts: Sequence[Run]) -> Why:
    """The parts of a run beside those of the run before, with what their sources looked like."""
    was, is_now = (sum(one.members for one in some) for some in (earlier, parts))
    least = max(LEAST, SHARE * max(was, is_now))
    found = [
        *_by_change(earlier, parts, is_now - was),
        *_by_rows(before, now, was),
        *_by_rules(before, now),
        *_by_reasons(before, now, earlier, parts),
    ]
    causes = sorted((one for one in found if one.n >= least), key=lambda one: -one.n)
    return Why(
        since=earlier[0].id,
        before=was,
        now=is_now,
        came=sum(one.added for one in parts),
        left=sum(one.leaving for one in parts),
        rows_before=before.rows,
        rows=now.rows,
        causes=tuple(causes[:MOST]),
        moved=tuple(text for name in now.columns if (text := moved.words(name, before, now))),
    )


def _by_change(earlier: Sequence[Run], parts: Sequence[Run], grown: int) -> Iterator[Cause]:
    """Somebody has changed the segments since."""
    was, is_now = _rules(earlier[0].order), _rules(parts[0].order)
    there = earlier[0].order.segments.keys() | parts[0].order.segments.keys()
    there |= was.keys() & is_now.keys()  # not those within that have another name only
    changed = [name for name in there if was.get(name) != is_now.get(name)]
    if changed:
        text = _("The rules were changed since run {run} ({names}): {people}.")
        if all(_as_written(was, name) == _as_written(is_now, name) for name in changed):
            changed = changed_lists(earlier[0].order, parts[0].order)
            text = _("The address list {names} has changed since run {run}: {people}.")
        names = ", ".join(f"“{name}”" for name in sorted(changed))
        people = _people(abs(grown), left=grown < 0)
        yield Cause(
            abs(grown), grown < 0, text.format(run=earlier[0].id, names=names, people=people)
        )


def _as_written(rules: Mapping[str, Group], name: str) -> Group | None:
    """A segment's rules, whatever addresses its lists have."""
    return lists_within.as_written(rules[name]) if name in rules else None


def _rules(order: Order) -> dict[str, Group]:
    """Of the segments of an export, and of those that they are made from, by name."""
    groups = [group for rules in order.segments.values() for group in rules.groups()]
    named = {group.segment: group for group in groups if group.segment is not None}
    return {name: united.unnamed(rules) for name, rules in {**named, **order.segments}.items()}


def _by_rows(before: Summary, now: Summary, members: int) -> Iterator[Cause]:
    """The source itself is larger or smaller: so many people more or fewer are to be expected."""
    if before.rows and before.rows != now.rows:
        n, left = round(members * abs(now.rows - before.rows) / before.rows), now.rows < before.rows
        text = _("The source has {rows} rows (was {before}): about {people}.")
        people = _people(n, left=left)
        told = text.format(rows=f"{now.rows:,}", before=f"{before.rows:,}", people=people)
        yield Cause(n, left, told)


def _by_rules(before: Summary, now: Summary) -> Iterator[Cause]:
    """Rules that keep out more or fewer than they would if only the source had another size."""
    ratio = now.rows / before.rows if before.rows else 0.0
    former = {(rule.segment, rule.field, rule.words): rule for rule in before.rules}
    for rule in now.rules:
        if old := former.get((rule.segment, rule.field, rule.words)):
            out = rule.kept_out - round(old.kept_out * ratio)
            let_in = rule.let_in - round(old.let_in * ratio)
            change = out if abs(out) >= abs(let_in) or out > 0 else -let_in
            passed = rule.passes - round(old.passes * ratio)
            if change > 0 > passed:
                yield _cause(rule, before, now, change, left=True)
            elif change < 0 < passed:
                yield _cause(rule, before, now, -change, left=False)


def _cause(rule: RuleSummary, before: Summary, now: Summary, n: int, *, left: bool) -> Cause:
    what = moved.words(rule.field, before, now, rule.words)
    if what is None:
        text = _("The rule “{rule}” of “{segment}” matches others now")
        what = text.format(rule=rule.words, segment=rule.segment)
    return Cause(n, left, f"{what}: {_people(n, left=left)}.", rule.field)


def _people(n: int, *, left: bool) -> str:
    if left:
        return many("{n} person left by it", "{n} left by it", n)
    return many("{n} person came by it", "{n} came by it", n)


def _by_reasons(
    before: Summary, now: Summary, earlier: Sequence[Run], parts: Sequence[Run]
) -> Iterator[Cause]:
    """People that are rejected more or less often for a reason than among the members before."""
    was, is_now = _rejected(earlier), _rejected(parts)
    members = sum(one.members for one in earlier)
    ratio = sum(one.members for one in parts) / members if members else 0.0
    for reason in was.keys() | is_now.keys():
        n = is_now.get(reason, 0) - round(was.get(reason, 0) * ratio)
        if n and reason != REFUSED_BEFORE:
            yield _rejection(reason, n, before, now, parts[0].order)


def _rejection(reason: str, n: int, before: Summary, now: Summary, order: Order) -> Cause:
    column = order.export.match.email if reason in OF_ADDRESS else None
    what = moved.words(column, before, now) if column else None
    words = reason_words(reason, order.capabilities)
    what = what or (words[0] if words else reason)
    if n > 0:
        text = many("{n} more profile is rejected", "{n} more profiles are rejected", n)
    else:
        text = many("{n} fewer profile is rejected", "{n} fewer profiles are rejected", -n)
    return Cause(abs(n), n > 0, f"{what}: {text}.", column)


def _rejected(parts: Iterable[Run]) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    for part in parts:
        for reason, n in part.rejected.items():
            sums[reason] = sums.get(reason, 0) + n
    return sums
