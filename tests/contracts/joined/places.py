"""Where profiles and orders lie: files, or tables of each database, opened as sources."""

import polars as pl

from core.configuration.source import Source, Table, Whole, open_source, whole
from core.profiles.joined.aggregates import Day
from core.profiles.sources import ROW
from core.settings import Settings
from tests.contracts.joined.tables import TODAY, TYPES, ZONE, orders, profiles
from tests.contracts.rules.engines import POLARS

PROFILES = {"id": "whole", "key": "text", "nr": "whole"}


class Files:
    """Two Parquet files."""

    name = "polars"

    def __init__(self, _request, folder):
        self.settings = Settings(home=folder / "home")
        self.write(folder / "profiles.parquet", profiles(), PROFILES)
        self.write(folder / "orders.parquet", orders(), TYPES)
        self.folder = folder

    def write(self, path, rows, types):
        schema = {name: POLARS[of] for name, of in types.items()}
        pl.DataFrame(rows, schema=schema).write_parquet(path)

    def spec(self, table):
        return {"path": str(self.folder / f"{table}.parquet")}

    def rows(self, join):
        """The profiles with their fields, in order, as they arrive."""
        other = Table(source=Whole(name="Orders", **self.spec("orders")), confined=False)
        spec = Source(name="Profiles", **self.spec("profiles"), joined=[join])
        opened = whole(spec, {"Orders": other})
        source = open_source(opened, self.settings, confined=False, day=Day(TODAY, ZONE))
        found = source.fetched(source.scan()).sort("id").collect()
        assert set(found.columns) == {*source.schema(), ROW}
        return found.drop(ROW).to_dicts()

    def profiles(self):
        return profiles()

    def orders(self):
        return orders()


PLACES = {place.name: place for place in (Files,)}
