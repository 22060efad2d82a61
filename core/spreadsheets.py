"""Tables as CSV that no spreadsheet runs."""

import io
from collections.abc import Callable

import polars as pl

from core.columns import column

# A formula at the start of a cell, or where another separator than ours would begin one: which one
# it is depends on the reader's country. Full-width signs count, and blanks and quotes before them.
SIGNS = "=+\\-@＝＋－＠"
BLANKS = r"[\s\x00-\x20\x{feff}\x{200b}\"]*"
FIRST = rf"^({BLANKS}[{SIGNS}]|[\t\r\n])"
LATER = rf"(,|[;|\t\r\n]{BLANKS})([{SIGNS}])"


def csv(frame: pl.DataFrame, change: Callable[[str], str] | None = None) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it; no cell can start a formula in one.

    `change` is made to each text before: it may mask it.
    """
    cells = frame.select(_as_text(name, kind) for name, kind in frame.schema.items())
    texts = [name for name, kind in cells.schema.items() if kind == pl.String]
    if change:
        cells = cells.with_columns(_changed(cells[name], change) for name in texts)
    safe = cells.with_columns(_harmless(column(name)).alias(name) for name in texts)
    file = io.BytesIO()
    safe.rename(_harmless_name).write_csv(file, include_bom=True)
    return file.getvalue()


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    """What can hold text, or has no form in CSV, as text; the rest as it is."""
    value = column(name)
    if kind.is_nested():
        json = pl.struct(value=value).struct.json_encode()
        text = json.str.slice(len('{"value":')).str.head(-1)
        return pl.when(value.is_not_null()).then(text).alias(name)
    if isinstance(kind, pl.Categorical | pl.Enum):
        return value.cast(pl.String)
    if isinstance(kind, pl.Binary):
        return value.bin.encode("base64")
    return value.dt.to_string() if isinstance(kind, pl.Duration) else value


def _changed(texts: pl.Series, change: Callable[[str], str]) -> pl.Series:
    found = [None if text is None else change(text) for text in texts]
    return pl.Series(texts.name, found, dtype=pl.String)


def _harmless(text: pl.Expr) -> pl.Expr:
    """An apostrophe before each: what follows is text."""
    return text.str.replace(FIRST, "'${1}").str.replace_all(LATER, "${1}'${2}")


def _harmless_name(name: str) -> str:
    return str(pl.select(_harmless(pl.lit(name))).item())
