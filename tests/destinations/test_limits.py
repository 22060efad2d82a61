import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.destinations.limits import Limits
from core.destinations.windows import Rate
from core.errors import Stopped, Unavailable

JOBS = Rate("import", burst=10, steady=150)


class Clock:
    def __init__(self):
        self.now = 0.0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def go(limits, clock, count, rate=JOBS, took=0.0, who="a"):
    """Sends so many requests as fast as allowed; the moments at which each reached the server."""
    arrived = []
    for _ in range(count):
        with limits.turn(who, rate):
            arrived.append(clock())
            clock.now += took
    return arrived


def most_within(moments, span):
    """The most of them in any window of that length, wherever it begins."""
    return max(sum(1 for m in moments if first <= m < first + span) for first in moments)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limits(clock):
    return Limits(clock, clock.sleep)


def test_a_hundred_jobs_go_as_fast_as_the_windows_allow(limits, clock):
    arrived = go(limits, clock, 100)
    allowed = 9.0  # ten a second, the first ten at once
    assert arrived[-1] <= allowed * 1.001


def test_the_minute_is_used_up_before_it_is_waited_for(limits, clock):
    arrived = go(limits, clock, 400)
    assert arrived[149] == pytest.approx(14.0)
    assert arrived[150] == pytest.approx(60.0)
    assert arrived[-1] == pytest.approx(120 + 9.0, abs=0.01)


@settings(max_examples=50, deadline=None)
@given(
    took=st.lists(st.floats(0, 3), min_size=1, max_size=60),
    burst=st.integers(1, 12),
    steady=st.integers(12, 40),
)
def test_no_window_ever_overflows_wherever_it_begins(took, burst, steady):
    clock = Clock()
    limits = Limits(clock, clock.sleep)
    rate = Rate("any", burst, steady)
    moments = []
    for seconds in took:
        with limits.turn("a", rate):
            clock.now += seconds / 2
            moments.append(clock())
            clock.now += seconds / 2
    # What was waited for is a difference of floats, so a window is a hair's breadth shorter.
    assert most_within(moments, 1.0 - 1e-6) <= burst
    assert most_within(moments, 60.0 - 1e-6) <= steady


def test_slow_answers_cost_no_extra_wait(limits, clock):
    go(limits, clock, 50, took=0.2)
    assert clock.slept == []


def test_other_accounts_and_other_endpoints_have_windows_of_their_own(limits, clock):
    go(limits, clock, 10)
    go(limits, clock, 10, who="b")
    go(limits, clock, 10, rate=Rate("jobs", 10, 150))
    assert clock.slept == []


def test_two_keys_of_one_account_share_its_windows(limits, clock):
    go(limits, clock, 6, who="key 1")
    limits.belongs("key 1", "account")
    limits.belongs("key 2", "account")
    go(limits, clock, 4, who="key 2")
    assert clock.slept == []
    go(limits, clock, 1, who="key 2")
    assert sum(clock.slept) == pytest.approx(1.0)


def test_an_account_that_joins_during_a_request_leaves_no_seat_taken(limits, clock):
    with limits.turn("key 2", Rate("account", 1, 15)):
        limits.belongs("key 1", "account")
        limits.belongs("key 2", "account")
    go(limits, clock, 2, rate=Rate("account", 1, 15), who="key 2")
    assert clock.now == pytest.approx(2.0)


def test_a_held_window_opens_not_a_moment_too_early(limits, clock):
    limits.hold("a", JOBS, 7)
    assert go(limits, clock, 1) == [pytest.approx(7.0)]
    assert go(limits, clock, 1)[0] >= 7.0


def test_a_shorter_hold_does_not_undo_a_longer_one(limits, clock):
    limits.hold("a", JOBS, 7)
    limits.hold("a", JOBS, 2)
    assert go(limits, clock, 1)[0] >= 7.0


def test_a_stop_breaks_a_long_wait_off_within_a_second(limits, clock):
    limits.hold("a", JOBS, 60)
    with (
        pytest.raises(Stopped, match="the request was not sent"),
        limits.turn("a", JOBS, stopped=lambda: clock.now >= 5),
    ):
        pytest.fail("sent")
    assert 5 <= clock.now < 6


def test_a_request_that_need_not_wait_goes_even_when_asked_to_stop(limits):
    with limits.turn("a", JOBS, stopped=lambda: True):
        pass


def test_a_wait_beyond_patience_is_left_to_the_caller(limits, clock):
    limits.hold("a", JOBS, 3_600)
    with (
        pytest.raises(Unavailable, match="wait about 60 minutes") as caught,
        limits.turn("a", JOBS),
    ):
        pytest.fail("sent")
    assert caught.value.retry_after == 3_600
    assert clock.slept == []


def test_a_failed_request_gives_its_seat_back(limits, clock):
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), limits.turn("a", Rate("x", 1, 15)):
            raise ValueError("broken")
    assert clock.now == pytest.approx(2.0)


def test_a_request_under_way_takes_up_its_seat_until_it_is_answered(limits, clock):
    rate = Rate("x", 1, 15)
    with limits.turn("a", rate):
        with pytest.raises(Stopped), limits.turn("a", rate, stopped=lambda: clock.now >= 3):
            pytest.fail("sent")
        assert clock.now >= 3
    assert go(limits, clock, 1, rate=rate) == [pytest.approx(4.0, abs=0.1)]


def test_threads_share_the_windows(limits, clock):
    rate = Rate("any", 5, 150)
    departed = []

    def work():
        for _ in range(25):
            with limits.turn("a", rate):
                departed.append(clock())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(departed) == 100
    assert most_within(departed, 1.0 - 1e-6) <= 5
