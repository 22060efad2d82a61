"""What is no value for its setting, as sentences."""

import re
from dataclasses import fields
from ipaddress import ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import Invalid
from core.settings.secrets import given_twice
from core.texts import _

if TYPE_CHECKING:
    from core.settings import Settings


def check(settings: "Settings") -> None:
    """Raises Invalid for a value that is none for its setting."""
    for one in fields(settings):
        if isinstance(one.default, int | float) and getattr(settings, one.name) <= 0:
            raise Invalid(_("{name} has to be more than 0.").format(name=one.name), one.name)
    for domain in settings.viewer_domains:
        if "." not in domain or "@" in domain:
            text = _("SEGFERRY_SSO_VIEWERS takes domains like example.com, not “{given}”.")
            raise Invalid(text.format(given=domain))
    if settings.log_format not in ("text", "json"):
        text = _("SEGFERRY_LOG_FORMAT is text or json, not “{given}”.")
        raise Invalid(text.format(given=settings.log_format))
    if settings.secret_key and settings.secret_key_file:
        raise given_twice("SEGFERRY_SECRET_KEY")
    if settings.shared_files and settings.on_sqlite:
        raise Invalid(
            _(
                "SEGFERRY_FILES is for several machines over one PostgreSQL: set "
                "SEGFERRY_DATABASE_URL as well, or leave it out."
            )
        )
    _check_folders(settings)
    _check_stores(settings)
    _check_hosts(settings)
    _check_proxy(settings)
    _check_public_url(settings)


def _check_folders(settings: "Settings") -> None:
    if wrong := [f for f in settings.allowed_folders[2:] if not f.is_absolute()]:
        text = _("SEGFERRY_SOURCE_FOLDERS takes full paths; “{given}” is not one.")
        raise Invalid(text.format(given=wrong[0]))


def _check_stores(settings: "Settings") -> None:
    for place in settings.allowed_stores:
        if not re.fullmatch(r"(s3|az|gs|https)://[^/@?#*]+(/[^?#*]*)?", place):
            text = _(
                "SEGFERRY_SOURCE_STORES takes places like s3://bucket/exports/ and "
                "https://files.example.com/, not “{given}”."
            )
            raise Invalid(text.format(given=place.rpartition("@")[2].partition("?")[0]))


def _check_hosts(settings: "Settings") -> None:
    for host in settings.hosts:
        if "*" in host[1:] or (host.startswith("*") and host != "*" and host[1] != "."):
            text = _("SEGFERRY_ALLOWED_HOSTS takes names, * and *.example.com, not “{given}”.")
            raise Invalid(text.format(given=host))


def _check_proxy(settings: "Settings") -> None:
    for part in filter(None, settings.trusted_proxy.split(",")):
        try:
            ip_network(part.strip())
        except ValueError:
            text = _(
                "SEGFERRY_TRUSTED_PROXY takes addresses or networks such as 10.0.0.7 or "
                "10.0.0.0/24, not “{given}”."
            )
            raise Invalid(text.format(given=part.strip())) from None


def _check_public_url(settings: "Settings") -> None:
    parts = urlsplit(settings.public_url)
    if settings.public_url and not (parts.scheme in ("http", "https") and parts.netloc):
        text = _("SEGFERRY_PUBLIC_URL takes an address like {example}, not “{given}”.")
        raise Invalid(
            text.format(example="https://segferry.example.com", given=settings.public_url)
        )
