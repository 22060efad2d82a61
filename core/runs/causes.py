"""What moved the number of people of a run: each cause by how many, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.configuration.order import Order, changed_lists
from core.plan.freeze import REFUSED_BEFORE
from core.profiles.matching.reasons import Reason
from core.profiles.rule_summary import RuleSummary, TopSummary
from core.profiles.segments import lists_within, united
from core.profiles.segments.rules import Group
from core.profiles.summary import Summary
from core.runs import moved, moved_borders
from core.runs.reasons import reason_words
from core.store.tables.runs import Run
from core.texts import _, many

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


def changed_segments(earlier: Sequence[Run], parts: Sequence[Run]) -> list[str]:
    """The segments that somebody has changed since."""
    was, is_now = _rules(earlier[0].order), _rules(parts[0].order)
    there = earlier[0].order.segments.keys() | parts[0].order.segments.keys()
    there |= was.keys() & is_now.keys()  # not those within that have another name only
    return [name for name in there if was.get(name) != is_now.get(name)]


def by_change(
    earlier: Sequence[Run], parts: Sequence[Run], changed: Sequence[str], grown: int
) -> Iterator[Cause]:
    """Somebody has changed these segments, or the address lists in them, since."""
    was, is_now = _rules(earlier[0].order), _rules(parts[0].order)
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


def by_rows(before: Summary, now: Summary, members: int) -> Iterator[Cause]:
    """The source itself is larger or smaller: so many people more or fewer are to be expected."""
    if before.rows and before.rows != now.rows:
        n, left = round(members * abs(now.rows - before.rows) / before.rows), now.rows < before.rows
        text = _("The source has {rows} rows (was {before}): about {people}.")
        people = _people(n, left=left)
        told = text.format(rows=f"{now.rows:,}", before=f"{before.rows:,}", people=people)
        yield Cause(n, left, told)


def by_rules(before: Summary, now: Summary) -> Iterator[Cause]:
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


def by_borders(tops: Iterable[tuple[TopSummary, TopSummary]]) -> Iterator[Cause]:
    """Groups that take the first of their people, and decide about fewer or more than before."""
    for was, is_now in tops:
        what, n = moved_borders.words(was, is_now), is_now.let_in - was.let_in
        left = moved_borders.is_closer(was, is_now)
        if what and n and left is (n < 0):
            yield Cause(abs(n), left, f"{what}: {_people(abs(n), left=left)}.", is_now.field)


def _people(n: int, *, left: bool) -> str:
    if left:
        return many("{n} person left by it", "{n} left by it", n)
    return many("{n} person came by it", "{n} came by it", n)


def by_reasons(
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
