"""Your account: your password, and the browsers in which you are signed in."""

from core.texts import _
from pages.account import browsers, password
from pages.ui import frame, kit
from pages.ui.words import plain, role_word

person = frame.guard()
with kit.head(_("Your account"), plain(f"{person.name}, {role_word(person.role)}")):
    pass
password.show(person)
browsers.show(person)
