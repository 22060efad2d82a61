"""Groups that take the first of their people, and who is in them as docs/rules.md says it."""

import hashlib
from datetime import date
from math import inf

from hypothesis import strategies as st

from core.profiles.sources import Kind
from tests.contracts.rules import oracle
from tests.contracts.rules.people import KINDS, TODAY, ZONE
from tests.contracts.rules.trees import trees

COUNTS = (1, 2, 3, 7, 20, 50, 99, 1000)
ORDERED = (Kind.number, Kind.date, Kind.moment)
TELLING = (Kind.text, Kind.number)


def tops(fields):
    """Groups of rules about these fields, some of which take the first of their people."""
    one = st.fixed_dictionaries(
        {
            "count": st.sampled_from(COUNTS),
            "by": st.sampled_from([f for f in fields if KINDS[f] in ORDERED]),
            "order": st.sampled_from(["largest", "smallest"]),
            "ties": st.sampled_from([f for f in fields if KINDS[f] in TELLING]),
        }
    )
    everybody = st.just({"all": []})
    first = st.tuples(trees(fields) | everybody, one).map(lambda pair: {**pair[0], "top": pair[1]})
    joined = st.tuples(st.sampled_from(["all", "any", "none"]), first, trees(fields))
    within = joined.map(lambda parts: {parts[0]: list(parts[1:])})
    of_first = st.tuples(within, one).map(lambda pair: {**pair[0], "top": pair[1]})
    return first | within | of_first


def members(group, people):
    """Of each of the people whether they are in the group, in their order."""
    if "op" in group:
        return [oracle.passes(group, row, TODAY, ZONE) for row in people]
    [kind] = group.keys() - {"top"}
    parts = [members(one, people) for one in group[kind]]
    ask = {"all": all, "any": any, "none": lambda found: not any(found)}[kind]
    found = [ask([part[n] for part in parts]) for n in range(len(people))]
    return first(group["top"], found, people) if "top" in group else found


def first(top, found, people):
    """Those of the found that come first: whoever is alike with others comes last among them."""
    there = {
        n: (value(row[top["by"]]), tie(row[top["ties"]]))
        for n, row in enumerate(people)
        if found[n] and not oracle.is_empty(row[top["by"]])
    }

    def precedes(one, other):
        if one[0] == other[0]:
            return one[1] <= other[1]
        return (one[0] > other[0]) == (top["order"] == "largest")

    places = {n: sum(precedes(one, it) for one in there.values()) for n, it in there.items()}
    return [places.get(n, inf) <= top["count"] for n in range(len(people))]


def value(held):
    return held if isinstance(held, date) else oracle.number(held)


def tie(held):
    if oracle.is_empty(held):
        return inf
    if not isinstance(held, str):
        return oracle.number(held)
    whole = f"top/{oracle.clean(held)}".encode()
    return int(hashlib.md5(whole, usedforsecurity=False).hexdigest()[:8], 16)
