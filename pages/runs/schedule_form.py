"""The form of a schedule: days and times, or cron text, with the next times that it gives."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import available_timezones

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from core.configuration import calendar, values
from core.configuration.schedule import OfExport
from core.texts import _
from pages.ui import forms, kit
from pages.ui.words import LONG_DAYS, at_place, plain

FIELDS = ("days", "times", "time_zone", "cron")  # whose problems stand beside them
BY_DAYS, BY_CRON = _("Days and times"), _("Cron text")
DAILY, CHOSEN = _("Daily"), _("Chosen days")
DAYS = dict(zip(calendar.DAYS, LONG_DAYS, strict=True))
OWN = "own"
KINDS = {
    "off": _("Off: only when somebody runs it"),
    "refresh": _("With the refresh schedule"),
    OWN: _("A schedule of its own"),
}
DOWNTIME = {
    "once": _("Run the latest missed time once"),
    "never": _("Skip the missed times"),
}
MOST = 4  # times a day
NEXT = 5  # times shown
_SCHEDULE: TypeAdapter[Any] = TypeAdapter(OfExport)


def choose(form: str, now: Any, kinds: Mapping[str, str] = KINDS) -> Any:
    """When an export runs by itself: a word, or the data of a schedule of its own.

    `now` is what it begins with, in the same shape; None is the first of the kinds.
    """
    own = isinstance(now, Mapping)
    start = OWN if own else now
    picked = st.radio(
        _("Runs"),
        list(kinds),
        list(kinds).index(start) if start in kinds else 0,
        format_func=kinds.get,
        key=f"{form}-kind",
    )
    return edit(form, now if own else {}) if picked == OWN else picked


def read(chosen: Any) -> Any:
    """What was chosen, as a value. Raises ValidationError."""
    return _SCHEDULE.validate_python(chosen)


def in_words(chosen: Any) -> str:
    """What `choose` gives, for people."""
    if isinstance(chosen, str):
        return KINDS[chosen]
    return calendar.in_words(read(chosen))


def edit(form: str, given: Mapping[str, Any], active: bool = True) -> dict[str, Any]:
    """What was entered, in the shape of the configuration file; `given` is what it begins with.

    One that isn't active has no next times.
    """
    if f"{form}-way" not in st.session_state:
        forms.forget(form)  # it was left, and so its widgets are gone
    kinds = [BY_DAYS, BY_CRON]
    kind = st.radio(
        _("When"),
        kinds,
        1 if "cron" in given else 0,
        horizontal=True,
        key=f"{form}-way",
    )
    data = _cron(form, given) if kind == BY_CRON else _days(form, given) | _times(form, given)
    left, right = st.columns(2)
    with left:
        data["time_zone"] = _zone(form, given)
    with right:
        data["after_downtime"] = st.radio(
            _("If the server was down"),
            list(DOWNTIME),
            list(DOWNTIME).index(given.get("after_downtime", "once")),
            format_func=DOWNTIME.get,
            key=f"{form}-downtime",
        )
    _preview(data, active)
    return data


def _days(form: str, given: Mapping[str, Any]) -> dict[str, Any]:
    days = given.get("days", "daily")
    kinds = [DAILY, CHOSEN]
    kind = st.radio(
        _("Days"),
        kinds,
        0 if days == "daily" else 1,
        horizontal=True,
        key=f"{form}-days",
    )
    if kind == DAILY:
        return {"days": "daily"}
    chosen = st.multiselect(
        _("On"),
        list(DAYS),
        [] if days == "daily" else [day for day in DAYS if day in days],
        format_func=DAYS.get,
        placeholder=_("Choose one or more"),
        key=f"{form}-chosen",
    )
    forms.problem(form, "days")
    return {"days": [day for day in DAYS if day in chosen]}


def _times(form: str, given: Mapping[str, Any]) -> dict[str, Any]:
    had = [time.fromisoformat(text) for text in given.get("times", ())]
    labels = [_("First time"), _("Second time"), _("Third time"), _("Fourth time")]
    typed = [
        place.time_input(
            label,
            had[n] if n < len(had) else None,
            key=f"{form}-time-{n}",
            step=900,
            help=None if n == 0 else _("Leave it empty for fewer times a day."),
        )
        for n, (place, label) in enumerate(zip(st.columns(MOST), labels, strict=True))
    ]
    forms.problem(form, "times")
    return {"times": sorted({f"{one:%H:%M}" for one in typed if one})}


def _cron(form: str, given: Mapping[str, Any]) -> dict[str, Any]:
    typed = st.text_input(
        _("Cron text"),
        given.get("cron", ""),
        key=f"{form}-cron",
        placeholder="0 6 * * 1-5",
        max_chars=200,
        help=_("Five fields: minute, hour, day of the month, month, day of the week."),
    )
    if not typed.strip():  # what is wrong with a text stands below it at once
        forms.problem(form, "cron")
    return {"cron": typed.strip()}


def _zone(form: str, given: Mapping[str, Any]) -> str:
    known = sorted(available_timezones())
    own = given.get("time_zone") or getattr(st.context, "timezone", None)
    chosen = st.selectbox(
        _("Time zone"),
        known,
        known.index(own) if own in known else known.index("UTC"),
        key=f"{form}-zone",
    )
    forms.problem(form, "time_zone")
    return chosen


def _preview(data: Mapping[str, Any], active: bool) -> None:
    """The schedule in words and its next times if it has any, or what is wrong with it."""
    if not (data.get("cron") or data.get("times")):
        return
    try:
        schedule = read(dict(data))
    except ValidationError as error:
        for text in values.problems(error).values():
            kit.problem(plain(f"{text[:1].upper()}{text[1:]}."))
        return
    words = f":material/event: **{plain(calendar.in_words(schedule))}**"
    if active:
        coming = calendar.next_slots(schedule, datetime.now(UTC), NEXT)
        times = " · ".join(at_place(one, schedule.time_zone) for one in coming)
        words += f"  \n:small[:gray[{_('Next')}: {times}]]"
    st.markdown(words)
