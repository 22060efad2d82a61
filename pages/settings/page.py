"""Settings: time zone and refresh, what new exports begin with, retention, this installation."""

import streamlit as st

from core.access import Role
from core.configuration import calendar
from core.configuration.export import Guards
from core.configuration.retention import Retention
from core.configuration.schedule import RefreshCron, RefreshSchedule
from core.runs import guard_words
from core.server import installation
from core.server.installation import Installation, Setting
from core.store import preferences
from core.texts import _, many
from pages.settings import backups, defaults, kept, tokens
from pages.ui import facts, frame, kit, samples
from pages.ui.words import plain, size

person = frame.guard(Role.administrator)


def everything() -> None:
    """All of it, to be read; what can be changed here has a button."""
    with frame.store().begin() as session:
        refresh = preferences.refresh(session)
        guards, retention = preferences.guards(session), preferences.retention(session)
        audit_days = preferences.audit_days(session, frame.store().settings)
    found = installation.read(frame.store(), person)
    with kit.head(_("Settings"), _("What is the same for everybody here.")):
        pass
    _refresh(refresh)
    _new_exports(guards)
    _kept(retention, audit_days, found)
    tokens.show()
    backups.show(person)
    _installation(found)
    _environment(found.settings)
    samples.card(person)


def _refresh(refresh: RefreshSchedule | RefreshCron) -> None:
    with st.container(border=True, gap="small", key="refresh"):
        with _card(_("Time zone and refresh")):
            if st.button(_("Change refresh"), key="change-refresh"):
                frame.go("schedules", view="refresh", back="settings")
        words = calendar.in_words(refresh) if refresh.active else _("switched off")
        facts.draw(
            {
                _("Time zone"): (refresh.time_zone, _("also of dates in segment rules")),
                _("Refresh schedule"): (words, ""),
            }
        )


def _new_exports(guards: Guards) -> None:
    with st.container(border=True, gap="small", key="new-exports"):
        with _card(_("Guards of new exports")):
            _change(_("Change guards"), "guards")
        values = guards.model_dump()
        lines = [plain(guard_words.sentence(name, value)) for name, value in values.items()]
        st.markdown("\n".join(f"- :small[{line}]" for line in lines))


def _kept(retention: Retention, audit_days: float, found: Installation) -> None:
    with st.container(border=True, gap="small", key="retention"):
        with _card(_("Kept for")):
            _change(_("Change retention"), "retention")
        kept.show(retention, audit_days, found)


def _installation(found: Installation) -> None:
    with st.container(border=True, gap="small", key="installation"):
        kit.section(_("This installation"))
        free = _("{size} free").format(size=size(found.free)) if found.free is not None else ""
        facts.draw(
            {
                _("Version"): (found.version, found.commit[:10] if found.commit else ""),
                _("Data folder"): (found.home, free),
                **({_("Shared files"): (found.files, "")} if found.files else {}),
                _("Database"): (found.database, found.place),
                _("Revision of the schema"): (found.schema, ""),
                _("Python"): (found.python, ""),
                _("Licence"): (found.licence, ""),
                _("Logs"): (_("what the server prints"), _("no file is written")),
            }
        )


def _environment(settings: tuple[Setting, ...]) -> None:
    """What is set there can be changed there alone; the rest is as it is by default."""
    given = [one for one in settings if one.given]
    with st.container(border=True, gap="small", key="environment"):
        kit.section(_("Environment"), _("changed where the server is started, not here"))
        if given:
            _variables(given)
        others = [one for one in settings if not one.given]
        label = many("{n} variable isn’t set", "{n} variables aren’t set", len(others))
        with st.expander(label, key="not-set"):
            _variables(others)


def _variables(settings: list[Setting]) -> None:
    facts.draw({one.variable: (one.value or "—", one.meaning) for one in settings})


def _card(title: str) -> st.delta_generator.DeltaGenerator:
    """The head of a card, within which its button is drawn."""
    row = st.container(**kit.ROW, horizontal_alignment="distribute")
    with row:
        st.header(title, anchor=False, width="content")
    return row


def _change(label: str, part: str) -> None:
    if st.button(label, key=f"change-{part}"):
        frame.stay(view="defaults")


if frame.query("view") == "defaults":
    defaults.form()
else:
    with frame.show_errors():
        everything()
