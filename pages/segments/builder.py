"""Builds a segment: name, source and rules, with counts and members that follow every change."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from core.access import Person, Role
from core.configuration.segment import Segment
from core.errors import Invalid
from core.profiles.segments import words
from core.profiles.segments.rules import Group
from core.store import addresses, segments_within
from core.store import segments as segments_store
from core.store import sources as sources_store
from core.store.drafts import Form
from core.store.tables.data import SegmentRow, SourceRow
from core.texts import _, many
from pages.runs.recount import recount
from pages.segments import counts, coverage, draft, effect, ends, hints, known, rules, steps
from pages.segments import members as segment_members
from pages.segments.board import Board
from pages.ui import differences, drafts, forms, frame, kit
from pages.ui.words import percent, plain

FORM = "segment"
DRAFT = "segment-draft"  # key in the session
NEW = _("New segment")
LABELS = {"name": _("Name"), "source": _("Source"), "rules": _("Rules")}
WORDS = {"rules": lambda rules: words.words(Group.model_validate(rules))}
NOTHING = f":gray[{_('No rule yet: choose a field below.')}]"


@st.fragment
def draw(id: int | None) -> None:
    """The whole builder; `id` is that of a saved segment."""
    person = frame.guard(Role.contributor)
    with frame.show_errors():
        _draw(person, id)


def _draw(person: Person, id: int | None) -> None:
    with frame.store().begin() as s:
        row = segments_store.find(s, id) if id else None
        used = segments_store.exports_by_way_of_others(s, row) if row else []
        choices = sources_store.everything(s)
    work = _draft(person, row, choices)
    with _head(row, used):
        wants_csv = row and st.button(_("Members as CSV"), icon=":material/download:", key="csv")
        pressed = st.button(_("Save segment"), icon=":material/check:", type="primary", key="save")
    drafts.review(person, LABELS, WORDS, leave)
    source = _naming(work, choices)
    n = _build(person, work, source)
    drafts.keep(person, {**work, "root": draft.bare(work["root"])})
    forms.rest(FORM, "name", "source")
    _offer_to_discard(person)
    if wants_csv:
        segment_members.as_csv(row)
    now = draft.value_of(work["root"])
    if pressed:
        draft.mark(work["root"])
    if pressed and _is_finished(work) and effect.matters(row, used, source.id, now):
        effect.ask(row, now, n)
    elif pressed or effect.agreed() or drafts.save_anyway():
        _save(person, id, work, source)


def leave() -> None:
    """Shows the list again."""
    forms.forget(FORM)
    st.query_params.clear()
    st.rerun()


def _draft(person: Person, row: SegmentRow | None, choices: list[SourceRow]) -> dict[str, Any]:
    """What is worked on; at first what is saved, or what was typed before and is continued."""
    drawn = f"{FORM}-name" in st.session_state and DRAFT in st.session_state
    saved = _saved(row, choices) if row else {}
    form = Form("segment", row.id if row else 0)
    differs = partial(_show_change, saved, choices)
    typed = drafts.begin(person, form, row.name if row else NEW, saved, drawn, differs=differs)
    work: dict[str, Any] | None = st.session_state.get(DRAFT) if drawn else None
    source_gone = work is not None and work["source"] not in [source.id for source in choices]
    if work is None or source_gone or work["of"] != (row.id if row else None):
        forms.forget(FORM)
        steps.forget()
        work = st.session_state[DRAFT] = _opened(row, choices, typed)
    return work


def _opened(
    row: SegmentRow | None, choices: list[SourceRow], typed: Mapping[str, Any]
) -> dict[str, Any]:
    sources = [typed.get("source"), row.source_id if row else None, choices[0].id]
    there = {source.id for source in choices}
    root = draft.opened(Group.model_validate(row.rules)) if row else draft.group()
    return {
        "of": row.id if row else None,
        "name": typed.get("name", row.name if row else ""),
        "source": next(id for id in sources if id in there),
        "root": draft.with_ids(typed["root"]) if "root" in typed else root,
    }


def _show_change(
    saved: Mapping[str, Any], choices: list[SourceRow], typed: Mapping[str, Any]
) -> None:
    """What a draft of an agent's would change."""
    names = {source.id: source.name for source in choices}
    wanted = {"name": typed.get("name", saved["name"])}
    if "source" in typed:
        wanted["source"] = names.get(typed["source"])
    if "root" in typed and (rules := draft.value_of(draft.with_ids(typed["root"]))):
        wanted["rules"] = rules.as_data()
    differences.show_change(LABELS, WORDS, saved, wanted)


def _saved(row: SegmentRow, choices: list[SourceRow]) -> dict[str, Any]:
    names = {source.id: source.name for source in choices}
    return {"name": row.name, "source": names.get(row.source_id), "rules": row.rules}


