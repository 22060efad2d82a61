"""People with every kind of field, every kind of emptiness, and what engines disagree about."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import inf, nan
from random import Random

from core.profiles.sources import Kind

TODAY, ZONE = date(2026, 3, 29), "Europe/Riga"  # the day the clocks go forward there
ROWS = 100
KINDS = {
    "text": Kind.text,
    "whole": Kind.number,
    "floating": Kind.number,
    "short": Kind.number,
    "exact": Kind.number,
    "flag": Kind.boolean,
    "day": Kind.date,
    "told": Kind.moment,
    "real": Kind.moment,
    "tags": Kind.list,
    "sizes": Kind.list,
}
TYPES = {  # in the words of Ibis
    "text": "string",
    "whole": "int64",
    "floating": "float64",
    "short": "float32",
    "exact": "decimal",
    "flag": "boolean",
    "day": "date",
    "told": "timestamp",
    "real": "timestamp('UTC')",
    "tags": "array<string>",
    "sizes": "array<int64>",
}

TEXTS = [
    *(None, "", " ", "\t \u00a0", "\u3000\u2003", "\u200b", "\u200d", "\n", "\ufeff \u2060"),
    *("LV", "lv", "Lv", "LV ", " LV", "LV\t", "LV\n", "\u200bLV", "LV\u00ad", "L\x00V", "LVX"),
    *("Rīga", "Ri\u0304ga", "RĪGA", "riga", "Riga", "R\u00adīga", "ÅÄ", "A\u030aA\u0308", "\u212b"),
    *("straße", "STRASSE", "\u212aelvin", "kelvin", "İstanbul", "ıstanbul", "ﬁn", "fin", "σς"),
    *("a.c", "abc", "a\nc", "a%c", "a_c", "a\\c", "a'c", 'a"c', "a`c", "$a{0}", "{1}", "%s", "::a"),
    *("👩\u200d💻", "👩💻", "می\u200cخواهم", "a\u200cb", "x y", "x\u00a0y", "x\u202fy", "🇱🇻", "𝔸1"),
    *("q\u0323\u0307", "q\u0307\u0323", "e\u0323\u0302", "ê\u0323", "क़", "\u1100\u1161", "가", "กู้"),
    *("12", "1२", "007", "1e3", "-1", "NULL", "a" * 300, "LV" * 90, "a\x7fb", "a\x85b"),
]
ODD = [
    *(chr(n) for n in (*range(0x300, 0x350), *range(0x200B, 0x2030), *range(0x1100, 0x1120))),
    *(chr(n) for n in (*range(0x1E00, 0x1F00), *range(0x5B0, 0x5C0), *range(0xE38, 0xE4C))),
    *(*"LVaecqRi .%\\'\t", *map(chr, range(0x80, 0x180)), "\u093c", "\u0915", "\u1161", "\uac00"),
]
WHOLES = [None, 0, 1, -1, 5, 42, 300, -2, 2**31, 2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]
FLOATS = [
    *(None, nan, inf, -inf, 0.0, -0.0, 0.1, 0.3, 0.1 + 0.2, 1.0, 1.5, -2.5, 300.0, 1e-5, 1e300),
    *(-1e300, 5e-324, float(2**53), float(2**53) + 2, 1e22, 16777217.0),
]
SHORTS = [None, nan, inf, -inf, 0.0, 0.1, 0.3, 1.5, -2.5, 300.0, 16777216.0]
EXACTS = [
    *(None, Decimal("0.1000"), Decimal("0.1001"), Decimal("0"), Decimal("1.5"), Decimal("-2.5")),
    *(Decimal("300"), Decimal("9007199254740993"), Decimal("9007199254740992.0001")),
    *(Decimal("0.3"), Decimal("9999999999999999.9999"), Decimal("-9999999999999999.9999")),
]
DAYS = [
    *(None, TODAY, date(1, 1, 1), date(9999, 12, 31), date(1583, 1, 1), date(1900, 2, 28)),
    *(TODAY + timedelta(days) for days in (-91, -90, -89, -7, -1, 1, 2, 365)),
]
TOLD = [
    *(None, datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999), datetime(1900, 1, 1)),
    *(datetime(2026, 3, 29) + timedelta(hours=hours) for hours in (-25, -24, 0, 2.5, 3, 23, 24)),
    *(datetime(2026, 3, 29, 23, 59, 59, 999999), datetime(2026, 3, 28, 23, 59, 59, 999999)),
    *(datetime(2025, 12, 29), datetime(2025, 12, 28, 23, 59, 59)),
]
REAL = [
    *(None, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, 12, tzinfo=UTC)),
    datetime(2026, 3, 28, 22, tzinfo=UTC),  # the day begins: winter time, two hours ahead
    datetime(2026, 3, 28, 21, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 3, 29, 20, 59, 59, 999999, tzinfo=UTC),  # and ends: summer time, three
    *(datetime(2026, 3, 29, 21, tzinfo=UTC), datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
    *(datetime(2025, 12, 28, 22, tzinfo=UTC), datetime(2025, 12, 28, 21, tzinfo=UTC)),
    datetime(1900, 1, 1, tzinfo=UTC),  # Riga was 1:36:34 ahead
]
TAGS = [
    None,
    [],
    [None],
    ["a"],
    ["b", None],
    ["ab"],
    [""],
    [" "],
    ["Ri\u0304ga"],
    ["1"],
    ["a\u200b"],
]
SIZES = [None, [], [None], [1], [2, 3], [10], [1, 2], [2**53 + 1]]
POOLS = {
    "text": TEXTS,
    "whole": WHOLES,
    "floating": FLOATS,
    "short": SHORTS,
    "exact": EXACTS,
    "flag": [None, True, False],
    "day": DAYS,
    "told": TOLD,
    "real": REAL,
    "tags": TAGS,
    "sizes": SIZES,
}


def people(fields, nightly=False):
    """ROWS people with these fields; each value of a pool occurs, beside others by chance.

    A `nightly` hundred more have texts of odd letters, others each time.
    """
    random = Random(None if nightly else 10)
    columns = {}
    for field in fields:
        pool = POOLS[field] + (
            [odd(random) for _ in range(100)] if nightly and field == "text" else []
        )
        columns[field] = pool + random.choices(pool, k=ROWS + 100 * nightly - len(pool))
        random.shuffle(columns[field])
    return [
        dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)
    ]


def odd(random):
    """A few letters, marks and characters that nobody sees, one after the other."""
    return "".join(random.choices(ODD, k=random.randint(1, 5)))
