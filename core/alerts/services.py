"""The services that messages go to, through Apprise, which is imported on the first message."""

import logging
import re
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from core.configuration.alerts import Alerts, channel_key
from core.errors import Invalid, SegferryError
from core.store.channels import SEPARATOR
from core.texts import _

if TYPE_CHECKING:
    from apprise import Apprise, NotifyBase

TIMEOUT = 20.0  # seconds that a service has for a message
LONGEST = 300  # letters of an answer
LONGEST_ADDRESS = 2_000  # letters
# Those that people may add for themselves reach fixed hosts alone: with any other a person who may
# only look could have the server call addresses of its own network.
FOR_PEOPLE = frozenset(
    {"slack", "discord", "tgram", "gchat", "webex", "wxteams", "pover", "pbul", "prowl", "threema"}
)
# What acts on the machine that the server runs on, instead of taking a message elsewhere.
LOCAL = frozenset(
    {"syslog", "dbus", "qt", "kde", "glib", "gio", "gnome", "macosx", "windows", "blink1"}
)
_MAIL_ADDRESS = re.compile(r"[^\s@/:?#]+@[^\s@/:?#]+\.[^\s@/:?#]+")
_SYSTEM = re.compile(
    r"Socket Exception: .*\[Errno -?\d+\] ([^\"')]+)", re.DOTALL
)  # its words alone
_SHORTEST = 4  # letters of a part of an address that may be a secret
_LOCK = Lock()


class NotTaken(SegferryError):
    """The service did not take a message; the text is its answer, without the address's secrets."""


def check(address: str) -> None:
    """Raises Invalid unless Apprise knows the address as one of a service elsewhere."""
    _loaded(address)


def check_own(address: str) -> None:
    """As `check`, for a person's own channel: a mail address, or one of the FOR_PEOPLE."""
    if SEPARATOR not in address:
        if len(address) > LONGEST_ADDRESS or not _MAIL_ADDRESS.fullmatch(address):
            raise Invalid(_("Write a mail address, or the address of a service."), "address")
        return
    service = _loaded(address)[0]
    if not FOR_PEOPLE & set(_protocols(service)):
        text = _(
            "A channel of your own is a mail address, or one of {services}. Ask an administrator "
            "to add any other for the team."
        )
        raise Invalid(text.format(services=", ".join(sorted(FOR_PEOPLE))), "address")


def check_all(alerts: Alerts | None, keys: Mapping[str, str]) -> None:
    """Raises Invalid for a channel of a configuration file whose secret is no such address."""
    for channel in (alerts and alerts.channels) or ():
        try:
            check(keys[channel_key(channel.name)])
        except Invalid as error:
            text = _("alerts “{name}” address: {why} Nothing was changed.")
            raise Invalid(text.format(name=channel.name, why=error)) from None


def send(address: str, title: str, text: str, *, to: str | None = None) -> str:
    """Takes a message there; the service's name. `to`: by its mail server to this mail address.

    Raises NotTaken with the answer; Invalid for an address that Apprise doesn't know.
    """
    apprise = _loaded(address)
    service = apprise[0]
    if to is not None:
        _readdress(service, to)
    result = apprise.notify(body=text, title=title, timeout=TIMEOUT, log_level=logging.DEBUG)
    if not result:
        lines = [(entry.level, entry.message) for entry in result.logs()]
        raise NotTaken(redacted(_answer(lines), [address, *_secrets_of(service)]))
    return str(service.service_name)


def redacted(text: str, addresses: Iterable[str]) -> str:
    """The text without any part of the addresses that may be a secret, and not too long."""
    parts = {part for address in addresses for part in _parts(address)}
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "•••")
    return " ".join(text.split())[:LONGEST]


def _parts(address: str) -> set[str]:
    """Whatever stands between the signs of an address, but for its host."""
    rest = address.partition(SEPARATOR)[2] or address
    before, _at, place = re.split(r"[/?#]", rest)[0].rpartition("@")
    host = place.partition(":")[0]
    found = set(re.split(r"[/?#&=:@,]", rest)) | {before, address, rest}
    found |= {unquote(part) for part in found}
    shown = host if "." in host or host == "localhost" else ""  # a token in its place has no dot
    return {part for part in found if len(part) >= _SHORTEST and part not in shown}


def _secrets_of(service: "NotifyBase") -> list[str]:
    """What the service itself knows as secrets, as far as these are texts."""
    names = ("password", "token", "access_token", "webhook_token", "apikey")
    found = (getattr(service, name, None) for name in names)
    return [value for value in found if isinstance(value, str)]


def _answer(lines: list[tuple[str, str]]) -> str:
    """The sentence that says what failed, and below it what the other side said."""
    said = [text for level, text in lines if level in ("WARNING", "ERROR", "CRITICAL")]
    more = [_words(text) for level, text in lines if level == "DEBUG"]
    parts = [*said[-1:], *[text for text in more if text][-1:]]
    return ": ".join(part.rstrip(". ") for part in parts) or _("No answer.")


def _words(text: str) -> str:
    if system := _SYSTEM.search(text):
        return system[1]
    for begin in ("Response Details:", "Socket Exception:"):
        if text.startswith(begin):
            return re.sub(r"""^b?['"]|['"]$""", "", text.removeprefix(begin).strip())
    return ""


def _readdress(service: Any, to: str) -> None:
    """The mail server's own recipients get nothing of what is somebody's own."""
    service.targets, service.cc, service.bcc = [(False, to)], set(), set()


def _protocols(service: "NotifyBase") -> list[str]:
    known = (service.protocol, service.secure_protocol)
    found: list[str] = []
    for one in known:
        found += [one] if isinstance(one, str) else list(one or ())
    return found


def _loaded(address: str) -> "Apprise":
    """The one service of the address. Raises Invalid without quoting it: it is a secret."""
    with _LOCK:
        import apprise

        log = logging.getLogger("apprise")
        log.propagate = False  # what it logs quotes addresses
        log.setLevel(logging.DEBUG)  # or the answers of services stay unknown
    asset = apprise.AppriseAsset(
        app_id="Segferry",
        app_desc="Segferry",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        service_timeout=TIMEOUT,
        http_redirects=False,
        pgp_autogen=False,
        pem_autogen=False,
    )
    found = apprise.Apprise(asset=asset)
    if len(address) > LONGEST_ADDRESS or not found.add(address) or len(found.urls()) != 1:
        text = _(
            "Apprise doesn’t know this address. It begins with a service, such as mailtos://, "
            "slack:// or jsons://, and is complete."
        )
        raise Invalid(text, "address")
    if LOCAL & set(_protocols(found[0])):
        raise Invalid(_("This service would only reach the machine of the server."), "address")
    return found
