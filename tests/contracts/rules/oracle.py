"""What rules mean, as docs/rules.md says it, in plain Python: nothing of ours is used here."""

import hashlib
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isinf, isnan
from zoneinfo import ZoneInfo

BLANKS = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
STAYING = "\xa0\u2007\u202f"  # blanks that don't break
UNSEEN = [
    *range(0x09),
    *(0x0B, 0x0C),
    *range(0x0E, 0x20),
    *range(0x7F, 0xA0),
    *(0xAD, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF, 0xFFFE, 0xFFFF),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
]
JOINERS = "\u200c\u200d"
JOINED = [  # scripts that need joiners, and emoji
    *range(0x600, 0x2000),
    *range(0x2190, 0xD800),
    *range(0xE000, 0xFE00),
    0xFE0F,
    *range(0x1F000, 0x1FB00),
]
SEEN = {ord(one): " " for one in STAYING} | dict.fromkeys(UNSEEN)
NEEDING = frozenset(map(chr, JOINED))

POSITIVE = {"not_equals": "equals", "is_none_of": "is_one_of", "not_in_last_days": "in_last_days"}


def clean(text):
    """A text as it is compared: without what nobody sees, its letters composed (NFC)."""
    seen = text.translate(SEEN)
    if not NEEDING & set(seen):
        seen = seen.translate(dict.fromkeys(map(ord, JOINERS)))
    return unicodedata.normalize("NFC", seen)


def is_empty(value):
    if isinstance(value, str):
        return not clean(value).strip(BLANKS)
    return value is None or value == [] or (isinstance(value, float) and isnan(value))


def is_in(group, row, today, zone):
    """Whether a row, its values by field, is in a group of rules as JSON has it."""
    [(kind, items)] = group.items()
    found = [
        is_in(one, row, today, zone) if "op" not in one else passes(one, row, today, zone)
        for one in items
    ]
    return {"all": all(found), "any": any(found), "none": not any(found)}[kind]


def passes(rule, row, today, zone):
    op, value = rule["op"], row[rule["field"]]
    if op == "is_empty":
        return is_empty(value)
    if op == "is_not_empty":
        return not is_empty(value)
    found = not is_empty(value) and holds(
        POSITIVE.get(op, op), value, rule.get("value"), today, zone
    )
    return found != (op in POSITIVE)


def holds(op, value, given, today, zone):
    """The positive question about a value that isn't empty."""
    if op in ("is_true", "is_false"):
        return value is (op == "is_true")
    if op == "in_last_days":
        return today - timedelta(min(given, today.toordinal() - 1)) <= day(value, zone) <= today
    if op == "in_share":
        whole = f"{given['seed']}/{clean(value)}".encode()
        first = int(hashlib.md5(whole, usedforsecurity=False).hexdigest()[:8], 16)
        return first < Fraction(str(given["percent"])) / 100 * 2**32
    if op == "in_list":
        return clean(value).strip(BLANKS).lower() in given["addresses"]
    several = given if isinstance(given, list) else [given]
    if isinstance(value, list):
        return clean(given) in [clean(str(one)) for one in value if one is not None]
    if op == "matches":
        return re.search(given.python, clean(value)) is not None
    if isinstance(value, bool):
        return value in several
    if isinstance(value, str):
        return ANSWERS[op](clean(value), [clean(one) for one in several])
    if isinstance(value, date):
        return ANSWERS[op](day(value, zone), [date.fromisoformat(one) for one in several])
    return ANSWERS[op](number(value), [number(one, value) for one in several])


def day(value, zone):
    """Moments with a time zone are read in ours, those without as they are written."""
    if not isinstance(value, datetime):
        return value
    return (value.astimezone(ZoneInfo(zone)) if value.tzinfo else value).date()


def number(value, beside=None):
    """Exactly: a rule's fraction is what is written, beside floating numbers the nearest one."""
    if isinstance(value, float) and isinf(value):
        return value
    if isinstance(value, float) and isinstance(beside, int | Decimal):
        return Fraction(repr(value))
    return Fraction(value)


ANSWERS = {
    "equals": lambda value, given: value == given[0],
    "on": lambda value, given: value == given[0],
    "is_one_of": lambda value, given: value in given,
    "contains": lambda value, given: given[0] in value,
    "starts_with": lambda value, given: value.startswith(given[0]),
    "ends_with": lambda value, given: value.endswith(given[0]),
    "more_than": lambda value, given: value > given[0],
    "at_least": lambda value, given: value >= given[0],
    "less_than": lambda value, given: value < given[0],
    "at_most": lambda value, given: value <= given[0],
    "between": lambda value, given: given[0] <= value <= given[1],
    "before": lambda value, given: value < given[0],
    "after": lambda value, given: value > given[0],
}
