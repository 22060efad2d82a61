"""The key of a connection: its scopes, Connect, the account it opens; for adding and changing."""

from collections.abc import Callable, Iterable
from dataclasses import asdict

import streamlit as st

from core.access import Role
from core.connections import checks
from core.connections.checks import Look
from core.destinations import Account
from core.destinations.capabilities import Key
from core.destinations.register import kind_of
from core.errors import Forbidden, Invalid, NotAccepted
from core.texts import _, many
from pages.ui import forms, frame
from pages.ui.words import plain


def key(form: str, type: str, label: str, help: str | None = None) -> str:
    """The key as typed, below the scopes it needs; a change asks to connect again."""
    words = kind_of(type).capabilities.key
    st.markdown(f":small[{_('The key needs these scopes:')}] {_badges(words.scopes)}")
    if words.optional:
        text = _("Optional, to see before a run what it triggers and costs:")
        st.markdown(f":small[{text}] {_badges(words.optional)}")
    if words.erasing:
        text = _("Optional, only to erase people there too:")
        st.markdown(f":small[{text}] {_badges(words.erasing)}")
    with st.expander(_("What each scope is for"), type="compact"):
        each = {**words.scopes, **words.optional, **words.erasing}
        st.markdown("\n".join(f"- **{plain(scope)}**: {why}" for scope, why in each.items()))
    typed = forms.secret(
        label,
        key=f"{form}-key",
        autocomplete="off",
        required=help is None,
        help=help or words.help,
        on_change=forget,
        args=(form,),
    )
    forms.problem(form, "api_key")
    return typed.strip()


def _badges(scopes: Iterable[str]) -> str:
    return " ".join(f":gray-badge[{plain(scope)}]" for scope in scopes)


def button(form: str, type: str, base_url: str, secret: str, check: Callable[[], object]) -> None:
    """Connect: first `check` says what is missing, then what the key opens is asked for."""
    known = found(form)
    pressed = st.button(
        _("Connect"),
        icon=":material/cable:",
        key=f"{form}-connect",
        type="secondary" if known else "primary",
        disabled=known is not None,
    )
    forms.problem(form, "connect")
    if not pressed:
        return
    if forms.attempt(form, check):
        with st.spinner(_("Asking {destination} …").format(destination=kind_of(type).title)):
            forms.attempt(form, lambda: _try(form, type, base_url, secret), otherwise="connect")
    st.rerun()


def found(form: str) -> Look | None:
    """What the key opens, once connected."""
    known = st.session_state.get(f"{form}-account")
    return Look(**known | {"account": Account(**known["account"])}) if known else None


def forget(form: str) -> None:
    """The account isn't known any more: the key or the address was changed, or the form left."""
    st.session_state.pop(f"{form}-account", None)
    forms.forget(form)


def success(known: Look, type: str) -> None:
    """The account's facts, and which scopes could be proven."""
    account, kind = known.account, kind_of(type)
    if known.clock:
        st.warning(plain(known.clock), icon=":material/schedule:")
    zone = plain(account.time_zone or "")
    text = _("Account **{name}** ({id}), {zone}{lists}.").format(
        name=plain(account.name),
        id=plain(account.id),
        zone=_("time zone {zone}, ").format(zone=zone) if zone else "",
        lists=many("{n} list", "{n} lists", known.lists),
    )
    if account.test:
        text += " " + _("{destination} calls it a test account.").format(destination=kind.title)
    if known.missing:
        lacks = kind.capabilities.key.untried.format(scopes=", ".join(known.missing))
        st.warning(f"{text} {lacks}", icon=":material/warning:")
        return
    st.success(f"{text} {kind.capabilities.key.proven}", icon=":material/check_circle:")
    _unseen(known, kind.capabilities.key)


def _unseen(known: Look, words: Key) -> None:
    """What can't be seen without the optional scopes that are missing, a line each."""
    lines = [
        f"- **{plain(scope)}**: {plain(why)}"
        for scope, why in words.optional.items()
        if scope in known.optional
    ]
    if lines:
        text = _("Every run works. The key lacks these optional scopes:")
        st.info("\n".join([text, "", *lines]), icon=":material/visibility_off:")


def _try(form: str, type: str, base_url: str, secret: str) -> None:
    """Raises Invalid where the key is what is wrong, else DestinationFailed."""
    person = frame.guard(Role.administrator)
    try:
        look = checks.try_key(frame.store(), person, type, base_url, secret)
    except (NotAccepted, Forbidden) as error:
        raise Invalid(str(error), "api_key") from error
    st.session_state[f"{form}-account"] = asdict(look)
