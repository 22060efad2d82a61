"""Adding a connection, step by step; nothing is sent anywhere before agreeing and connecting."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from core.access import ADMINISTRATORS, Person, Role
from core.configuration.connection import Connection, Consent
from core.destinations.register import DEFAULT, KINDS
from core.errors import Invalid
from core.store import connections, look_up
from core.store.drafts import Form
from core.store.tables.connections import ConnectionRow
from core.texts import _
from pages.connections import authenticate, consent, export_user, settings, sharing, steps
from pages.connections import key as api_key
from pages.connections.steps import FORM
from pages.ui import drafts, forms, frame, kit


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in so far."""

    name: str
    type: str
    base_url: str
    shared_with: str | tuple[str, ...]
    key: str
    agreed: bool

    def typed(self) -> dict[str, Any]:
        """What a draft keeps: no secret, nor an address with one, nor that somebody agreed."""
        address = "" if "@" in self.base_url else self.base_url
        shared = self.shared_with if isinstance(self.shared_with, str) else list(self.shared_with)
        return {
            "name": self.name,
            "type": self.type,
            "base_url": address,
            "shared_with": shared,
        }

    def spec(self, person: Person) -> Connection:
        """The connection as a value. Raises ValidationError."""
        return Connection(
            name=self.name,
            type=self.type,
            api_key=self.key,
            base_url=self.base_url,
            shared_with=self.shared_with,
            consent=Consent(agreed_by=person.name),
        )


def draw() -> None:
    """The whole form."""
    person = frame.guard(Role.administrator)
    kit.back(_("Connections"), "connections")
    typed = _typed(person)
    text = _("Nothing is sent to {destination} before you agree and connect.")
    title = KINDS[_value("type", typed.get("type", DEFAULT))].title
    with kit.head(_("Add connection"), text.format(destination=title)):
        pass
    name, kind, base_url = _naming(typed)
    draft = Draft(name, kind, base_url, _sharing(typed), _key(kind), _consent(kind))
    drafts.keep(person, draft.typed())
    _connect(person, draft)
    last = 6
    if KINDS[kind].oauth:
        _authenticate(draft)
        last = 7
    with _step(last, _("Export user"), export_user.added(FORM), "password"):
        export_user.ask(FORM)
    forms.rest(FORM, "base_url", *steps.FIELDS)
    missing = None if api_key.found(FORM) else _("Agree and connect first.")
    steps.save_row(person, draft.name, lambda: _save(person, draft), missing)


def _typed(person: Person) -> Mapping[str, Any]:
    """What was typed before and is continued; the key and the agreement are asked for again."""
    drawn = f"{FORM}-name" in st.session_state
    if not drawn:
        steps.forget()
    return drafts.begin(person, Form("connection"), _("Add connection"), {}, drawn)


@contextmanager
def _step(n: int, title: str, done: bool, *fields: str, word: str = "done") -> Iterator[None]:
    """A step; something wrong with one of its fields shows in its badge."""
    with st.container(border=True, key=f"step-{n}"):
        with st.container(**kit.ROW, horizontal_alignment="distribute"):
            st.header(f"{n}. {title}", anchor=False, width="content")
            kit.badge("failed" if forms.found(FORM, *fields) else word if done else "todo")
        yield


def _value(field: str, default: str = "") -> str:
    """What a widget below holds already, for the badge above it; until it is drawn, the default."""
    return str(st.session_state.get(f"{FORM}-{field}") or default).strip()


def _naming(typed: Mapping[str, Any]) -> tuple[str, str, str]:
    fields = ("name", "type", "base_url")
    with _step(1, _("Type and name"), bool(_value("name", typed.get("name", ""))), *fields):
        left, right = st.columns(2)
        with left:
            kind = st.selectbox(
                _("Type"),
                list(KINDS),
                list(KINDS).index(typed.get("type", next(iter(KINDS)))),
                format_func=lambda type: KINDS[type].title,
                key=f"{FORM}-type",
                on_change=_other_type,
            )
        with right:
            help = _("Say what it is for. Everyone who may use it sees this name.")
            name = steps.display_name(f"{FORM}-name", typed.get("name", _free(kind)), help)
        given = typed if typed.get("type") == kind else {}
        return name, kind, settings.ask(kind, given)["base_url"]


def _free(type: str) -> str:
    """The name to begin with: that of the destination, unless another connection has it."""
    name = KINDS[type].title
    with frame.store().begin() as session:
        return "" if look_up(session, ConnectionRow, name) else name


def _other_type() -> None:
    """What was tried at one destination isn't worth anything at another; nor is its name."""
    api_key.forget(FORM)
    authenticate.forget(FORM)
    if _value("name") in {"", *(kind.title for kind in KINDS.values())}:
        st.session_state[f"{FORM}-name"] = _free(_value("type"))


def _sharing(typed: Mapping[str, Any]) -> str | tuple[str, ...]:
    with _step(2, _("Who may use it"), True, "shared_with"):
        return sharing.ask(FORM, f"{FORM}-who", typed.get("shared_with", ADMINISTRATORS))


def _key(type: str) -> str:
    label = KINDS[type].capabilities.key.label
    with _step(3, label, bool(_value("key")), "api_key"):
        return api_key.key(FORM, type, label)


def _consent(type: str) -> bool:
    agreed = bool(st.session_state.get(f"{FORM}-agree"))
    with _step(4, _("Data privacy and compliance"), agreed, "agree"):
        return consent.ask(FORM, type)


def _connect(person: Person, draft: Draft) -> None:
    look = api_key.found(FORM)
    with _step(5, _("Connect"), look is not None, "connect", word="connected"):
        if look:
            api_key.success(look, draft.type)
        else:
            text = _("Asks {destination} which account the key belongs to. Nothing else is sent.")
            st.markdown(f":gray[{text.format(destination=KINDS[draft.type].title)}]")
            check = partial(_check, person, draft)
            api_key.button(FORM, draft.type, draft.base_url, draft.key, check)


def _authenticate(draft: Draft) -> None:
    done = authenticate.account(FORM) is not None
    text = _("Authenticate with {destination} (optional)")
    with _step(6, text.format(destination=KINDS[draft.type].title), done):
        authenticate.draw(FORM, draft.type, draft.base_url)


def _check(person: Person, draft: Draft) -> None:
    """Raises Invalid or ValidationError for the first thing that is missing."""
    if not draft.name:
        raise Invalid(_("Give it a name that says what it is for."), "name")
    if not draft.key:
        raise Invalid(KINDS[draft.type].capabilities.key.missing, "api_key")
    if not draft.shared_with:
        raise Invalid(sharing.NOBODY, "shared_with")
    if not draft.agreed:
        text = _("Without your agreement nothing may be sent to {destination}.")
        raise Invalid(text.format(destination=KINDS[draft.type].title), "agree")
    draft.spec(person)


def _save(person: Person, draft: Draft) -> None:
    _check(person, draft)
    vault = frame.store().vault
    with drafts.saving(person) as s:
        row = connections.add(s, vault, person, draft.spec(person), key=draft.key)
        steps.save_tried(s, person, row)
    steps.check(person, row)
