"""What an operator can set from the environment, each with its default and meaning."""

import os
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.settings import checks
from core.settings.secrets import secret
from core.texts import _


def _setting(default: Any, env: str, text: str, secret: bool = False) -> Any:
    return field(default=default, metadata={"env": env, "text": text}, repr=not secret)


def _file_of(env: str) -> Any:
    """The setting beside a secret's, which names a file with it: how containers get secrets."""
    return _setting("", f"{env}_FILE", f"File with the value of {env}.")


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment's settings, read once at start."""

    home: Path = _setting(
        Path("data"),
        "SEGFERRY_HOME",
        "Data folder: databases, run files, keys; never anything outside it.",
    )
    shared_files: str = _setting(
        "",
        "SEGFERRY_FILES",
        "Folder of ledgers, run files and uploads, where several machines share them.",
    )
    database_url: str = _setting(
        "", "SEGFERRY_DATABASE_URL", "PostgreSQL instead of the embedded SQLite.", secret=True
    )
    database_url_file: str = _file_of("SEGFERRY_DATABASE_URL")
    database_wait: float = _setting(
        30.0, "SEGFERRY_DATABASE_WAIT", "Seconds to wait while another program locks SQLite."
    )
    secret_key: str = _setting(
        "",
        "SEGFERRY_SECRET_KEY",
        "Key that encrypts secrets at rest (Fernet, 32 bytes, base64).",
        secret=True,
    )
    secret_key_file: str = _setting(
        "",
        "SEGFERRY_SECRET_KEY_FILE",
        "File with that key; created in the data folder when neither is given.",
    )
    backup_passphrase: str = _setting(
        "",
        "SEGFERRY_BACKUP_PASSPHRASE",
        "Passphrase that the keys in backups are encrypted with; without it commands ask for one.",
        secret=True,
    )
    backup_passphrase_file: str = _file_of("SEGFERRY_BACKUP_PASSPHRASE")
    klaviyo_revision: date = _setting(
        date(2026, 10, 15), "SEGFERRY_KLAVIYO_REVISION", "Revision of Klaviyo's API, a date."
    )
    klaviyo_client_id: str = _setting(
        "",
        "SEGFERRY_KLAVIYO_CLIENT_ID",
        "Client ID of your OAuth app at Klaviyo; with its secret, connections can authenticate by "
        "OAuth.",
    )
    klaviyo_client_secret: str = _setting(
        "", "SEGFERRY_KLAVIYO_CLIENT_SECRET", "Client secret of that app.", secret=True
    )
    klaviyo_client_secret_file: str = _file_of("SEGFERRY_KLAVIYO_CLIENT_SECRET")
    request_timeout: float = _setting(
        60.0, "SEGFERRY_REQUEST_TIMEOUT", "Seconds to wait for an answer of a destination."
    )
    outage_wait: float = _setting(
        60.0,
        "SEGFERRY_OUTAGE_WAIT",
        "Seconds that a run waits out an outage of its destination, a full disk or a locked "
        "database.",
    )
    least_free: int = _setting(
        100,
        "SEGFERRY_LEAST_FREE",
        "Megabytes that runs leave free on the disk of the data folder: with less they wait.",
    )
    job_timeout: float = _setting(
        3600.0,
        "SEGFERRY_JOB_TIMEOUT",
        "Seconds until an import job that doesn't finish counts as stuck.",
    )
    sso_viewers: str = _setting(
        "",
        "SEGFERRY_SSO_VIEWERS",
        "Mail domains, separated by commas, whose people single sign-on lets in as viewers without "
        "an invitation.",
    )
    metrics_token: str = _setting(
        "",
        "SEGFERRY_METRICS_TOKEN",
        "Token with which /metrics may be read, beside those for measures that an administrator "
        "makes.",
        secret=True,
    )
    metrics_token_file: str = _file_of("SEGFERRY_METRICS_TOKEN")
    log_format: str = _setting(
        "text",
        "SEGFERRY_LOG_FORMAT",
        "text, or json: one object a line, with the number of the run that it is about.",
    )
    audit_days: float = _setting(
        400.0,
        "SEGFERRY_AUDIT_DAYS",
        "Days for which the audit is kept, whatever the page Settings says.",
    )

    source_folders: str = _setting(
        "",
        "SEGFERRY_SOURCE_FOLDERS",
        "Folders that sources made in the browser may read, besides uploads; full paths, "
        "separated as in PATH.",
    )
    source_stores: str = _setting(
        "",
        "SEGFERRY_SOURCE_STORES",
        "Stores and web servers that sources made in the browser may read, such as "
        "s3://bucket/exports/ or https://files.example.com/, separated by commas; on a private "
        "network only such servers are read at all.",
    )
    source_databases: str = _setting(
        "",
        "SEGFERRY_SOURCE_DATABASES",
        "Servers of databases on this machine, such as localhost, and projects of BigQuery that "
        "sources made in the browser may read, separated by commas.",
    )
    max_upload: int = _setting(
        1024, "SEGFERRY_MAX_UPLOAD", "Megabytes that a file uploaded in the browser may have."
    )
    max_uploads: int = _setting(
        100,
        "SEGFERRY_MAX_UPLOADS",
        "Files that each person may have uploaded, those of their sources included.",
    )
    max_uploaded: int = _setting(
        10_240,
        "SEGFERRY_MAX_UPLOADED",
        "Megabytes that the uploads of each person may take together.",
    )
    reading_memory: int = _setting(
        4096,
        "SEGFERRY_READING_MEMORY",
        "Megabytes of memory that reading a source may take, in each of three processes.",
    )
    reading_time: float = _setting(
        900.0,
        "SEGFERRY_READING_TIME",
        "Seconds that reading a source may take, for a page or a run of a server.",
    )
    max_rows: int = _setting(100_000_000, "SEGFERRY_MAX_ROWS", "Rows that a source may have.")
    max_columns: int = _setting(5000, "SEGFERRY_MAX_COLUMNS", "Columns that a source may have.")
    max_cell: int = _setting(
        16,
        "SEGFERRY_MAX_CELL",
        "Megabytes that one cell of a source may have; in a list each value counts 8 bytes besides "
        "its text.",
    )
    max_unpacked: int = _setting(
        20_480, "SEGFERRY_MAX_UNPACKED", "Megabytes that a packed file may have, unpacked."
    )
    max_copies: int = _setting(
        51_200,
        "SEGFERRY_MAX_COPIES",
        "Megabytes of disk that the converted copies of all sources may take.",
    )
    allowed_hosts: str = _setting(
        "localhost,127.0.0.1,[::1]",
        "SEGFERRY_ALLOWED_HOSTS",
        "Names under which people may reach the dashboard, separated by commas; *.example.com "
        "means "
        "all below, * any.",
    )
    public_url: str = _setting(
        "",
        "SEGFERRY_PUBLIC_URL",
        "Address at which people reach the dashboard, such as https://segferry.example.com, for "
        "the links of alerts.",
    )
    trusted_proxy: str = _setting(
        "",
        "SEGFERRY_TRUSTED_PROXY",
        "Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are "
        "believed, separated by commas.",
    )

    given: frozenset[str] = frozenset()  # the variables that the environment sets

    def __post_init__(self) -> None:
        checks.check(self)

    @property
    def files(self) -> Path:
        """Folder of what all processes of an installation have to find: the data folder, mostly."""
        return Path(self.shared_files) if self.shared_files else self.home

    @property
    def folders(self) -> tuple[Path, ...]:
        """The data folder, and the one of shared files where that is another."""
        return tuple(dict.fromkeys((self.home, self.files)))

    @property
    def runs(self) -> Path:
        """Folder of the frozen runs."""
        return self.files / "runs"

    @property
    def ledgers(self) -> Path:
        """Folder of what is known to be on lists, by account."""
        return self.files / "ledger"

    @property
    def cache(self) -> Path:
        """Folder of converted sources; may be deleted at any time."""
        return self.home / "sources"

    @property
    def uploads(self) -> Path:
        """Folder of files uploaded in the browser."""
        return self.files / "uploads"

    @property
    def arrivals(self) -> Path:
        """Folder of uploads that nobody looked at yet: no source may read it."""
        return self.files / "arrivals"

    @property
    def viewer_domains(self) -> list[str]:
        """Mail domains: people there need no invitation to be viewers."""
        return [part.strip().lower() for part in self.sso_viewers.split(",") if part.strip()]

    @property
    def allowed_folders(self) -> tuple[Path, ...]:
        """Folders that a source made in the browser may read."""
        given = (Path(part) for part in self.source_folders.split(os.pathsep) if part)
        return (self.uploads, self.home / "demo", *given)

    @property
    def allowed_stores(self) -> tuple[str, ...]:
        """Places in stores and on web servers that a source made in the browser may read."""
        return tuple(part.strip() for part in self.source_stores.split(",") if part.strip())

    @property
    def allowed_databases(self) -> tuple[str, ...]:
        """Hosts of databases that a source made in the browser may read, though they are here."""
        names = (part.strip().lower() for part in self.source_databases.split(","))
        return tuple(filter(None, names))

    @property
    def closed(self) -> tuple[Path, ...]:
        """What such a source may not read even where an allowed folder is around it."""
        return tuple(map(Path, paths(self).values()))

    @property
    def hosts(self) -> list[str]:
        """The names under which the dashboard answers."""
        return [part.strip() for part in self.allowed_hosts.split(",") if part.strip()]

    @property
    def url(self) -> str:
        """SQLAlchemy address of our own database."""
        if not self.database_url:
            return f"sqlite:///{self.home / 'segferry.sqlite'}"
        return _with_driver(self.database_url)

    @property
    def engine_url(self) -> str:
        """Address of the database of durable runs: a file of its own on SQLite."""
        return self.database_url or f"sqlite:///{self.home / 'engine.sqlite'}"

    @property
    def on_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return not self.database_url


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings from the environment and the files of secrets that it names.

    Raises Invalid for a value of the wrong kind, and for what `secret` does.
    """
    texts = {f: text for f in _documented() if (text := _text(f, environment))}
    given = {f.name: _parsed(f.metadata["env"], text, f.default) for f, text in texts.items()}
    given.setdefault("home", Settings().home)
    full = {n: type(path)(os.path.abspath(path)) for n, path in given.items() if _is_path(n)}
    return Settings(**given | full, given=frozenset(f.metadata["env"] for f in texts))


def paths(settings: Settings) -> dict[str, str]:
    """Of each setting that names a file or folder, and is set: the variable and the full path."""
    named = [one for one in _documented() if _is_path(one.name) and getattr(settings, one.name)]
    return {one.metadata["env"]: str(getattr(settings, one.name)) for one in named}


def _is_path(name: str) -> bool:
    return name in ("home", "shared_files") or name.endswith("_file")


def _text(one: Field[Any], environment: Mapping[str, str]) -> str:
    """What is set. The key's file is no copy of it: it is made, and written by rotate-key."""
    name = one.metadata["env"]
    if one.repr or one.name == "secret_key":
        return environment.get(name, "")
    return secret(environment, name)


def documented() -> list[tuple[str, str, str]]:
    """Each setting as (variable, default, meaning): the table of docs/operating.md."""
    return [(f.metadata["env"], str(f.default), f.metadata["text"]) for f in _documented()]


def shown(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting as (variable, value, meaning); of a secret only whether it is set."""
    return [(f.metadata["env"], _value(settings, f), f.metadata["text"]) for f in _documented()]


def _value(settings: Settings, one: Field[Any]) -> str:
    value = getattr(settings, one.name)
    if one.repr:
        return f"{value:g}" if isinstance(value, float) else str(value)
    return _("set, not shown") if value else ""


def _documented() -> list[Field[Any]]:
    return [one for one in fields(Settings) if one.metadata]


def _parsed(name: str, text: str, default: Any) -> Any:
    read: Callable[[str], Any] = type(default)
    problem = _("{name} has to be a number of seconds, not “{text}”.")
    if isinstance(default, int):
        problem = _("{name} has to be a whole number, not “{text}”.")
    if isinstance(default, date):
        read = date.fromisoformat
        problem = _("{name} has to be a date like {default}, not “{text}”.")
    try:
        return read(text)
    except ValueError:
        raise Invalid(problem.format(name=name, text=text, default=default)) from None


def _with_driver(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