def _head(row: SegmentRow | None, used: list[str]):
    if row is None:
        return kit.head(NEW, _("A group of people, defined by rules over a source."))
    count = many("used by {n} export", "used by {n} exports", len(used))
    status = kit.badge_md("active" if row.active else "inactive")
    return kit.head(row.name, f"{status} &nbsp; {count}")


def _naming(work: dict[str, Any], choices: list[SourceRow]) -> SourceRow:
    with st.container(border=True, key="naming"):
        left, right = st.columns(2)
        with left:
            name = st.text_input(
                _("Name"),
                work["name"],
                key=f"{FORM}-name",
                required=True,
                max_chars=120,
                on_change=forms.forget,
                args=(FORM,),
            )
            work["name"] = (name or "").strip()
            forms.problem(FORM, "name")
        with right:
            ids = [source.id for source in choices]
            work["source"] = st.selectbox(
                _("Source"),
                ids,
                ids.index(work["source"]),
                format_func={source.id: source.name for source in choices}.__getitem__,
                key=f"{FORM}-source",
            )
            forms.problem(FORM, "source")
    return next(source for source in choices if source.id == work["source"])


def _build(person: Person, work: dict[str, Any], source: SourceRow) -> int | None:
    """How many the rules find. Words and number on top are filled in last: they follow from it."""
    root, schema = work["root"], sources_store.schema(source)
    together = st.container(border=True, key="together")
    used = [node["field"] for node in draft.rules(root) if node["field"] in schema]
    known.of(person, source, used)  # all by one reading
    with frame.store().begin() as s:
        segments = segments_within.offered(s, source.id, work["of"])
        lists = addresses.known(s)
    board = Board(
        root,
        schema,
        lambda field: known.of(person, source, [field]).get(field),
        segments,
        lists,
        known.described(person, source),
        takes_sql=True,
        takes_first=True,
        key=sources_store.spec(source).key,
    )
    rules.draw(board)
    steps.note(work)
    with st.container(horizontal=True, gap="small", key="steps"):
        steps.buttons(work)
    group = draft.value_of(root)
    numbers = counts.fill(person, board, source)
    _meant(person, source, board, numbers)
    ends.fill(person, board, source)
    row = {**kit.ROW, "horizontal_alignment": "distribute"}
    with together, st.container(**row, key="in-words"):
        st.markdown(plain(words.words(group)) if group else NOTHING, width=640)
        _total(numbers.get(root["id"]), numbers.get(counts.TOTAL))
    if root["id"] in numbers and group:
        whole = board.whole(group)
        coverage.draw(person, source, whole)
        segment_members.draw(person, source, whole, numbers[root["id"]])
    return numbers.get(root["id"])


def _meant(person: Person, source: SourceRow, board: Board, numbers: Mapping[str, int]) -> None:
    """Below rules with values that nobody has: near ones that somebody has."""
    for id, slot in board.below.items():
        node = next(node for node in draft.rules(board.root) if node["id"] == id)
        found = known.of(person, source, [node["field"]]) if node["field"] in board.schema else {}
        values = hints.unmatched(node, numbers.get(id), found.get(node["field"]))
        hints.meant(person, source, node, values, slot)


def _total(n: int | None, total: int | None) -> None:
    if n is None or total is None:
        kit.number("—", _("people"), 140)
        return
    share = _("{share} of {total}").format(
        share=percent(n / total if total else 0), total=f"{total:,}"
    )
    people = many("**{n}** person", "**{n}** people", n)
    kit.number(people, share, 140)


def _offer_to_discard(person: Person) -> None:
    if not drafts.is_changed():
        return
    with st.container(**kit.ROW, horizontal_alignment="right", key="leave-row"):
        drafts.note()
        if st.button(_("Discard changes"), key="discard", type="tertiary"):
            drafts.discard(person)
            leave()


def _is_finished(work: dict[str, Any]) -> bool:
    return not any(draft.unfinished(node) for node in draft.nodes(work["root"]))


def _save(person: Person, id: int | None, work: dict[str, Any], source: SourceRow) -> None:
    if not drafts.save(FORM, lambda: _add_or_change(person, id, work, source)):
        st.rerun()
    frame.notify(_("“{name}” is saved.").format(name=work["name"]))
    recount(person, source)
    leave()


def _add_or_change(person: Person, id: int | None, work: dict[str, Any], source: SourceRow) -> None:
    if not work["name"]:
        raise Invalid(_("Give it a name that says who is in it."), "name")
    if not _is_finished(work):
        raise Invalid(_("Some rules aren’t finished; they are marked. Nothing is saved yet."))
    group = draft.value_of(work["root"])
    with drafts.saving(person) as s:
        row = segments_store.find(s, id) if id else None
        active = row.active if row else True
        spec = Segment(name=work["name"], source=source.name, rules=group, active=active)
        if row is None:
            segments_store.add(s, person, spec)
            return
        mine = {"name": spec.name, "source": spec.source, "rules": spec.rules.as_data()}
        drafts.refuse(s, row.name, _saved(row, sources_store.everything(s)), mine)
        segments_store.change(s, person, row, spec)
