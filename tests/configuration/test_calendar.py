"""When schedules come, above all around changes of the clock; the clock is always a parameter."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from core.configuration.calendar import in_words, next_slot, next_slots, slots
from core.configuration.schedule import Cron, OfExport, Schedule

RIGA, NEW_YORK = "Europe/Riga", "America/New_York"
SPRING = {RIGA: "2027-03-28", NEW_YORK: "2027-03-14"}  # the days on which clocks go forward
AUTUMN = {RIGA: "2026-10-25", NEW_YORK: "2026-11-01"}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(zone: str, *times: str, days: object = "daily") -> Schedule:
    return Schedule(days=days, times=times, time_zone=zone)


def cron(text: str, zone: str = RIGA) -> Cron:
    return Cron(cron=text, time_zone=zone)


def both(zone: str, time: str) -> list[Schedule | Cron]:
    """The same time of each day, in both kinds."""
    hour, minute = time.split(":")
    return [at(zone, time), cron(f"{int(minute)} {int(hour)} * * *", zone)]


def told(found: list[datetime]) -> list[str]:
    return [f"{one:%m-%d %H:%M}" for one in found]


# zone, day, local time -> the moments in UTC of the day before, the day itself and the next.
CHANGES = [
    # Riga leaps from 03:00 to 04:00 at 01:00 UTC.
    (RIGA, SPRING, "02:30", ["03-27 00:30", "03-28 00:30", "03-28 23:30"]),
    (RIGA, SPRING, "03:00", ["03-27 01:00", "03-28 01:00", "03-29 00:00"]),
    (RIGA, SPRING, "03:30", ["03-27 01:30", "03-28 01:00", "03-29 00:30"]),
    (RIGA, SPRING, "03:59", ["03-27 01:59", "03-28 01:00", "03-29 00:59"]),
    (RIGA, SPRING, "04:00", ["03-27 02:00", "03-28 01:00", "03-29 01:00"]),
    # Riga repeats 03:00 to 04:00 from 01:00 UTC on.
    (RIGA, AUTUMN, "02:59", ["10-23 23:59", "10-24 23:59", "10-26 00:59"]),
    (RIGA, AUTUMN, "03:00", ["10-24 00:00", "10-25 00:00", "10-26 01:00"]),
    (RIGA, AUTUMN, "03:30", ["10-24 00:30", "10-25 00:30", "10-26 01:30"]),
    (RIGA, AUTUMN, "04:00", ["10-24 01:00", "10-25 02:00", "10-26 02:00"]),
    # New York leaps from 02:00 to 03:00 at 07:00 UTC.
    (NEW_YORK, SPRING, "01:59", ["03-13 06:59", "03-14 06:59", "03-15 05:59"]),
    (NEW_YORK, SPRING, "02:00", ["03-13 07:00", "03-14 07:00", "03-15 06:00"]),
    (NEW_YORK, SPRING, "02:30", ["03-13 07:30", "03-14 07:00", "03-15 06:30"]),
    (NEW_YORK, SPRING, "03:00", ["03-13 08:00", "03-14 07:00", "03-15 07:00"]),
    # New York repeats 01:00 to 02:00 from 06:00 UTC on.
    (NEW_YORK, AUTUMN, "00:59", ["10-31 04:59", "11-01 04:59", "11-02 05:59"]),
    (NEW_YORK, AUTUMN, "01:00", ["10-31 05:00", "11-01 05:00", "11-02 06:00"]),
    (NEW_YORK, AUTUMN, "01:30", ["10-31 05:30", "11-01 05:30", "11-02 06:30"]),
    (NEW_YORK, AUTUMN, "02:00", ["10-31 06:00", "11-01 07:00", "11-02 07:00"]),
]


@pytest.mark.parametrize(("zone", "change", "time", "expected"), CHANGES)
def test_a_change_of_the_clock_gives_one_run_per_slot(
    zone: str, change: dict[str, str], time: str, expected: list[str]
):
    year = change[zone][:4]
    first, _change, last = (utc(f"{year}-{moment}") for moment in expected)
    for schedule in both(zone, time):
        found = slots(schedule, first - timedelta(minutes=1), last)
        assert told(found) == expected


@pytest.mark.parametrize("schedule", [at(RIGA, "03:15", "03:45"), cron("15,45 3 * * *")])
def test_two_times_that_a_clock_leaps_over_become_one_moment(schedule: Schedule | Cron):
    assert told(slots(schedule, utc("2027-03-27 12:00"), utc("2027-03-28 12:00"))) == [
        "03-28 01:00"
    ]


def test_an_hourly_cron_fires_once_in_an_hour_that_comes_twice():
    found = slots(cron("0 * * * *"), utc("2026-10-24 23:00"), utc("2026-10-25 03:00"))
    assert told(found) == ["10-25 00:00", "10-25 02:00", "10-25 03:00"]


@pytest.mark.parametrize("zone", [RIGA, NEW_YORK])
def test_a_leap_day_has_its_slot(zone: str):
    for schedule in both(zone, "12:00"):
        found = slots(schedule, utc("2028-02-28 00:00"), utc("2028-03-02 00:00"))
        assert [f"{one:%m-%d}" for one in found] == ["02-28", "02-29", "03-01"]


def test_cron_for_a_leap_day_waits_for_one():
    found = next_slots(cron("0 6 29 2 *"), utc("2026-11-24 00:00"), 3)
    assert [f"{one:%Y-%m-%d %H}" for one in found] == [
        "2028-02-29 04",
        "2032-02-29 04",
        "2036-02-29 04",
    ]


def test_a_day_that_a_zone_left_out_fires_at_its_end():
    """Samoa went from 29 to 31 December 2011."""
    found = slots(at("Pacific/Apia", "12:00"), utc("2011-12-29 12:00"), utc("2011-12-31 12:00"))
    assert told(found) == ["12-29 22:00", "12-30 10:00", "12-30 22:00"]


def test_chosen_days_are_days_of_the_zone():
    schedule = at("Asia/Tokyo", "06:00", days=("mon",))
    assert told(next_slots(schedule, utc("2026-11-24 00:00"), 2)) == ["11-29 21:00", "12-06 21:00"]


def test_the_end_belongs_to_the_slots_and_the_beginning_does_not():
    schedule = at("UTC", "06:00")
    assert told(slots(schedule, utc("2026-11-24 06:00"), utc("2026-11-25 06:00"))) == [
        "11-25 06:00"
    ]
    assert next_slot(schedule, utc("2026-11-24 05:59")) == utc("2026-11-24 06:00")


@given(
    st.sampled_from([RIGA, NEW_YORK, "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]),
    st.times(),
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)),
)
def test_each_local_day_has_its_slot_and_only_one(zone: str, time, now: datetime):
    schedule = at(zone, f"{time:%H:%M}")
    found = next_slots(schedule, now.replace(tzinfo=UTC), 400)
    assert all(22.5 <= (b - a).total_seconds() / 3600 <= 25.5 for a, b in pairwise(found))


WORDS = [
    (at(RIGA, "06:00"), "Daily at 06:00, Europe/Riga"),
    (
        at(RIGA, "18:00", "06:00", days=("fri", "mon", "wed")),
        "Mon, Wed and Fri at 06:00 and 18:00, Europe/Riga",
    ),
    (cron("0 6 * * 1-5"), "At 06:00 on Monday through Friday, Europe/Riga"),
]


@pytest.mark.parametrize(("schedule", "words"), WORDS)
def test_a_schedule_is_said_in_words(schedule: Schedule | Cron, words: str):
    assert in_words(schedule) == words


WRONG = [
    ({"cron": "6 * * 1", "time_zone": RIGA}, "five fields"),
    ({"cron": "0 0 6 * * 1", "time_zone": RIGA}, "five fields"),
    ({"cron": "0 25 * * *", "time_zone": RIGA}, "bad hour"),
    ({"cron": "0 6 30 2 *", "time_zone": RIGA}, "bad day-of-month"),
    ({"cron": "0 6 * * *"}, "Field required"),
    ({"cron": "0 6 * * *", "times": ["06:00"], "time_zone": RIGA}, "Extra inputs"),
    ({"times": [], "time_zone": RIGA}, "at least 1 item"),
    ({"times": ["06:00"], "time_zone": RIGA, "after_downtime": "twice"}, "once"),
    ("weekly", "'off' or 'refresh'"),
]


@pytest.mark.parametrize(("data", "words"), WRONG)
def test_a_wrong_schedule_is_refused(data: object, words: str):
    with pytest.raises(ValidationError, match=words) as caught:
        TypeAdapter(OfExport).validate_python(data)
    assert caught.value.error_count() == 1
