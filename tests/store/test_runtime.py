"""What the threads of a process share: how pages of visitors are spaced out."""

from core.store.runtime import Visitors

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def waited(*addresses: str, apart: float = 0.0) -> list[float]:
    """How long each page waits, where they are opened so many seconds apart."""
    waits: list[float] = []
    moments = iter(apart * n for n in range(len(addresses)))
    visitors = Visitors(clock=lambda: next(moments), sleep=waits.append)
    found = []
    for address in addresses:
        visitors.wait(address)
        found.append(round(sum(waits), 6))
        waits.clear()
    return found


def test_pages_that_one_address_opens_at_once_are_drawn_one_after_the_other():
    assert waited(HERE, HERE, HERE) == [0, 0.1, 0.2]


def test_nobody_waits_for_another_address():
    assert waited(HERE, HERE, ELSEWHERE, HERE) == [0, 0.1, 0, 0.2]


def test_whoever_opens_one_page_after_the_other_waits_for_none():
    assert waited(HERE, HERE, HERE, apart=0.1) == [0, 0, 0]


def test_nobody_waits_longer_than_a_few_seconds():
    assert max(waited(*[HERE] * 200)) == Visitors.LONGEST
