"""Whether rules fit a source: fields exist, operators and values suit what the fields hold."""

import polars as pl

from core.errors import Invalid, Unknown
from core.profiles.segments.operators import Shape
from core.profiles.segments.rules import Group, Rule
from core.profiles.segments.values import fitting
from core.profiles.sources import Schema
from core.profiles.sources.misfits import WrongKind
from core.texts import _


def check(rules: Group, schema: Schema, where: str) -> None:
    """Raises Unknown for a field the source lacks, Invalid for what doesn't suit its kind.

    `where` names their owner, as in “The segment “Spenders””; it precedes the sentence
    unless it is empty.
    """
    for rule in rules.rules():
        try:
            _check(rule, schema)
        except Invalid as error:
            error.args = (f"{where}: {error}" if where else str(error),)
            raise


def _check(rule: Rule, schema: Schema) -> None:
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


def _pattern(field: str, pattern: str) -> None:
    """The engine itself says whether it understands a regular expression."""
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
