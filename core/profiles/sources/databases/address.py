"""The URL of a database as a value: where it is, and in which role; its secrets are kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from core.errors import Invalid
from core.profiles.sources.databases.engines import ENGINES, Engine
from core.texts import _

HIDDEN = "•••"  # in place of a secret that a driver's words hold
WORDS_OF_SECRETS = ("password", "secret", "token", "key", "credential", "pwd", "passphrase")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is. `url` has its secrets, as has `password`; neither is ever shown."""

    engine: Engine
    host: str = ""
    port: int | None = None
    database: str = ""  # of a file its path
    user: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    url: str = field(default="", repr=False)
    # Where they were checked: the address of the host, device and inode of the file.
    known: str = ""
    inode: tuple[int, int] | None = None

    @classmethod
    def parse(cls, url: str) -> "Address":
        """From its text. Raises Invalid, which never quotes it."""
        try:
            parts = urlsplit(_with_query(url.strip()))
            port = parts.port
        except ValueError:
            raise _unreadable() from None
        engine = _engine(parts.scheme)
        if not engine.is_file and ("@" in parts.path + parts.query or parts.fragment):
            raise _unreadable()  # a password that isn't encoded: its end would be shown
        if engine.is_file:
            path = _file(parts)
            return cls(engine, database=str(path), url=url.strip())
        return cls(
            engine,
            host=unquote(parts.hostname or ""),
            port=port,
            database=unquote(parts.path.lstrip("/")),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            options=dict(parse_qsl(parts.query)),
            url=url.strip(),
        )

    @property
    def file(self) -> Path | None:
        """The file that it is in, of an engine that keeps it in one."""
        return Path(self.database) if self.engine.is_file else None

    @property
    def shown(self) -> str:
        """The URL without its secrets: user, host, port and database."""
        if self.engine.is_file:
            return f"{self.engine.scheme}:///{self.database}"
        user = f"{quote(self.user)}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.engine.scheme}://{user}{host}{port}/{quote(self.database)}"

    def without_secrets(self, text: str) -> str:
        """The text with each secret of the address taken out, as it is or written for a URL."""
        found = [self.password, *self._secret_options()]
        written = {form for one in found if one for form in (one, quote(one, safe=""), quote(one))}
        for secret in sorted({self.url, *written} - {""}, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text

    def _secret_options(self) -> list[str]:
        return [
            value
            for name, value in self.options.items()
            if any(word in name.lower() for word in WORDS_OF_SECRETS)
        ]


def address_of(
    engine: Engine, host: str, port: int | None, database: str, user: str, password: str
) -> Address:
    """From the parts of a form. Raises Invalid."""
    if engine.is_file:
        return Address.parse(f"{engine.scheme}:///{database}")
    secret = f":{quote(password, safe='')}" if password else ""
    role = f"{quote(user, safe='')}{secret}@" if user else ""
    place = f"[{host}]" if ":" in host else quote(host, safe="")
    at = f":{port}" if port else ""
    return Address.parse(f"{engine.scheme}://{role}{place}{at}/{quote(database, safe='')}")


def _with_query(url: str) -> str:
    """Spark Connect writes options after semicolons: as the query that others have."""
    place, mark, options = url.partition("/;")
    is_spark = mark and url.lower().startswith("sc://")
    return f"{place}/?{options.replace(';', '&')}" if is_spark else url


def _engine(scheme: str) -> Engine:
    name = scheme.partition("+")[0].lower()
    for engine in ENGINES.values():
        if name in engine.schemes:
            return engine
    raise _unreadable()


def _unreadable() -> Invalid:
    text = _(
        "The URL of a database begins with {names}, such as "
        "postgresql://user:password@host:5432/database; characters like @ or / in a password are "
        "written as %40 or %2F. This one can't be read as such."
    )
    names = ", ".join(f"{engine.scheme}://" for engine in ENGINES.values())
    return Invalid(text.format(names=names), "url")


def _file(parts: SplitResult) -> Path:
    """`sqlite:////full/path`; with three slashes it is relative to the working folder."""
    text = unquote(parts.path)
    path = text[1:] if text.startswith("/") else text
    if parts.netloc or not path:
        said = _("Write the full path of the file, as in sqlite:////srv/profiles.db.")
        raise Invalid(said, "url")
    return Path(path).absolute()
