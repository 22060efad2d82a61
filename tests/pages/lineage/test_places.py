"""Where boxes are: no two overlap, things are near what they are linked with."""

from itertools import pairwise

from core.runs.lineage import COLUMNS, Lineage, Link, Thing
from pages.lineage.places import places


def lineage(links: str, spare: str = "") -> Lineage:
    """Of keys such as s1 (a source), g1 (a segment), e1 (an export) and l1 (a list)."""
    kinds = dict(zip("sgel", COLUMNS, strict=True))
    pairs = [Link(*pair.split("-")) for pair in links.split()]
    keys = dict.fromkeys([*(k for one in pairs for k in (one.start, one.end)), *spare.split()])
    things = [Thing(kinds[key[0]], int(key[1:]), key, key) for key in keys]
    return Lineage(tuple(sorted(things, key=lambda one: one.name)), tuple(pairs))


def test_one_to_one_is_drawn_straight():
    found = places(lineage("s1-g1 s1-g2 g1-e2 g2-e1 e1-l2 e2-l1"))
    assert found == {"s1": 0, "g1": 0, "e2": 0, "l1": 0, "g2": 1, "e1": 1, "l2": 1}


def test_a_segment_is_between_its_exports_and_a_source_beside_its_first_segment():
    found = places(lineage("s1-g1 g1-e1 g1-e2 g1-e3 s1-g2 g2-e4"))
    assert (found["g1"], found["g2"], found["s1"]) == (1, 3, 1)


def test_nothing_overlaps_and_the_topmost_is_at_the_top():
    found = places(lineage("s1-g1 s1-g2 s1-g3 g1-e1 g2-e1 g3-e1 e1-l1", spare="g4 g5 s2 s3"))
    for kind in "sgel":
        column = sorted(place for key, place in found.items() if key[0] == kind)
        assert all(below - above >= 1 for above, below in pairwise(column))
    assert min(found.values()) == 0
    assert places(Lineage()) == {}
