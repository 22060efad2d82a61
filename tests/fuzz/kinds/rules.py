"""Rules of segments and conditions in SQL: from outside to people, or refused."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
from hypothesis import strategies as st
from pydantic import ValidationError

from core.configuration.segment import Segment
from core.configuration.values import problems
from core.errors import Invalid
from core.profiles.segments.checks import check
from core.profiles.segments.compared import compared
from core.profiles.segments.expressions import expression
from core.profiles.segments.operators import Op
from core.profiles.segments.rules import Group
from core.profiles.segments.sql.reading import read
from core.profiles.segments.united import resolved
from core.profiles.sources import ROW
from core.profiles.sources.frames import kinds
from tests.fuzz.kinds import Kind, Trial
from tests.fuzz.mutations import mutated

TODAY = date(2026, 11, 29)
PEOPLE = pl.DataFrame(
    {
        ROW: [1, 2, 3],
        "name": ["Anna", "", None],
        "total": [1.5, None, -2.0],
        "ok": [True, False, None],
        "day": [date(2026, 1, 2), None, date(1, 1, 1)],
        "at": [datetime(2026, 1, 2, 3, tzinfo=UTC), None, None],
        "tags": [["a"], [], None],
    }
).lazy()
FIELDS = st.sampled_from(
    ["name", "total", "ok", "day", "at", "tags", "nobody", "", "na\0me", "\ud800"]
)
VALUES = st.one_of(
    st.text(max_size=6),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.sampled_from(
        ["2026-01-02", "9999-12-31", "(a+)+$", "(?=x)", "[", "\\", "*" * 50, "(" * 500]
    ),
    st.lists(st.integers() | st.text(max_size=3), max_size=4),
    st.dictionaries(
        st.sampled_from(["percent", "seed", "list", "name"]), st.integers(), max_size=2
    ),
)
RULES = st.fixed_dictionaries(
    {"field": FIELDS, "op": st.sampled_from([*Op, "like"]), "value": VALUES}
)
TOPS = st.fixed_dictionaries(
    {"count": st.integers() | st.just(1), "by": FIELDS, "ties": FIELDS},
    optional={"order": st.text(max_size=4)},
)


def _group(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    kind = st.sampled_from(["all", "any", "none", "sql", "segment"])
    return st.builds(
        lambda k, held, top: {k: held, **({"top": top} if top else {})},
        kind,
        (st.lists(items, max_size=3) | st.text(max_size=3)),
        st.none() | TOPS,
    )


TREES = st.recursive(RULES, _group, max_leaves=6)
RIGHT = [
    b'{"all": [{"field": "name", "op": "equals", "value": "Anna"}]}',
    b'{"any": [{"field": "total", "op": "more_than", "value": 1}, {"sql": "ok is true"}]}',
    b'{"all": [{"field": "day", "op": "in_last_days", "value": 30}],'
    b' "top": {"count": 1, "by": "total", "ties": "name"}}',
]
RESOLVED = Group.model_validate(json.loads(RIGHT[0]))
WORDS = [
    *("name", "total", "ok", "day", "tags", "'a'", "1", "-1.5", "and", "or", "not", "("),
    *(")", ",", "=", "<>", "<", ">=", "is", "null", "true", "in", "between", "like"),
    *("ilike", "escape", "~", "any", "all", "select", "current_date", "-", "+"),
    *("interval", "'1", "day'", "date", "'2026-01-02'", "contains(", "in_share(", "::"),
    *(";", "--", "/*", "*/", '"', "$1", "1e999", "regexp_like(", "array", "[", "]"),
    *("case", "when", "then", "end"),
]
CONDITIONS = [b"name = 'Anna' and (total > 1 or day >= current_date - 30)", b"'a' = any(tags)"]


def _found(rules: Group, schema: Any) -> None:
    """The people whom the rules find."""
    check(rules, schema, "The segment “Fuzz”")
    if not rules.tops():
        frame, texts = compared(nw.from_native(PEOPLE), [rules], schema)
        frame.filter(expression(rules, texts, TODAY, "Europe/Riga")).to_native().collect()


@contextmanager
def _rules(_folder: Path) -> Iterator[Trial]:
    schema = kinds(PEOPLE)

    def tried(case: bytes) -> None:
        try:
            data = json.loads(case)
        except (ValueError, RecursionError):
            raise Invalid("This is no JSON.") from None
        try:
            rules = Segment.model_validate(
                {"name": "Fuzz", "source": "People", "rules": data}
            ).rules
        except ValidationError as error:
            raise Invalid("; ".join(problems(error, Segment).values())) from None
        _found(resolved(rules, {"Others": RESOLVED}), schema)

    yield tried


@contextmanager
def _conditions(_folder: Path) -> Iterator[Trial]:
    schema = kinds(PEOPLE)

    def tried(case: bytes) -> None:
        _found(read(case.decode("utf-8", "surrogateescape")).rules, schema)

    yield tried


TREE = Kind("rules", 10, TREES.map(json.dumps).map(str.encode) | mutated(RIGHT), _rules)
SQL = Kind(
    "sql",
    10,
    mutated(CONDITIONS)
    | st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join).map(str.encode),
    _conditions,
)
