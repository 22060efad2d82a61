"""Any rules: every operator and kind, values that engines disagree about, groups within groups."""

import unicodedata

from hypothesis import strategies as st

from core.profiles.segments.operators import Shape, operators
from core.profiles.sources import Kind
from tests.contracts.rules.oracle import BLANKS, clean, is_empty
from tests.contracts.rules.people import DAYS, KINDS, REAL, TEXTS, TOLD


class Pattern(str):
    """A regular expression in the words of polars, and in those of Python."""

    python: str

    def __new__(cls, pattern, python):
        made = super().__new__(cls, pattern)
        made.python = python
        return made


MARKS = "".join(  # which are of words to polars, and not to Python
    chr(n) for n in range(0x300, 0x1FFF) if unicodedata.category(chr(n))[0] == "M"
)
PIECES = [  # of regular expressions
    *(("L", "L"), ("a", "a"), ("ī", "ī"), ("🇱", "🇱"), (r"\.", r"\."), (" ", " "), ("%", "%")),
    *((r"\\", r"\\"), ("'", "'"), ('"', '"'), (r"\$", r"\$"), (r"\x61", "a"), (r"\u{12b}", "ī")),
    *((".", r"[^\n]"), ("(?s:.)", r"[\s\S]"), ("[a-c]", "[a-c]"), ("[^a-c]", "[^a-c]")),
    *(
        (r"\d", r"\d"),
        (r"\D", r"\D"),
        (r"\w", rf"[\w{MARKS}\u200c\u200d]"),
        ("[VX]", "[VX]"),
    ),
    *((r"\s", f"[{BLANKS}]"), (r"\S", f"[^{BLANKS}]"), ("[[:alpha:]]", "[A-Za-z]")),
    *(("(?i:k)", "[kKK]"), ("(?i:s)", "[sSſ]"), ("(?i:ß)", "[ßẞ]"), ("(?i:σ)", "[σςΣ]")),
    *(("(?i:ī)", "[īĪ]"), ("(?i:lv)", "[lL][vV]"), (r"\p{Lu}", "[A-ZÅÄĪİK𝔸]"), ("[]c]", r"[\]c]")),
    *((r"[a-z&&[^b]]", "[ac-z]"), (r"[\w--\d]", None)),
]
PIECES = [piece for piece in PIECES if piece[1]]
ENDS = [("", ""), ("^", r"\A"), ("", "")], [("", ""), ("$", r"\Z"), (r"\z", r"\Z")]
TIMES = ["", "", "", "+", "?", "*", "{2}", "{1,3}", "{2,}", "+?"]


@st.composite
def patterns(draw):
    pieces = draw(
        st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(TIMES)), min_size=1, max_size=3)
    )
    rust, python = ("".join(f"(?:{piece[of]}){times}" for piece, times in pieces) for of in (0, 1))
    if draw(st.booleans()):
        other = draw(st.sampled_from(PIECES))
        rust, python = f"({rust}|{other[0]})", f"({python}|{other[1]})"
    first, last = draw(st.sampled_from(ENDS[0])), draw(st.sampled_from(ENDS[1]))
    return Pattern(first[0] + rust + last[0], first[1] + python + last[1])


TEXT = [one for one in TEXTS if one and not is_empty(one)]
PARTS = st.sampled_from(TEXT).flatmap(
    lambda text: st.tuples(st.integers(0, len(text)), st.integers(1, 4)).map(
        lambda cut: text[cut[0] : cut[0] + cut[1]]
    )
)
NUMBERS = (
    *(0, 1, -2, 1.5, 0.1, 0.3, -2.5, 300, 2**53, 2**53 + 1, float(2**53), 2**63, -(2**63)),
    *(1e-5, 1e-9, 1e22, 1e300, 10**19, 10**22, 10**38, 10**40, -(10**40)),
    *(0.10005, 0.30000000000000004, 16777200, 16777216, 16777217),
)
GIVEN = {
    Kind.text: st.sampled_from(TEXT),
    Kind.number: st.sampled_from(NUMBERS),
    Kind.boolean: st.booleans(),
    Kind.date: st.sampled_from([one for one in DAYS if one]).map(str),
    Kind.moment: st.sampled_from(
        sorted({str(one.date()) for one in [*TOLD, *REAL] if one} | {"2026-10-25"})
    ),
    Kind.list: st.sampled_from(
        ["a", "ab", "b", " ", "Rīga", "1", "10", "9007199254740993", "a\u200d"]
    ),
}
LISTED = sorted({low for one in TEXT if (low := clean(one).strip(BLANKS).lower()).isascii()})
SEARCHED = PARTS | st.sampled_from([" ", "  ", "\n", "\\", "%", "_", "'", '"', "{0}", "\u200d"])


def value(op, kind):
    """What the operator compares with."""
    if op.shape is Shape.nothing:
        return st.none()
    if op.shape is Shape.days:
        return st.sampled_from([0, 1, 7, 89, 90, 91, 10**6])
    if op.shape is Shape.pattern:
        return patterns()
    if op.shape is Shape.share:
        percents, seeds = (
            st.sampled_from([100, 0.1, 33.3, 50, 90]),
            st.sampled_from(["spring", "2"]),
        )
        return st.fixed_dictionaries({"percent": percents, "seed": seeds})
    if op.shape is Shape.address_list:
        return st.lists(st.sampled_from(LISTED), max_size=4, unique=True).map(listed)
    one = GIVEN[kind]
    if op.shape is Shape.part and kind is Kind.text:
        one = SEARCHED.filter(clean)
    if op.shape is Shape.several:
        return st.lists(one, min_size=1, max_size=4)
    if op.shape is Shape.pair:
        return st.lists(one, min_size=2, max_size=2).map(sorted)
    return one


def listed(addresses):
    """An address list as it is compared."""
    known = {"name": "VIP", "count": len(addresses), "digest": ",".join(addresses)}
    return known | {"addresses": addresses}


@st.composite
def rules(draw, fields):
    field = draw(st.sampled_from(fields))
    op = draw(st.sampled_from(operators(KINDS[field])))
    return {"field": field, "op": str(op), "value": draw(value(op, KINDS[field]))}


def trees(fields):
    """Groups of rules about these fields, as JSON has them."""

    def groups(items):
        kinds, members = (
            st.sampled_from(["all", "any", "none"]),
            st.lists(items, min_size=1, max_size=3),
        )
        return st.tuples(kinds, members).map(lambda pair: {pair[0]: pair[1]})

    one = rules(fields)
    return groups(one) | groups(st.recursive(one, groups, max_leaves=5))
