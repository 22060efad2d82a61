"""What of the lineage the address asks for: one thing with all that hangs together with it."""

from dataclasses import dataclass

import streamlit as st

from core.runs.lineage import Kind, Lineage, Thing
from core.texts import _
from pages.ui import frame

NAMES = {
    "source": _("Source: {name}"),
    "addresses": _("Address list: {name}"),
    "segment": _("Segment: {name}"),
    "export": _("Export: {name}"),
    "list": _("List: {name}"),
    "connection": _("Connection: {name}"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that the picture can be narrowed to."""

    kind: str  # one of NAMES; with the value as it is in the address
    value: str
    name: str
    keys: tuple[str, ...]  # of the things that are meant

    @property
    def words(self) -> str:
        """As the box offers it."""
        return NAMES[self.kind].format(name=self.name)


def choices(whole: Lineage) -> list[Choice]:
    """All of them: by kind, then by name."""
    found = [_of_thing(one) for one in whole.things]
    by_connection: dict[int, list[Thing]] = {}
    for one in whole.things:
        if one.connection_id:
            by_connection.setdefault(one.connection_id, []).append(one)
    for id, things in by_connection.items():
        keys = tuple(one.key for one in things)
        found.append(Choice("connection", str(id), things[0].connection or "", keys))
    order = list(NAMES)
    return sorted(found, key=lambda one: (order.index(one.kind), one.name.casefold()))


def _of_thing(one: Thing) -> Choice:
    value = one.key.removeprefix("list-") if one.kind is Kind.list else str(one.id)
    return Choice(str(one.kind), value, one.name, (one.key,))


def in_address(offered: list[Choice]) -> Choice | None:
    """The one that the address names, if there is such a thing."""
    named = {(kind, frame.query(kind)) for kind in NAMES}
    return next((one for one in offered if (one.kind, one.value) in named), None)


def narrow(whole: Lineage, chosen: Choice | None, affected: bool) -> Lineage:
    """What is shown: what hangs together with the choice, and of that all or what is affected."""
    found = whole.through(chosen.keys) if chosen else whole
    return found.affected() if affected else found


def ask(offered: list[Choice], chosen: Choice | None, n_affected: int) -> bool:
    """Draws both filters, which the address keeps; whether only what is affected is asked for."""
    shown = st.toggle(
        _("Only what is affected · {n}").format(n=f"{n_affected:,}"),
        key="affected",
        bind="query-params",
    )
    key = f"focus-{chosen.kind}-{chosen.value}" if chosen else "focus"
    options = [None, *offered]
    st.selectbox(
        _("Narrow to one thing"),
        options,
        index=options.index(chosen),
        format_func=lambda one: one.words if one else _("Everything"),
        key=key,
        label_visibility="collapsed",
        width=340,
        on_change=_keep,
        args=(key,),
    )
    return shown


def _keep(key: str) -> None:
    for kind in NAMES:
        st.query_params.pop(kind, None)
    if chosen := st.session_state[key]:
        st.query_params[chosen.kind] = chosen.value
