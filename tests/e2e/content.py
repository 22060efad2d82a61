"""What the browser tests find in their dashboard: exports for each journey, and the worst names."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from core.audience import looks, members
from core.configuration.configuration import Configuration
from core.settings import Settings
from core.store import Store, apply, exports, open_store, slots, sources, tokens
from core.store.tables.schedules import Outcome
from tests.conftest import ADA, bulky, people

KEY = "pk_0123456789abcdef"
# As long as a name may be, and all that a browser or Streamlit could take for more than words.
WORST = '<img src=x onerror="harmed=1"> [link](javascript:harmed=1) :red[x] $a$ `b` *c* _d_ '.ljust(
    120, "W"
)
LETTER, MANY, LIMITED, FAILED = "Weekly letter", "Three batches", "Over the limit", "Too many"
MANY_MORE = "Three batches more"
# Connection -> its exports
GOING = {"Old account": ("Old export", "Older export"), "Closed account": ("Closed export",)}
UNUSED = "Nobody’s"
LIST, LIMITED_LIST, MANY_LIST = "Y6nRLr", "Lx6ySa", "Su7rEy"
VALID, REJECTED, LIMIT = 25, 3, 10  # profiles; how many LIMITED takes in one run
FORMULA = "=cmd|'/c calc'!A1"
MATCH = {"email": "email", "first_name": "first_name", "external_id": "customer_id"}


def bring(home: Path, klaviyo: str, folder: Path) -> None:
    """Fills a new data folder; `klaviyo` is the sandbox's address, `folder` is for the files."""
    _few().write_csv(folder / "few.csv")
    bulky(3).write_parquet(folder / "many.parquet")
    store = open_store(Settings(home=home))
    found = _configuration(klaviyo, folder)
    keys = {connection.name: KEY for connection in found.connections or ()}
    apply.apply(store, ADA, apply.prepare(store, found, keys))
    _count(store)
    _miss_slots(store)
    with store.begin() as session:
        tokens.add(session, ADA, WORST[: tokens.LONGEST_NAME], [WORST])
    store.close()


def _few() -> pl.DataFrame:
    """VALID good rows, REJECTED bad ones, and a column of the worst name that holds it too."""
    good = people(VALID).with_columns(pl.lit(WORST).alias(WORST))
    emails = pl.Series("email", [FORMULA, "@no.address", None])
    return pl.concat([good, good.head(REJECTED).with_columns(emails)])


def _count(store: Store) -> None:
    with store.begin() as session:
        rows = sources.everything(session)
    for row in rows:
        looks.read(store, ADA, row)
        members.recount(store, ADA, row)


def _miss_slots(store: Store) -> None:
    """Of the worst name, in each way that a slot has no run, for the worst reason."""
    now = datetime.now(UTC)
    with store.begin() as session:
        row = exports.find(session, WORST)
        for n, outcome in enumerate((Outcome.failed, Outcome.missed, Outcome.skipped)):
            at, key = now - timedelta(hours=n), slots.of_export(row.id)
            slots.claim(session, key, at, outcome, export=row, reason=WORST)


def _configuration(klaviyo: str, folder: Path) -> Configuration:
    few, many = str(folder / "few.csv"), str(folder / "many.parquet")
    return Configuration.model_validate(
        {
            "connections": [_connection(name, klaviyo) for name in ("Klaviyo", *GOING, WORST)],
            "sources": [
                {"name": name, "path": path}
                for name, path in {"Few": few, "Many": many, UNUSED: few, WORST: few}.items()
            ],
            "segments": [
                _segment("Everybody", "Few"),
                _segment("Very many", "Many"),
                _segment(UNUSED, "Few"),
                _segment(WORST, WORST),
            ],
            "exports": [
                _export(LETTER, LIST),
                _export(MANY, MANY_LIST, segments=["Very many"]),
                _export(MANY_MORE, MANY_LIST, segments=["Very many"]),
                _export(LIMITED, LIMITED_LIST, limit=LIMIT),
                _export(FAILED, LIST, limit=LIMIT),
                *(
                    _export(name, LIST, connection=going)
                    for going, names in GOING.items()
                    for name in names
                ),
                _export(WORST, LIST, connection=WORST, segments=[WORST]),
            ],
        }
    )


def _connection(name: str, klaviyo: str) -> dict[str, Any]:
    return {"name": name, "api_key": KEY, "base_url": klaviyo, "consent": {"agreed_by": "Ada"}}


def _segment(name: str, source: str) -> dict[str, Any]:
    rule = {"field": "country", "op": "equals", "value": "LV"}
    return {"name": name, "source": source, "rules": {"all": [rule]}}


def _export(name: str, list_id: str, **more: Any) -> dict[str, Any]:
    plain = {"connection": "Klaviyo", "segments": ["Everybody"], "match": MATCH}
    return {"name": name, "list_id": list_id, **plain, **more}
