"""The plan that a run had, beside what came of it: each number, and why the two differ."""

from collections.abc import Sequence

import streamlit as st

from core.destinations.capabilities import Capabilities
from core.runs import guard_words
from core.runs.planned import Looked, Planned, planned
from core.store.tables.runs import ENDED, Run
from core.texts import _
from pages.runs import standing
from pages.ui import kit
from pages.ui.words import plain

Line = tuple[str, int | None, int | None, str]
LOST = {
    "refused": _("{n} refused"),
    "undelivered": _("{n} undelivered"),
    "not_sent": _("{n} not sent"),
    "counting": _("{n} still processed"),
}


def show(parts: Sequence[Run]) -> None:
    """The card; nothing before the run is frozen."""
    found = planned(parts)
    if found is None:
        return
    there, over = parts[0].order.capabilities, all(run.status in ENDED for run in parts)
    with st.container(border=True, gap="small", key="planned"):
        kit.section(_("The plan, and what came of it"), _("as it was frozen"))
        heads = [_("What"), _("Planned"), _("Came of it"), _("Difference")]
        kit.table(heads, [*_sent(found, over), *_left_out(found, there), *_leave(found, over)])
        _guards(found)


def _sent(found: Planned, over: bool) -> list[Line]:
    lost = " · ".join(LOST[name].format(n=f"{n:,}") for name, n in found.lost.items())
    each = [(_("of them join"), found.add), (_("of them change"), found.update)]
    of_them: list[Line] = [(f":gray[{word}]", n, None, "") for word, n in each if n is not None]
    return [
        (_("**Members**"), found.members, found.members if over else None, ""),
        (_("To be sent"), found.send, found.accepted, lost if over else _("under way")),
        *of_them,
        (_("Unchanged"), found.unchanged, found.unchanged, ""),
    ]


def _left_out(found: Planned, there: Capabilities) -> list[Line]:
    text = _("Left out: {reason}")
    return [
        (text.format(reason=standing.reason(key, there)), n, n, "")
        for key, n in found.rejected.items()
    ]


def _leave(found: Planned, over: bool) -> list[Line]:
    if not found.leave and not found.removed:
        return []
    less = f"{found.leave - found.removed:,} · {plain(found.stay)}" if found.stay else ""
    return [(_("Leave the list"), found.leave, found.removed, less if over else _("under way"))]


def _guards(found: Planned) -> None:
    """Each guard that looked at it, with its number in the plan."""
    if not found.guards:
        return
    lines = map(_guard, found.guards)
    with st.expander(_("Guards: {n}").format(n=len(found.guards)), type="compact"):
        st.markdown("\n".join(lines))


def _guard(one: Looked) -> str:
    words = guard_words.WORDS.get(one.name)  # not of the one that holds what agents request
    name, word = words.name if words else _("Requested by an agent"), _("passed")
    if one.held:
        word = _("held the run")
        if one.confirmed_by:
            word = _("held the run, {who} decided").format(who=plain(one.confirmed_by))
    icon = ":violet[:material/pan_tool:]" if one.held else ":green[:material/check:]"
    setting = f":small[:gray[{plain(one.setting)}]]"
    return f"- {icon} **{name}{_number(one)}** · {word} {setting}"


def _number(one: Looked) -> str:
    if one.number is None:
        return ""
    text = _(", {n} members now") if one.name == "shrink" else " {n}"
    return text.format(n=f"{one.number:,}")
