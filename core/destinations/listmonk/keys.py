"""The credentials of an API user, and what is wrong with text that can't be any."""

import re

from core.errors import Invalid
from core.texts import _

# Names as listmonk allows them; a token is 48 letters and digits, an older one may differ.
POSSIBLE = re.compile(r"[a-zA-Z0-9_\-.@]+:[!-9;-~]+")


def checked_key(key: str) -> str:
    """`NAME:TOKEN` without white space around it. Raises Invalid, which never quotes it."""
    key = key.strip()
    if problem := _problem(key):
        raise Invalid(problem, field="api_key")
    return key


def _problem(key: str) -> str | None:
    where = _(
        "Enter the name of the API user and its token with a colon between, as in segferry:…;"
        " listmonk shows the token once, when the user is made (Admin, Users, type API)."
    )
    if not key:
        return _("The API user and its token are missing. {where}").format(where=where)
    if ":" not in key:
        return _("There is no colon between the API user's name and its token. {where}").format(
            where=where
        )
    if re.search(r"\s", key):
        return _("There is a space or a line break in it. {where}").format(where=where)
    if not POSSIBLE.fullmatch(key):
        return _("This can't be an API user and its token. {where}").format(where=where)
    return None
