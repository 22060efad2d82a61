"""Whether groups that take the first of their people fit a source."""

from collections.abc import Collection

from core.errors import Invalid, Unknown
from core.profiles.segments.rules import Group
from core.profiles.segments.top import ORDERED, TELLING
from core.profiles.sources import Kind, Schema
from core.profiles.sources.misfits import WrongKind
from core.texts import _

DEEPEST = 3  # of them within each other: each is a query in the next, of which SQLite takes few

BY = _(
    "The field “{field}” has {kind}, of which none is larger than another. The first people come "
    "by a field with numbers or dates."
)
TIES = _(
    "The field “{field}” has {kind}, which say nobody apart from others. Who comes first of people "
    "with the same value is decided by a field with text or numbers, such as an id or the email."
)


def check(rules: Group, schema: Schema) -> None:
    """Raises Unknown for a field the source lacks, Invalid for one that can't be used so.

    Invalid as well for too many groups within each other.
    """
    for group in rules.tops():
        if group.top is not None:
            _check(group.top.by, ORDERED, BY, schema)
            _check(group.top.ties, TELLING, TIES, schema)
    if _depth(rules) > DEEPEST:
        text = _(
            "More than {n} groups that take the first of their people lie within each other. "
            "Take the first of fewer of them."
        )
        raise Invalid(text.format(n=DEEPEST))


def _check(name: str, wanted: Collection[Kind], wrong: str, schema: Schema) -> None:
    if name not in schema:
        raise Unknown(_("field"), name, schema, name)
    if schema[name] not in (*wanted, Kind.nothing):
        sentence = wrong.format(field=name, kind=schema[name].several)
        raise WrongKind(sentence, name, name, wanted)


def _depth(group: Group) -> int:
    """How many of them lie within each other."""
    groups = [] if group.is_unresolved else [one for one in group.items if isinstance(one, Group)]
    return max(map(_depth, groups), default=0) + (group.top is not None)
