"""The form of an export: new, edited or duplicated. Saving never runs it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.access import Action, Person, Role, may
from core.configuration.export import LIMIT, Export
from core.destinations.capabilities import Capabilities
from core.errors import SegferryError
from core.preview import change
from core.profiles.segments.rules import Group
from core.store import approvals, exports, second_person, sources
from core.store.tables.data import SourceRow
from core.texts import _
from pages.exports import approval, choices, guards, matching, people, phones
from pages.exports.data import Matched, ask
from pages.exports.draft import Draft, begin, destination_of, go_on, problem, try_without
from pages.runs import schedule_form
from pages.runs.export_words import LABELS, WORDS
from pages.ui import drafts, forms, frame, kit
from pages.ui.words import plain

NEEDED = ("name", "connection", "list_id", "segments")
TITLES = {"new": _("New export"), "edit": _("Edit export"), "duplicate": _("Duplicate export")}


def show() -> None:
    """The whole form."""
    person = frame.guard(Role.contributor)
    view = frame.query("view")
    with kit.finding(), frame.store().begin() as session:
        draft = begin(session, person, view, frame.query("export"))
    kit.back(_("Exports"), "exports")
    draft = go_on(person, draft, TITLES[view])
    with kit.head(TITLES[view], _("Saving never runs the export. Next you see its preview.")):
        pass
    data = _what(person, draft)
    there = destination_of(draft, data["connection"])
    note = _("where these people go in {destination}").format(destination=there.title)
    with _card("list", _("List"), note):
        data["list_id"], list_name = choices.choose_list(person, draft, data["connection"])
    data |= _people(draft, there.title)
    source = _source(draft, data["segments"])
    matched = _match(person, draft, source, there)
    data |= {"match": matched.match, "clear": matched.clear}
    data["phone_region"], say_of_phones = _phones(person, draft, source, data)
    data |= _how(draft, data["connection"], there, source)
    data["schedule"] = _schedule(draft)
    data["approval"] = approval.choose(draft, data["connection"])
    drafts.keep(person, data)
    forms.rest(draft.form, *_fields(data))
    _consequences(person, draft, data)
    _save(person, draft, data, list_name)
    matched.show_examples()  # last, for it may take a moment: all else is there by then
    say_of_phones()


@contextmanager
def _card(key: str, title: str, note: str | None = None) -> Iterator[None]:
    with st.container(border=True, key=f"form-{key}"):
        kit.section(title, note)
        yield


def _what(person: Person, draft: Draft) -> dict[str, Any]:
    with _card("what", _("Name and connection")):
        left, right = st.columns(2)
        with left:
            name = st.text_input(
                _("Name"),
                draft.data.get("name", ""),
                key=f"{draft.form}-name",
                max_chars=120,
                required=True,
            )
            problem(draft, "name", name.strip(), _("Give the export a name."))
        with right:
            connection = choices.choose_connection(person, draft)
    return {"name": name, "connection": connection}


def _people(draft: Draft, destination: str) -> dict[str, Any]:
    note = _("each person once, in however many segments they are")
    with _card("segments", _("Segments"), note):
        chosen = people.segments(draft)
        return {
            "segments": chosen,
            "exclude": people.excluded(draft, chosen),
            "leave_out_suppressed": people.without_suppressed(draft, destination),
        }


def _source(draft: Draft, chosen: list[str]) -> SourceRow | None:
    """The one that the segments are over."""
    rows = {row.name: row for row in draft.segments}
    if not chosen:
        return None
    with frame.store().begin() as session:
        return sources.find(session, rows[chosen[0]].source_id)


def _match(
    person: Person, draft: Draft, source: SourceRow | None, destination: Capabilities
) -> Matched:
    with _card("match", _("Data matching"), _("which column fills which field of the profile")):
        return ask(person, draft, source, destination)


def _phones(
    person: Person, draft: Draft, source: SourceRow | None, data: Mapping[str, Any]
) -> tuple[Any, Callable[[], None]]:
    """The region of numbers without +, once a phone number is matched; else it is remembered."""
    column = data["match"].get("phone_number")
    if source is None or not column:
        phones.keep_choice(draft)
        return None, lambda: None
    rules = {row.name: Group.model_validate(row.rules) for row in draft.segments}
    chosen = {name: rules[name] for name in data["segments"]}
    with _card("phones", _("Phone numbers"), _("numbers that begin with + include their country")):
        return phones.choose(draft, phones.Phones(person, source, column, chosen))


def _how(
    draft: Draft, connection: str | None, destination: Capabilities, source: SourceRow | None
) -> dict[str, Any]:
    of_dbt = source is not None and sources.spec(source).dbt is not None
    with _card("how", _("How it runs")):
        mode = choices.choose_mode(draft)
        join = choices.choose_joining(draft, connection)
        left, right = st.columns(2)
        with left:
            limit = st.number_input(
                _("Profiles in one run, at most"),
                1,
                1_000_000,
                draft.data.get("limit", LIMIT),
                step=1_000,
                key=f"{draft.form}-limit",
            )
            forms.problem(draft.form, "limit")
        with right:
            over = choices.choose_over_limit(draft)
        chosen = guards.choose(draft, mode, destination, of_dbt)
        previous = choices.choose_previous(draft)
    found = {"mode": mode, "join": join, "limit": limit, "over_limit": over, "guards": chosen}
    return found | {"keep_previous": previous}


def _schedule(draft: Draft) -> Any:
    with _card("schedule", _("Schedule"), _("when it runs on its own")):
        return schedule_form.choose(_schedule_form(draft), draft.data.get("schedule", "off"))


def _schedule_form(draft: Draft) -> str:
    """The name under which the schedule keeps its problems."""
    return f"{draft.form}-schedule"


def _consequences(person: Person, draft: Draft, data: dict[str, Any]) -> None:
    """What saving does to the list and its people, once something differs from what is saved."""
    if draft.row is None:
        return
    try:
        # Whatever the schedule is, and may lack yet, it does nothing to anybody.
        spec = Export.model_validate({**draft.data, **data, "schedule": "off"})
        sentences = change.consequences(frame.store(), person, draft.row.id, spec)
    except (ValidationError, SegferryError):
        return  # it isn't finished; saving says what is wrong
    if sentences:
        lines = "\n".join(f"- {plain(sentence)}" for sentence in sentences)
        st.info(lines, title=_("What this change does"), icon=":material/info:")


def _save(person: Person, draft: Draft, data: dict[str, Any], list_name: str | None) -> None:
    drafts.review(person, LABELS, WORDS, partial(frame.go, "exports"))
    with drafts.last_row(person, partial(frame.go, "exports")):
        proposes = draft.row is not None and second_person.is_needed(draft.row)
        may_run = may(person, Action.run) and not proposes
        runs = may_run and st.button(_("Save and run…"), key="form-run")
        label = _("Propose change") if proposes else _("Save export")
        pressed = st.button(label, key="form-save", type="primary")
    if not (pressed or runs) and not drafts.save_anyway():
        return
    if not all(data[field] for field in NEEDED) or not data["match"].get("email"):
        try_without(draft)
        st.rerun()
    saved: list[int] = []
    schedule_is_right = forms.attempt(
        _schedule_form(draft), lambda: schedule_form.read(data["schedule"])
    )
    export_is_right = drafts.save(
        draft.form, lambda: saved.append(_add_or_change(person, draft, data, list_name))
    )
    if not (schedule_is_right and export_is_right):
        st.rerun()
    text = _("“{name}” is saved. Nothing has been sent.")
    if proposes:
        text = _("The change of “{name}” is proposed: somebody else has to approve it.")
    frame.notify(text.format(name=data["name"].strip()))
    frame.go("preview", export=saved[0], **({"ask": "run"} if runs else {}))


def _add_or_change(
    person: Person, draft: Draft, data: dict[str, Any], list_name: str | None
) -> int:
    """The id of the saved export. Raises ValidationError, Invalid, Denied."""
    spec = Export.model_validate({**draft.data, **data})
    with drafts.saving(person) as session:
        if draft.row is None:
            return exports.add(session, person, spec, list_name).id or 0
        row = exports.find(session, draft.row.id or 0)
        now = exports.spec(session, row)
        mine = spec.model_dump(mode="json", include=set(data))
        drafts.refuse(session, row.name, now.model_dump(mode="json"), mine)
        others = {name: getattr(now, name) for name in Export.model_fields if name not in data}
        whole = spec.model_copy(update=others)
        if second_person.is_needed(row):
            approvals.propose(session, person, row, whole, list_name)
        else:
            exports.change(session, person, row, whole, list_name)
        return row.id or 0


def _fields(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields whose problems stand beside them."""
    own = ("name", "connection", "list_id", "segments", "phone_region", "limit", "approval")
    schedule = (f"schedule.{name}" for name in schedule_form.FIELDS)
    held = (f"guards.{name}" for name in data["guards"])
    return (*own, *schedule, *held, *matching.shown(data["match"]))
