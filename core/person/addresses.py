"""The addresses of one person: of who changes theirs, the ledgers know who it was before."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.plan import ledger
from core.profiles.sources import Progress, silent
from core.settings import Settings
from core.texts import _


@dataclass(frozen=True, slots=True)
class Linked:
    """Another address of the same person, and what says so.

    `via` is the address that it was found by; `export` the id of the export whose key or external
    ID both have, None where the destination has both in one profile.
    """

    email: str
    via: str
    export: int | None


@dataclass(frozen=True, slots=True)
class InLedgers:
    """What the ledgers have of a person: rows (ledger.SCHEMA, with `ledger`, its path), links."""

    rows: pl.DataFrame
    linked: tuple[Linked, ...] = ()

    @property
    def emails(self) -> list[str]:
        """The other addresses."""
        return [one.email for one in self.linked]


def in_ledgers(settings: Settings, email: str, progress: Progress = silent) -> InLedgers:
    """Follows an address, as it is sent, to the same person's others, to and fro.

    Raises StorageFailed, and what `progress` raises.
    """
    links: dict[str, Linked] = {}
    new = [email]
    while new:
        found = _rows(settings, [email, *links], progress)
        fresh = [one for one in _linked(found) if one.email not in links and one.email != email]
        links |= {one.email: one for one in fresh}
        new = [one.email for one in fresh]
    return InLedgers(found, tuple(links.values()))


def _paths(settings: Settings) -> list[Path]:
    return sorted(settings.ledgers.glob("*/*.parquet"))


def _each(settings: Settings, progress: Progress) -> Iterator[tuple[Path, pl.DataFrame]]:
    paths = _paths(settings)
    for n, path in enumerate(paths):
        progress(n / len(paths), _("Looking in the ledgers"))
        yield path, ledger.read(path)


def _rows(settings: Settings, emails: list[str], progress: Progress) -> pl.DataFrame:
    wanted = pl.col("email").is_in(emails)
    frames = [
        rows.filter(wanted).with_columns(ledger=pl.lit(str(path)))
        for path, rows in _each(settings, progress)
    ]
    schema = {**ledger.SCHEMA, "ledger": pl.String()}
    return pl.concat([pl.DataFrame(schema=schema), *frames])


def _linked(known: pl.DataFrame) -> list[Linked]:
    """Whom the ledgers have with the same key in the same export, or in the same profile."""
    found: list[Linked] = []
    for (path,), mine in known.group_by("ledger", maintain_order=True):
        rows = ledger.read(Path(str(path)))
        for keys in (["export", "person"], ["profile_id"]):
            same = mine.drop_nulls(keys).select(*keys, via="email").unique(maintain_order=True)
            others = rows.join(same, on=keys, maintain_order="right")
            others = others.filter(pl.col("email") != pl.col("via"))
            by_key = keys[0] == "export"
            found += [
                Linked(email, via, export if by_key else None)
                for email, via, export in others.select("email", "via", "export").iter_rows()
            ]
    return found
