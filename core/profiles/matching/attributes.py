"""The attributes of profiles as pieces of JSON text."""

import json
from collections.abc import Collection, Iterator

import polars as pl

from core.profiles.matching import bodies
from core.profiles.matching.fields import Target, Use
from core.profiles.matching.matching import EMAIL, PHONE, Matching


def attributes_of(matching: Matching, group: str | None) -> pl.Expr:
    """The JSON text of a group's attributes, or of those outside of groups, without braces."""
    ours = [t for t in matching.targets.values() if group == (t.path[0] if t.path[1:] else None)]
    merged = {name for names in matching.layout.merged.values() for name in names}
    members = [_member(matching, target) for target in ours if target.name not in merged]
    return bodies.joined(members if group else [*members, *_merged_members(matching, ours)])


def names_to_clear(matching: Matching, group: str | None = None) -> pl.Expr:
    """The names of targets to empty, as a JSON text without brackets; of a group, its own."""
    wanted = [t for t in matching.targets.values() if t.name in matching.clear]
    if group:
        wanted = [t for t in wanted if t.path[0] == group]
    return bodies.joined(
        _name_if_empty(matching, t, t.path[-1] if group else t.name) for t in wanted
    )


def _name_if_empty(matching: Matching, target: Target, name: str) -> pl.Expr:
    empty = bodies.empty(*matching.given(target.column))  # what is left out is not empty
    return pl.when(empty).then(pl.lit(json.dumps(name, ensure_ascii=False)))


def _member(matching: Matching, target: Target) -> pl.Expr:
    name = target.path[-1]
    if target.use in (Use.email, Use.phone):
        sent = pl.col(EMAIL if target.use is Use.email else PHONE)
        return pl.concat_str(pl.lit(f'"{name}":"'), sent, pl.lit('"'))
    make = bodies.text_member if target.use is Use.text else bodies.member
    if make is bodies.member and target.column in matching.whole:
        make = bodies.whole_member
    return make(name, *matching.value(target))


def _merged_members(matching: Matching, fields: Collection[Target]) -> Iterator[pl.Expr]:
    """The fields that become one: their texts with blanks between, empty ones left out."""
    for name, parts in matching.layout.merged.items():
        some = sorted((t for t in fields if t.name in parts), key=lambda t: parts.index(t.name))
        if some:
            yield bodies.merged_member(name, [matching.value(t) for t in some])
