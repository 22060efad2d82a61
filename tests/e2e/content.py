"""What the browser tests find in their dashboard: exports for each journey, and the worst names."""

from pathlib import Path

import polars as pl

from core import config_file, explore
from core.configuration import Configuration
from core.settings import Settings
from core.store import Store, open_store, sources
from tests.conftest import ADA, people

KEY = "pk_0123456789abcdef"
# As long as a name may be, and all that a browser or Streamlit could take for more than words.
WORST = '<img src=x onerror="harmed=1"> [link](javascript:harmed=1) :red[x] $a$ `b` *c* _d_ '.ljust(
    120, "W"
)
LETTER, MANY, LIMITED = "Weekly letter", "Thirty thousand", "Over the limit"
OLD, SPARE = "Old account", "Spare account"
OLD_EXPORTS = ("Old export", "Older export")
UNUSED_SEGMENT, UNUSED_SOURCE = "Nobody’s segment", "Nobody’s source"
LIST, OTHER_LIST, MANY_LIST = "Y6nRLr", "Lx6ySa", "Su7rEy"
MATCH = {"email": "email", "first_name": "first_name", "external_id": "customer_id"}
VALID, LIMIT = 25, 10  # profiles that can be sent, and how many LIMITED takes in one run


def bring(home: Path, klaviyo: str, folder: Path) -> None:
    """Fills a new data folder; `klaviyo` is the sandbox's address, `folder` is for the files."""
    _few().write_csv(folder / "few.csv")
    people(30_000).write_parquet(folder / "many.parquet")
    store = open_store(Settings(home=home))
    found = _configuration(klaviyo, folder)
    keys = {connection.name: KEY for connection in found.connections or ()}
    config_file.apply(store, ADA, config_file.prepare(store, found, keys))
    _count(store)
    store.close()


def _few() -> pl.DataFrame:
    """VALID good rows, three bad ones, and words that are none."""
    good = people(VALID).with_columns(pl.lit(WORST).alias("<b>note</b> :red[x]"))
    bad = good.head(3).with_columns(
        email=pl.Series(["=cmd|'/c calc'!A1", "+no.address", None]), customer_id=pl.lit("=1+1")
    )
    return pl.concat([good, bad])


def _count(store: Store) -> None:
    with store.begin() as session:
        rows = sources.everything(session)
    for row in rows:
        explore.read(store, ADA, row)
        explore.recount(store, ADA, row)


def _configuration(klaviyo: str, folder: Path) -> Configuration:
    few, many = str(folder / "few.csv"), str(folder / "many.parquet")
    return Configuration.model_validate(
        {
            "connections": [_connection(n, klaviyo) for n in ("Klaviyo", OLD, SPARE, WORST)],
            "sources": [
                {"name": name, "path": path}
                for name, path in (
                    ("Few", few), ("Many", many), (UNUSED_SOURCE, few), (WORST, few)
                )
            ],
            "segments": [
                _segment("Everybody", "Few"),
                _segment("Very many", "Many"),
                _segment(UNUSED_SEGMENT, "Few"),
                _segment(WORST, WORST),
            ],
            "exports": [
                _export(LETTER, LIST),
                _export(MANY, MANY_LIST, segments=["Very many"]),
                _export(LIMITED, OTHER_LIST, limit=LIMIT),
                *(_export(name, LIST, connection=OLD) for name in OLD_EXPORTS),
                _export(WORST, LIST, connection=WORST, segments=[WORST]),
            ],
        }
    )


def _connection(name: str, klaviyo: str) -> dict[str, object]:
    return {"name": name, "api_key": KEY, "base_url": klaviyo, "consent": {"agreed_by": "Ada"}}


def _segment(name: str, source: str) -> dict[str, object]:
    rule = {"field": "country", "op": "equals", "value": "LV"}
    return {"name": name, "source": source, "rules": {"all": [rule]}}


def _export(name: str, list_id: str, **more: object) -> dict[str, object]:
    plain = {"connection": "Klaviyo", "segments": ["Everybody"], "match": MATCH}
    return {"name": name, "list_id": list_id, **plain, **more}
