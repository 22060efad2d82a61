"""Names of columns, taken literally: `*`, `^v.*$` or `__email__` are what their source calls them.

polars and narwhals take some names for patterns of names. A column that comes from a source is
never named to them but by `column` and `content`; our own, beside it, by `own`.
"""

import re

import narwhals as nw
import narwhals.selectors as ncs
import polars as pl
import polars.selectors as cs

_OWN = "\x1f"  # which no program writes into a heading


def column(name: str) -> pl.Expr:
    """The column with exactly this name, in polars."""
    return cs.by_name(name).as_expr() if _is_pattern(name) else pl.col(name)


def content(name: str) -> nw.Expr:
    """The column with exactly this name, in any engine."""
    return ncs.matches(f"^{re.escape(name)}$") if _is_pattern(name) else nw.col(name)


def own(name: str) -> str:
    """The name of a column of ours that stands beside a source's, unlike any of those."""
    return _OWN + name


def _is_pattern(name: str) -> bool:
    return name == "*" or (name.startswith("^") and name.endswith("$"))
