"""“Run all” on the page Exports: the exports that have an active schedule, after a confirmation."""

import streamlit as st

from core.access import Person
from core.runs import run_all
from core.texts import _, many
from pages.runs import reports
from pages.ui import frame, kit
from pages.ui.words import plain

NAMED = 20  # exports that the confirmation names


def button(names: list[str]) -> None:
    """The button, off while there is nothing to run; `names` are those of the exports it runs."""
    label = _("Run all")
    pressed = st.button(
        label,
        icon=":material/playlist_play:",
        key="run-all",
        disabled=not names,
        help=None if names else _("Every export with an active schedule is already running."),
    )
    if pressed:
        _confirm(names)


def _confirm(names: list[str]) -> None:
    text = many(
        "**{n} export** has an active schedule and will run now. Guards hold it as always.",
        "**{n} exports** have an active schedule and will run now. Guards hold them as always.",
        len(names),
    )
    lines = [f"- {plain(name)}" for name in names[:NAMED]]
    if len(names) > NAMED:
        lines.append("- " + many("{n} more", "{n} more", len(names) - NAMED))
    label = many("Run {n} export", "Run {n} exports", len(names))
    kit.confirm(_("Run all exports with a schedule?"), "\n".join([text, "", *lines]), label, _run)


def _run(person: Person) -> None:
    reports.report(run_all.run_all(frame.store(), person), reports.queued)
