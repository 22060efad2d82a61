"""Tells what was pasted instead of a private key, so that the sentence can say what to do."""

import re
from collections.abc import Mapping

from core.errors import Invalid
from core.texts import _

# How the keys of others begin (their own documentation).
FOREIGN: Mapping[str, re.Pattern[str]] = {
    "Stripe": re.compile(r"(sk|rk)_(live|test)_|pk_(live|test)_[A-Za-z0-9]{24,}$"),
    "SendGrid": re.compile(r"SG\."),
    "Brevo": re.compile(r"x(keysib|smtpsib)-"),
    "Mailgun": re.compile(r"key-[0-9a-f]{32}$"),
    "Mailchimp": re.compile(r"[0-9a-f]{32}-us\d+$"),
    "Shopify": re.compile(r"shp(at|ca|pa|ss)_"),
}
PUBLIC = re.compile(r"[A-Za-z0-9]{6}")  # a site id (Klaviyo documentation)
TOKEN = re.compile(r"(?:Authorization:\s*)?Bearer\s|eyJ[\w-]+\.", re.IGNORECASE)
POSSIBLE = re.compile(r"[!-~]+")  # what a header can carry: httpx would quote all else in its error


def checked_key(key: str) -> str:
    """The key without white space around it. Raises Invalid, which never quotes the key.

    What merely looks unusual may pass: Klaviyo itself knows its keys best.
    """
    key = key.strip()
    if problem := _problem(key):
        raise Invalid(problem, field="api_key")
    return key


def _problem(key: str) -> str | None:
    where = _("A private key of Klaviyo begins with pk_; find it in Klaviyo, Settings, API keys.")
    if not key:
        return _("The private API key is empty. {where}").format(where=where)
    if vendor := next((name for name, begins in FOREIGN.items() if begins.match(key)), None):
        return _("This is a key of {vendor}, not of Klaviyo. {where}").format(
            vendor=vendor, where=where
        )
    if TOKEN.match(key):
        return _("This is a token, not an API key. {where}").format(where=where)
    if PUBLIC.fullmatch(key):
        return _("This is Klaviyo's public key (the site ID), which can't send. {where}").format(
            where=where
        )
    return _misread(key)


def _misread(key: str) -> str | None:
    """What is wrong with how it was copied."""
    if "pk_" in key[1:] and not key.startswith("pk_"):
        return _("More than the key was pasted. Paste only the part that begins with pk_.")
    if "\n" in key or "\r" in key:
        return _("The key has a line break in it. Copy it again, in one piece and without others.")
    if re.search(r"\s", key):
        return _("The key has a space in it. Copy it again from Klaviyo, Settings, API keys.")
    if not POSSIBLE.fullmatch(key):
        return _(
            "The key has a character in it that no key has; it may be invisible. Copy it again from"
            " Klaviyo, Settings, API keys."
        )
    return None
