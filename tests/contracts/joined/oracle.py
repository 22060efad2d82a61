"""What fields from another table mean, as docs/sources.md says it, in plain Python."""

from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.contracts.rules.oracle import clean, is_empty, is_in


def fields(profile_key, rows, join, today, zone):
    """The fields of the profile with this key, by name, of the rows of the other table."""
    key = comparable(profile_key)
    [other_key] = [join["on"]] if isinstance(join["on"], str) else join["on"].values()
    own = [row for row in rows if key is not None and comparable(row[other_key]) == key]
    return {field["name"]: made(field, own, today, zone) for field in join["fields"]}


def comparable(value):
    """A value as rules compare it: texts clean, None for what is empty."""
    if is_empty(value):
        return None
    return clean(value) if isinstance(value, str) else value


def made(field, rows, today, zone):
    by = field.get("by")
    rows = [row for row in rows if counts(field, row, today, zone)]
    if "count" in field:
        return len(rows)
    if "exists" in field:
        return bool(rows)
    [(make, column)] = [one for one in field.items() if one[0] not in ("name", "by", *ASIDE)]
    if make in ("first", "last") and by:
        dated = [row for row in rows if row[by] is not None]
        ends = {"first": min, "last": max}[make]((row[by] for row in dated), default=None)
        rows = [row for row in dated if row[by] == ends]
        make = "max"
    values = [found for row in rows if (found := comparable(row[column])) is not None]
    return MAKES[make](values)


ASIDE = ("within_days", "where")


def counts(field, row, today, zone):
    """Whether a row is among those that the field is made of."""
    if (days := field.get("within_days")) is not None:
        found = row[field["by"]]
        if found is None or not today - timedelta(days) <= day(found, zone) <= today:
            return False
    return "where" not in field or is_in(field["where"], row, today, zone)


def day(value, zone):
    if not isinstance(value, datetime):
        return value
    return (value.astimezone(ZoneInfo(zone)) if value.tzinfo else value).date()


def total(values):
    """Exactly, of floating numbers as they are added up."""
    return sum(values) if values else None


def average(values):
    """The exact sum as a floating number, by how many there are."""
    return float(sum(map(Fraction, values))) / len(values) if values else None


def largest(values):
    return max(values, key=ordered, default=None)


def smallest(values):
    return min(values, key=ordered, default=None)


def ordered(value):
    """Texts by their characters, whatever a collation says."""
    return value.encode() if isinstance(value, str) else value


MAKES = {
    "sum": total,
    "average": average,
    "min": smallest,
    "first": smallest,
    "max": largest,
    "last": largest,
    "distinct": lambda values: len(set(values)),
}
