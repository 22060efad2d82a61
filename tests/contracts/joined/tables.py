"""Profiles and orders with every kind of column and key, and fields of every way to make them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

TODAY, ZONE = date(2026, 3, 29), "Europe/Riga"  # the day the clocks go forward there
KEYS = ["C-1", "C-1 ", "c-1", " C-2", "C\u00ad-1", "", " ", None, "Rīga", "ķ-9"]
UNCOMPOSED = "Ri\u0304ga"  # which MariaDB can't compose
MIDNIGHT = datetime(2026, 3, 28, 22, tzinfo=UTC)  # when the day begins in Riga
PROFILES = {"id": "whole", "key": "text", "nr": "whole"}
ORDERS = {
    "customer": "text",
    "number": "whole",
    "items": "whole",
    "total": "exact",
    "weight": "floating",
    "status": "text",
    "gift": "flag",
    "day": "day",
    "told": "told",
    "real": "real",
}


def profiles(keys=KEYS):
    """Each key, the first one twice, and a number beside it."""
    every = [*keys, keys[0]]
    return [{"id": n, "key": key, "nr": n % 4 or None} for n, key in enumerate(every)]


def orders(keys=KEYS):
    """Six rows a key, so that each way meets empty values, ties, and both ends of the last days."""
    return [order(n, key) for n, key in enumerate([*keys] * 6)]


def order(n, key):
    days = [None, TODAY, TODAY - timedelta(90), TODAY - timedelta(91), TODAY + timedelta(1)]
    hours = timedelta(hours=[0, -24 * 90, -24 * 90 - 1, 22, 23][n % 5])
    return {
        "customer": key,
        "number": n % 5 or None,
        "items": [None, 2**62, 3, -(2**62), 0, 7, 1][n % 7],
        "total": [None, Decimal("0.10"), Decimal("0.20"), Decimal("1999999999999.99")][n % 4],
        "weight": [None, 0.5, -2.25, 0.0, 1024.0][n % 5],
        "status": [None, "paid", "Paid", "returned", " ", "ä", "z"][n % 7],
        "gift": [None, True, False][n % 3],
        "day": days[n // 3 % 5],
        "told": datetime(2026, 3, 29) + hours if n % 4 else None,
        "real": MIDNIGHT + hours if n % 3 else None,
    }


RETURNED = {"all": [{"field": "status", "op": "equals", "value": "returned"}]}
NUMBERS = ("number", "items", "total", "weight")
DATES = ("day", "told", "real")
SINGLE = ("number", "total", "weight", "status", "gift", *DATES)


def fields(is_exact=True):
    """One of each way for each column that it takes; without `is_exact` no sums of large ones."""
    made = [{"count": "rows"}, {"exists": "rows"}, {"count": "rows", "where": RETURNED}]
    made += [{"sum": column, "where": RETURNED} for column in ("number", "total")]
    made += [{way: c} for way in ("sum", "average") for c in NUMBERS if is_exact or c != "items"]
    made += [{way: column} for way in ("min", "max") for column in (*NUMBERS, *DATES)]
    made += [{way: column} for way in ("first", "last") for column in DATES]
    made += [{"distinct": column} for column in SINGLE]
    made += [{way: c, "by": by} for way in ("first", "last") for c in SINGLE for by in DATES]
    made += [{"count": "rows", "within_days": n, "by": by} for n in (0, 1, 90) for by in DATES]
    made += [{"last": "status", "within_days": 90, "by": by} for by in DATES]
    return [{"name": f"f{n}", **field} for n, field in enumerate(made)]


def join(is_exact=True):
    """By keys of text."""
    return {"source": "Orders", "on": {"key": "customer"}, "fields": fields(is_exact)}


def join_by_number():
    """By keys of whole numbers."""
    made = [{"name": "n", "count": "rows"}, {"name": "s", "last": "status", "by": "day"}]
    return {"source": "Orders", "on": {"nr": "number"}, "fields": made}
