"""The settings of a destination as fields of a form, drawn from its own model."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from pydantic.fields import FieldInfo

from core.configuration.connection import Connection
from core.destinations.register import kind_of
from pages.connections import key as api_key
from pages.connections.steps import FORM
from pages.ui import forms


def ask(type: str, given: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, by the names of the settings that a connection keeps; it begins with `given`.

    The model's title, description and default are the label, the help and what stands there;
    `json_schema_extra={"secret": True}` hides what is typed.
    """
    fields = kind_of(type).settings.model_fields
    return {
        name: _field(type, name, field, given.get(name))
        for name, field in fields.items()
        if name in Connection.model_fields
    }


def _field(type: str, name: str, field: FieldInfo, given: str | None) -> str:
    """A change asks to connect again: another server may know another account by this key."""
    extra = field.json_schema_extra
    is_secret = isinstance(extra, dict) and bool(extra.get("secret"))
    draw = forms.secret if is_secret else st.text_input
    typed = draw(
        field.title or name,
        value=given or ("" if field.is_required() else str(field.default)),
        key=f"{FORM}-{type}-{name}",
        required=field.is_required(),
        help=field.description,
        on_change=api_key.forget,
        args=(FORM,),
    )
    forms.problem(FORM, name)
    return (typed or "").strip()
