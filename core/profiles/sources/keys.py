"""Whether a column says who somebody is: filled in each row, and different in each."""

import polars as pl

from core.columns import column
from core.errors import Invalid, Unknown
from core.profiles.sources import ROW, Source, translated, written
from core.texts import _, many


def check_key(source: Source, key: str | None) -> None:
    """Raises Unknown for a key that is no column, Invalid where it is empty or repeats.

    The column is read once. Raises SourceFailed.
    """
    if key is None:
        return
    schema = source.schema()
    if key not in schema:
        raise Unknown(_("column"), key, list(schema), "key")
    with translated(source):
        frame = source.fetched(source.scan(frozenset({key})), [key])
        name = column(written(key, frame.collect_schema()))
        values = frame.select(ROW, value=name.cast(pl.String).str.strip_chars())
        found = values.collect(engine="streaming")
    _refuse_empty(key, found)
    _refuse_repeated(key, found)


def _refuse_empty(key: str, found: pl.DataFrame) -> None:
    empty = found.filter(pl.col("value").is_null() | (pl.col("value") == ""))
    if empty.is_empty():
        return
    text = many(
        "The key “{key}” is empty in {n} row, such as row {row}. A key identifies the "
        "person of each row: fill it, or choose another one.",
        "The key “{key}” is empty in {n} rows, such as row {row}. A key identifies the "
        "person of each row: fill it, or choose another one.",
        empty.height,
        key=key,
        row=f"{empty[ROW].sort()[0]:,}",
    )
    raise Invalid(text, "key")


def _refuse_repeated(key: str, found: pl.DataFrame) -> None:
    if found["value"].n_unique() == found.height:
        return
    first = found.filter(pl.col("value").is_duplicated()).sort(ROW).head(1)["value"].item()
    rows = found.filter(value=first)[ROW].sort().head(2).to_list()
    text = _(
        "The key “{key}” repeats: “{value}” is in rows {one} and {other}. A key identifies "
        "one person: choose another one, or none."
    )
    one, other = (f"{row:,}" for row in rows)
    raise Invalid(text.format(key=key, value=first, one=one, other=other), "key")
