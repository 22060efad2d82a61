"""What is wrong in a form, field by field: kept from the action to the next drawing."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core.configuration import values
from core.errors import SegferryError
from pages.ui import kit
from pages.ui.words import plain

# Once the page is drawn: to what somebody else changed, or to the first sentence with the sign of a
# problem. Signs of states, in badges, are none.
SHOW = """<script>
(() => {
  let left = 60;
  const signs = "[data-testid=stMain] [aria-label='error icon'], [data-testid=stAlertContentError]";
  const first = () => document.querySelector(".st-key-outdated")
    || [...document.querySelectorAll(signs)].find(one => !one.closest(".stMarkdownBadge"));
  const show = () => {
    const found = first();
    if (found) found.scrollIntoView({block: "center"});
    else if (left--) requestAnimationFrame(show);
  };
  requestAnimationFrame(show);
})();
</script>"""
WANTED = "wanted-part"  # key of the part of a form that its address asks for
# Once nothing above it moves any more, or the page would jump.
SHOW_PART = """<script>
(() => {
  let left = 900, still = 0, last = 0;
  const show = () => {
    const found = document.querySelector(".st-key-wanted-part");
    const top = found ? found.getBoundingClientRect().top : 0;
    still = found && top === last ? still + 1 : 0;
    last = top;
    if (still > 75) found.scrollIntoView({block: "start"});
    else if (left--) requestAnimationFrame(show);
  };
  requestAnimationFrame(show);
})();
</script>"""


def attempt(form: str, action: Callable[[], object], otherwise: str = "") -> bool:
    """Does it; whether it went well. What is wrong is kept for `problem` and `rest`.

    A sentence about no field of its own is kept as one of `otherwise`.
    """
    try:
        action()
    except ValidationError as error:
        found = {field: _sentence(text) for field, text in values.problems(error).items()}
    except SegferryError as error:
        found = {getattr(error, "field", None) or otherwise: str(error)}
    else:
        found = {}
    st.session_state[_key(form)] = found
    if found:
        point_out(form)
    return not found


def secret(label: str, **field: Any) -> str:
    """A field for a secret, outside of `st.form`: what was typed. More arguments are Streamlit's.

    It is taken while it is typed: left by Tab, for the eye beside it, it would be lost otherwise.
    """
    return st.text_input(label, type="password", live=True, **field) or ""


def point_out(form: str) -> None:
    """Once the form is drawn again, the first of its problems comes into view."""
    st.session_state[f"{form}-pointing"] = True


def bring_into_view() -> None:
    """Once the page is drawn, its part with the key WANTED comes into view; not at each rerun."""
    st.html(SHOW_PART, unsafe_allow_javascript=True)


def problem(form: str, *fields: str) -> None:
    """The sentence for a field, below its widget; several when one widget stands for several."""
    for field in fields:
        if text := _found(form).get(field):
            kit.problem(plain(text))


def found(form: str, *fields: str) -> bool:
    """Whether anything is wrong with one of these fields."""
    return bool(_found(form).keys() & set(fields))


def rest(form: str, *shown: str) -> None:
    """What belongs to none of the fields that are shown; below them all."""
    for field, text in _found(form).items():
        if field not in shown:
            st.error(plain(text), icon=":material/error:")
    if st.session_state.pop(f"{form}-pointing", False):
        again = f"<!-- {time.time_ns():d} -->"  # what is the same as before isn't run again
        st.html(SHOW + again, unsafe_allow_javascript=True)


def forget(form: str) -> None:
    """Drops the problems: something was changed, or the form was left."""
    st.session_state.pop(_key(form), None)


def keep_hidden(*keys: str) -> None:
    """Remembers what widgets of a form hold that aren't drawn now; Streamlit would drop it."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def _found(form: str) -> dict[str, str]:
    found: dict[str, str] = st.session_state.get(_key(form), {})
    return found


def _key(form: str) -> str:
    return f"{form}-problems"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
