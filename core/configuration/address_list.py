"""An address list as the configuration file has it, and the addresses in its file."""

from typing import Annotated

import polars as pl
from pydantic import Field

from core.configuration.source import Source, reading_of
from core.configuration.values import Name, Value
from core.profiles import sources
from core.profiles.given_addresses import Given, from_table
from core.profiles.sources import ROW
from core.profiles.sources.work import folder_for_work
from core.settings import Settings

PREFIX = "addresses-"  # of the folder in which a file is read


class AddressListFile(Value):
    """A list by its name, and the file with its addresses; without one it stays as it is."""

    name: Name
    path: Annotated[str, Field(min_length=1)] | None = None  # relative to the configuration file


def addresses_in(path: str, settings: Settings, *, confined: bool) -> Given:
    """The addresses in a text file, a workbook or another table; nothing of it is kept.

    Raises SourceFailed, Invalid.
    """
    settings.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    spec = Source(name="addresses", path=path, header=False)
    with folder_for_work(settings.cache, PREFIX) as work:
        source = sources.open_source(reading_of(spec, settings, confined), work)
        with sources.translated(source):
            frame: pl.LazyFrame = source.scan().to_native()
            texts = [n for n, t in frame.collect_schema().items() if n != ROW and t == pl.String]
            return from_table(source.fetched(source.scan(), texts).select(texts).collect())
