"""Your account: your password, your alerts, and the browsers in which you are signed in."""

from core.access import Person
from core.texts import _
from pages.account import alerts, browsers, password
from pages.runs import channel_form
from pages.ui import frame, kit
from pages.ui.words import plain, role_word


def everything(person: Person) -> None:
    """All of it."""
    with kit.head(_("Your account"), plain(f"{person.name}, {role_word(person.role)}")):
        pass
    password.show(person)
    alerts.show(person)
    browsers.show(person)


person = frame.guard()
if frame.query("view") == "channel":
    channel_form.show(person, True, "account", _("Your account"))
else:
    everything(person)
