"""Where files of a store are, as a path such as s3://bucket/folder/*.csv; it never has a secret."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from glob import has_magic
from urllib.parse import parse_qsl, unquote, urlsplit

from core.errors import Invalid, Outside
from core.texts import _

WEB = "https"
# What people call the stores, by the beginning of a path.
TITLES = {"s3": "S3", "az": "Azure", "gs": "Google Cloud Storage", WEB: "HTTPS"}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://(.*)", re.DOTALL)
BUCKET = re.compile(r"\$?[A-Za-z0-9][A-Za-z0-9._-]{0,221}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Names of parameters, or parts of them, whose value opens something.
SECRETS = re.compile(
    r"sig|token|secret|passw|pwd|key|cred|auth|x-amz-|x-goog-|^se$|^sp$|^sv$|^code$", re.IGNORECASE
)
LONG = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w+/=~.%-]{20,}")  # a value that looks like a secret


@dataclass(frozen=True, slots=True)
class Address:
    """A place in a store: its bucket, or on the web its host with a port, and the key there.

    A key is taken as it is: `%20` is no blank but in an address of the web.
    """

    scheme: str
    bucket: str
    key: str  # without the slash before it; of the web with its query

    @classmethod
    def parse(cls, path: str) -> "Address":
        """From its text. Raises Invalid, which quotes nothing that may be secret."""
        found = SCHEME.fullmatch(path.strip())
        scheme = found.group(1).lower() if found else ""
        if found is None or scheme not in TITLES:
            raise Invalid(_unknown(scheme), "path")
        _check_no_secret(path)
        bucket, _slash, key = found.group(2).partition("/")
        address = cls(scheme, bucket.lower() if scheme == WEB else bucket, key.lstrip("/"))
        address.check()
        return address

    @property
    def shown(self) -> str:
        """The path as people write it."""
        return f"{self.scheme}://{self.bucket}/{self.key}"

    @property
    def store(self) -> str:
        """The store as sentences name it: s3://bucket, or the host."""
        return self.bucket if self.is_web else f"{self.scheme}://{self.bucket}"

    @property
    def is_web(self) -> bool:
        """Whether it is one file of a web server."""
        return self.scheme == WEB

    @property
    def fixed(self) -> str:
        """The folders of the key before its first wildcard."""
        parts = self.key.split("/")
        at = next((n for n, part in enumerate(parts) if has_magic(part)), len(parts) - 1)
        return "/".join(parts[:at])

    def at(self, key: str) -> "Address":
        """Another key in the same bucket."""
        return Address(self.scheme, self.bucket, key)

    def check_within(self, allowed: Iterable[str]) -> None:
        """Raises Outside unless one of the places, such as s3://bucket/folder/, has it inside."""
        places = list(allowed)
        key = f"{self.fixed}/" if has_magic(self.key) and not self.is_web else self.key
        if not any(_holds(place, self, key) for place in places):
            known = ", ".join(places) or _("none")
            text = _(
                "{path} is not in the stores that sources may be read from: {stores}. Ask whoever "
                "runs this server to add it to SEGFERRY_SOURCE_STORES."
            )
            raise Outside(text.format(path=self.shown, stores=known), "path")

    def check(self) -> None:
        """Raises Invalid where nobody could mean this."""
        good = _is_host(self.bucket) if self.is_web else bool(BUCKET.fullmatch(self.bucket))
        steps = unquote(unquote(self.key)).replace("\\", "/") if self.is_web else self.key
        if not good or CONTROL.search(self.key) or {".", ".."} & set(steps.split("/")):
            example = "https://example.com/profiles.csv"
            if not self.is_web:
                example = f"{self.scheme}://bucket/folder/profiles.csv"
            text = _("This path is not one like {example}. Correct it.")
            raise Invalid(text.format(example=example), "path")


def is_address(path: str) -> bool:
    """Whether a path leads to a store, or tries to, rather than to a file of this machine."""
    return SCHEME.fullmatch(path.strip()) is not None


def _holds(place: str, address: Address, key: str) -> bool:
    """Whether the place has the key in it; one that can't be read has nothing in it."""
    try:
        around = Address.parse(place)
    except Invalid:
        return False
    if (around.scheme, around.bucket) != (address.scheme, address.bucket):
        return False
    folder = around.key.rstrip("/")
    return not folder or key.partition("?")[0] == folder or key.startswith(f"{folder}/")


def _is_host(text: str) -> bool:
    try:
        parts = urlsplit(f"https://{text}")
        return bool(parts.hostname) and parts.netloc == text and parts.port != 0
    except ValueError:
        return False


def has_secret(path: str) -> bool:
    """Whether a path in a store has a user and password in it, or a signature in its query."""
    found = SCHEME.fullmatch(path.strip())
    if found is None:
        return False
    bucket, _slash, key = found.group(2).partition("/")
    given = parse_qsl(key.partition("?")[2], keep_blank_values=True)
    return "@" in bucket or any(SECRETS.search(n) or LONG.fullmatch(v) for n, v in given)


def _check_no_secret(path: str) -> None:
    """Raises Invalid for a path that is one: whoever has it needs no other right."""
    if not has_secret(path):
        return
    text = _(
        "This path has a password, a key or a signature in it. Paths are shown and kept as they "
        "are: take it out. Credentials of stores come from the environment, see docs/sources.md."
    )
    raise Invalid(text, "path")


def _unknown(scheme: str) -> str:
    if scheme == "http":
        return _(
            "Files aren't read by http: whoever is on the way could change who is in a segment. "
            "Begin the path with https."
        )
    text = _("A path in a store begins with {names}, not with {scheme}://. Correct it.")
    return text.format(names=", ".join(f"{name}://" for name in TITLES), scheme=scheme)
