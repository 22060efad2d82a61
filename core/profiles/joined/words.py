"""Fields that are made from another table, in plain words."""

from core.profiles.joined.fields import Join, JoinedField
from core.profiles.segments.words import words
from core.texts import _, many


def field_words(field: JoinedField) -> str:
    """How a field is made, as in: sum of “total”, in the last 90 days by “day”."""
    column = f" “{field.column}”" if field.column else ""
    parts = [f"{field.make.words}{column}"]
    if field.by and field.make.is_ordered:
        parts[0] += _(" by “{column}”").format(column=field.by)
    if field.within_days is not None:
        days = many(
            "in the last {n} day by “{column}”",
            "in the last {n} days by “{column}”",
            field.within_days,
            column=str(field.by),
        )
        parts.append(days)
    if field.where is not None:
        parts.append(_("where {rules}").format(rules=words(field.where)))
    return ", ".join(parts)


def key_words(join: Join) -> str:
    """By which columns rows belong to people."""
    if join.key == join.other_key:
        return _("by “{column}”").format(column=join.key)
    return _("by “{column}” = “{other}”").format(column=join.key, other=join.other_key)
