"""Whether fields from another table can be made: columns are there, and hold what is needed."""

from collections.abc import Collection, Sequence

from core.errors import Invalid, Unknown
from core.profiles.joined.fields import DATED, Join, JoinedField
from core.profiles.segments import checks
from core.profiles.sources import POLARS, Kind, Schema, engine_of
from core.profiles.sources.misfits import WrongKind
from core.texts import _

KEYS = {Kind.text, Kind.number}


def check_names(joins: Sequence[Join], schema: Schema) -> None:
    """Raises Invalid for a field that is called like another one of the source.

    In SQL names that differ by case alone may be the same.
    """
    same = str if engine_of(schema) == POLARS else str.casefold
    taken = set(map(same, schema))
    for place, join in enumerate(joins):
        for n, field in enumerate(join.fields):
            if same(field.name) in taken:
                text = _(
                    "The field “{name}” from “{other}” is called like another one of the source. "
                    "Give it another name."
                )
                sentence = text.format(name=field.name, other=join.source)
                raise Invalid(sentence, f"joined.{place}.fields.{n}.name")
            taken.add(same(field.name))


def check_key(join: Join, schema: Schema) -> None:
    """Raises Unknown, Invalid for a column of the profiles that can't be the key."""
    _check_kind(join.key, schema, KEYS, "on")


def check(join: Join, schema: Schema, key: Kind) -> None:
    """Raises Unknown, Invalid for what the other table, of that schema, can't give.

    `key` is what the column of the profiles holds. The place of the problem is named from the join
    on, as in fields.0.by.
    """
    _check_kind(join.other_key, schema, KEYS, "on")
    other = schema[join.other_key]
    if Kind.nothing not in (key, other) and key is not other:
        text = _(
            "“{key}” holds {kind} and “{column}” of “{other}” {other_kind}, so nothing would match."
        )
        given = {"key": join.key, "column": join.other_key, "other": join.source}
        sentence = text.format(**given, kind=key.several, other_kind=other.several)
        raise WrongKind(sentence, "on", join.other_key, {key})
    for n, field in enumerate(join.fields):
        _check_field(field, schema, f"fields.{n}")


def _check_field(field: JoinedField, schema: Schema, place: str) -> None:
    make = field.make
    if field.column is not None:
        undated = field.order == field.column
        _check_kind(field.column, schema, DATED if undated else make.kinds, f"{place}.{make}")
    if field.by is not None:
        _check_kind(field.by, schema, DATED, f"{place}.by")
    if field.where is not None:
        checks.check(field.where, schema, _("The field “{name}”").format(name=field.name))


def _check_kind(column: str, schema: Schema, wanted: Collection[Kind], place: str) -> None:
    if column not in schema:
        raise Unknown(_("column"), column, schema, place)
    if schema[column] in (*wanted, Kind.nothing):
        return
    text = _("“{column}” holds {kind}; this needs {wanted}.")
    names = _(" or ").join(kind.several for kind in Kind if kind in wanted)
    sentence = text.format(column=column, kind=schema[column].several, wanted=names)
    raise WrongKind(sentence, place, column, wanted)
