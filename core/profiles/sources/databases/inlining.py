"""Columns of ours written where they are compared, for an engine that would compute each of them.

DuckDB computes every column that an inner query adds, for all rows. Within a condition it computes
it only for the rows that need it, of which cleaning texts makes a large difference.
"""

from collections.abc import Mapping
from typing import Any

from core.profiles.sources.databases.prepared import PREFIX

TAKEN = {"kind", "expressions", "from_"}  # all that an inner query may consist of


def inlined(tree: Any) -> Any:
    """The sqlglot tree of a statement without inner queries that only add columns of ours."""
    from sqlglot import exp

    tree = tree.copy()
    for query in reversed(list(tree.find_all(exp.Select))):  # those within others first
        if added := _added(query):
            _take_in(query, added)
    return tree


def _added(query: Any) -> Mapping[str, Any]:
    """What the query that this one reads gives by each name, if it can be taken in; else none."""
    from sqlglot import exp

    source = query.args["from_"].this if query.args.get("from_") else None
    if not isinstance(source, exp.Subquery) or not isinstance(source.this, exp.Select):
        return {}
    inner = source.this
    is_plain = not any(value for name, value in inner.args.items() if name not in TAKEN)
    given = {one.alias_or_name: one.unalias() for one in inner.expressions}
    is_plain = is_plain and all(map(_is_small, given.values())) and _is_spelt_out(query)
    return given if is_plain else {}


def _is_spelt_out(query: Any) -> bool:
    """Whether it names its columns, or takes all of them as they are."""
    from sqlglot import exp

    if not query.is_star:
        return True
    first, *more = query.expressions
    return isinstance(first, exp.Star) and not any(first.args.values()) and not more


def _is_small(value: Any) -> bool:
    """Whether it may be written more than once: a column, a constant, or what a marker makes."""
    from sqlglot import exp

    if isinstance(value, exp.Anonymous):
        return str(value.this).lower().startswith(PREFIX)
    if isinstance(value, exp.Cast):
        return _is_small(value.this)
    is_known = isinstance(value, exp.Column | exp.Literal | exp.Boolean | exp.Null)
    return is_known and not value.is_star


def _take_in(query: Any, given: Mapping[str, Any]) -> None:
    """Reads what the inner query reads, with what that adds written in place of its names."""
    from sqlglot import exp

    inner = query.args["from_"].this
    query.args["from_"].set("this", inner.this.args["from_"].this)
    if query.is_star:
        query.set("expressions", [_named(value.copy(), name) for name, value in given.items()])
    for column in [one for one in query.find_all(exp.Column) if one.table == inner.alias]:
        value = given[column.name].copy()
        is_given = isinstance(column.parent, exp.Select) and column.arg_key == "expressions"
        column.replace(_named(value, column.name) if is_given else value)


def _named(value: Any, name: str) -> Any:
    from sqlglot import exp

    is_it = isinstance(value, exp.Column) and value.name == name
    return value if is_it else exp.alias_(value, name, quoted=True)
