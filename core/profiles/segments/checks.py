"""Whether rules fit a source: fields exist, operators and values suit what the fields hold."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import polars as pl

from core.errors import Invalid, Unknown
from core.profiles.patterns import translated
from core.profiles.segments import tops
from core.profiles.segments.address_list import MOST_IN_DATABASES, AddressList
from core.profiles.segments.operators import Shape
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.values import fitting
from core.profiles.sources import POLARS, Kind, Schema, engine_of
from core.profiles.sources.databases.engines import ENGINES
from core.profiles.sources.databases.words import WORDS
from core.profiles.sources.misfits import WrongKind
from core.texts import _

if TYPE_CHECKING:
    from core.profiles.segments.sql.reading import Placed


def check(rules: Group, schema: Schema, where: str) -> None:
    """Raises Unknown for a field the source lacks, Invalid for what doesn't suit its kind.

    `where` names their owner, as in “The segment “Spenders””; it precedes the sentence
    unless it is empty.
    """
    for rule, written in _written(rules):
        with about(where), about(str(written.place) if written else ""):
            _check(rule, schema, engine_of(schema))
            if written and schema[rule.field] not in {*written.kinds, Kind.nothing}:
                raise Invalid(_not_so(rule, schema[rule.field]), rule.field)
    with about(where):
        tops.check(rules, schema)


def _written(rules: Group) -> Iterator[tuple[Rule, "Placed | None"]]:
    """Each rule, and of those of a condition in SQL where they stand in it."""
    if rules.sql is not None:
        yield from _of_sql(rules)
        return
    for item in () if rules.is_unresolved else rules.items:
        if isinstance(item, Rule):
            yield item, None
        else:
            yield from _written(item)


def _of_sql(rules: Group) -> Iterator[tuple[Rule, "Placed | None"]]:
    """Without places where the condition meant other rules to the version that resolved it."""
    from core.profiles.segments.sql import reading  # heavy

    every, placed = list(rules.rules()), list["Placed"]()
    with suppress(Invalid):
        placed = list(reading.read(str(rules.sql)).placed)
    are_same = every == [one.rule for one in placed]
    yield from zip(every, placed if are_same else [None] * len(every), strict=True)


def _not_so(rule: Rule, kind: Kind) -> str:
    text = _("The field “{field}” has {kind}, which can't be compared so. {hint}")
    hints = {
        Kind.list: _("An item of a list is found by 'text' = any(column)."),
        Kind.text: _("A part of a text is found by column like '%text%'."),
    }
    return text.format(field=rule.field, kind=kind.several, hint=hints.get(kind, "")).strip()


@contextmanager
def about(where: str) -> Iterator[None]:
    """Says in what is Invalid in it which rules it is about, unless `where` is empty."""
    try:
        yield
    except Invalid as error:
        error.args = (f"{where}: {error}" if where else str(error),)
        raise


def _check(rule: Rule, schema: Schema, engine: str) -> None:
    if rule.field not in schema:
        raise Unknown(_("field"), rule.field, schema, rule.field)
    kind = schema[rule.field]
    if not rule.op.fits(kind):
        text = _("The field “{field}” has {kind}, so “{op}” can't compare it.")
        sentence = text.format(field=rule.field, kind=kind.several, op=rule.op.words)
        raise WrongKind(sentence, rule.field, rule.field, rule.op.kinds)
    values = fitting(rule, kind)
    if rule.op.shape is Shape.pattern:
        _pattern(rule.field, values[0])
    if engine != POLARS:
        _kept(rule, values, engine)


def _kept(rule: Rule, values: tuple[Any, ...], engine: str) -> None:
    """Raises Invalid for what another engine than polars has no words for, see `WORDS`."""
    title = ENGINES[engine].title
    _check_size(rule, title)
    if rule.op.shape is Shape.pattern:
        try:
            translated(values[0], WORDS[engine].patterns, title)
        except Invalid as error:
            error.field = rule.field
            raise


def _check_size(rule: Rule, engine: str) -> None:
    """Raises Invalid for an address list that is too long for a statement."""
    if isinstance(rule.value, AddressList) and rule.value.count > MOST_IN_DATABASES:
        text = _(
            "{engine} compares address lists of up to {most} addresses, and “{name}” has {n}. Put "
            "them into a table there and join it in the source's query, or export the rows to a "
            "Parquet file and use that as the source."
        )
        n, most = f"{rule.value.count:,}", f"{MOST_IN_DATABASES:,}"
        sentence = text.format(engine=engine, most=most, name=rule.value.name, n=n)
        raise Invalid(sentence, rule.field)


def _pattern(field: str, pattern: str) -> None:
    """polars itself says whether it understands a regular expression."""
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError as error:
        lines = str(error).splitlines()
        reason = next(
            (s for line in lines if (s := line.removeprefix("error: ")) != line), lines[0]
        )
        text = _("The regular expression “{pattern}” for “{field}” isn't valid: {reason}.")
        sentence = text.format(pattern=pattern, field=field, reason=reason.rstrip("."))
        raise Invalid(sentence, field) from error
