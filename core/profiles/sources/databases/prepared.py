"""What rules compare in a database: columns beside its own, so that a rule means there what it does
anywhere.

Rules become an Ibis expression with markers, functions that no engine has. Once it is known by
which engine it is compared, what that engine writes stands in their place, see `words`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from core.profiles import cleaning, composition
from core.profiles.patterns import RE2, translated
from core.profiles.sources import Kind
from core.profiles.sources.databases.engines import ENGINES
from core.profiles.sources.databases.words import WORDS, Words

PREFIX = "segferry_"
BLANK = r"^\s+$"
BETWEEN = ", "  # two addresses of a list: none holds it, and each engine writes it as it is
AROUND = r"^\s+|\s+$"  # of a text that is cleaned: all that is trimmed of an address


def prepared(table: Any, kinds: Mapping[str, Kind], names: Mapping[str, str]) -> Any:
    """The Ibis table with a column for each of the fields, by its name in `names`.

    In it is null what is empty: not-a-number, blank text, and what isn't of the column's type.
    """
    return table.mutate(**{names[name]: _bare(table[name], kind) for name, kind in kinds.items()})


def as_written(table: Any, kinds: Mapping[str, Kind], names: Mapping[str, str]) -> Any:
    """The Ibis table of these fields alone, each by its name in `names`.

    They are as rules compare them, but that texts are not cleaned; one without characters is null.
    """
    return table.select(
        **{names[name]: _bare(table[name], kind, "written") for name, kind in kinds.items()}
    )


def with_plain(table: Any, plain: Mapping[str, str]) -> Any:
    """The table with a column for each of these fields: its texts as they are written.

    They are compared character by character. See `core.profiles.segments.quickly`.
    """
    if not plain:
        return table
    texts = {name: _marker("plain", str(table[of].type()), "string") for of, name in plain.items()}
    return table.mutate(**{name: texts[name](table[of]) for of, name in plain.items()})


def with_shares(table: Any, shares: Mapping[str, tuple[str, str]]) -> Any:
    """The table with a column of digits for each, of a text and what stands before it.

    See `core.profiles.segments.shares`.
    """
    if not shares:
        return table
    share = _marker("share", "string", "string", "string")
    return table.mutate(**{ours: share(table[of], text) for ours, (of, text) in shares.items()})


def sent(table: Any, engine: str) -> Any:
    """The table with its numbers as they have to be sent to arrive as they are."""
    changed = {
        name: _marker(mark, str(dtype), str(dtype))(table[name])
        for name, dtype in table.schema().items()
        for mark, fits in _SENT
        if fits(dtype) and getattr(WORDS[engine], mark)
    }
    return table.mutate(**changed) if changed else table


def with_addresses(table: Any, texts: Mapping[str, str]) -> Any:
    """The table with a column for each of the texts, as addresses are sent: trimmed and lowered."""
    if not texts:
        return table
    address = _marker("address", "string", "string")
    return table.mutate(**{ours: address(table[of]) for ours, of in texts.items()})


def with_places(table: Any, orders: Mapping[str, tuple[str, str, bool]]) -> Any:
    """The table with a column of places for each: by a value, and by a second one of those alike.

    A place counts the rows that come before, the largest first if so wanted, and those alike in
    both; rows without a value have none, those without a second one come after others alike.
    """
    return table.mutate(**{name: _place(table, *order) for name, order in orders.items()})


def _place(table: Any, value: str, second: str, is_descending: bool) -> Any:
    import ibis

    by = ibis.desc(table[value]) if is_descending else ibis.asc(table[value])
    # Not every engine can be told where nulls stand in a window.
    empty, also = (table[name].isnull().ifelse(1, 0) for name in (value, second))
    window = ibis.range_window(order_by=[empty, by, also, table[second].asc()], following=0)
    return table[value].notnull().ifelse(table.count().over(window), ibis.null())


def with_lists(table: Any, lists: Mapping[str, tuple[str, Sequence[str]]]) -> Any:
    """The table with a column for each: whether a column's address is one of a list.

    The list travels as one text, for a node for each of its addresses takes longer to write than
    the database to answer.
    """
    if not lists:
        return table
    listed = _marker("listed", "string", "boolean", "string")
    found = {ours: listed(table[of], BETWEEN.join(these)) for ours, (of, these) in lists.items()}
    return table.mutate(**found)


def marked(table: Any) -> Any:
    """The same with markers for what engines do each in their own way."""
    return table.op().replace(_marked).to_expr()


def replaced(tree: Any, engine: str, dialect: str) -> Any:
    """The sqlglot tree of a statement with what the engine writes in place of markers.

    It is to be written with `pretty`.
    """
    from sqlglot import exp
    from sqlglot.generator import Generator

    tree = tree.copy()  # in which no piece stands in two places
    end = Generator().SENTINEL_LINE_BREAK  # of a line; compiled (sqlglotc) its class has none
    markers = [
        node for node in tree.find_all(exp.Anonymous) if str(node.this).lower().startswith(PREFIX)
    ]
    for node in reversed(markers):  # those within others first
        values = [value.sql(dialect=dialect) for value in node.expressions]
        name = str(node.this).lower().removeprefix(PREFIX)
        if written := _written(name, node, values, engine, dialect):
            # sqlglot indents what it writes for people, but for ends of lines that it marks so.
            node.replace(exp.Var(this=written.replace("\n", end)))
    return tree


def _bare(value: Any, kind: Kind, text: str = "text") -> Any:
    dtype = value.type()
    if kind is Kind.text:
        return _marker(text, str(dtype), "string")(value)
    if kind is Kind.list and text == "text" and dtype.value_type.is_string():
        return _marker("list", str(dtype), "array<string>")(value)
    for name, fits in _MARKS:
        if fits(dtype):
            gives = "float64" if name == "short" else str(dtype)
            return _marker(name, str(dtype), gives)(value)
    return value


_MARKS: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("whole", lambda dtype: dtype.is_integer()),
    ("short", lambda dtype: dtype.is_float32()),
    ("floating", lambda dtype: dtype.is_floating()),
    ("exact", lambda dtype: dtype.is_decimal()),
    ("flag", lambda dtype: dtype.is_boolean()),
    ("day", lambda dtype: dtype.is_date()),
    ("moment", lambda dtype: dtype.is_timestamp()),
)


_SENT: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("sent_short", lambda dtype: dtype.is_float32()),
    ("sent_exact", lambda dtype: dtype.is_decimal()),
)


def _marked(node: Any, changed: Mapping[str, Any] | None) -> Any:
    """The node, or a marker in its place."""
    import ibis.expr.operations as ops

    values = tuple((changed or dict(zip(node.__argnames__, node.__args__, strict=True))).values())
    for of, name in (
        (ops.StringContains, "holds"),
        (ops.StartsWith, "starts"),
        (ops.EndsWith, "ends"),
        (ops.RegexSearch, "found"),
    ):
        if isinstance(node, of):
            takes = _marker(name, "string", "boolean", "string")
            return takes(*(value.to_expr() for value in values)).op()
    if isinstance(node, ops.IfElse) and _is_in(values, ops):
        return values[2]  # of null it is null anyway, and so its text is looked at once
    if isinstance(node, ops.Literal) and isinstance(node.value, datetime | Decimal):
        return _literal(node)
    if isinstance(node, ops.Cast) and node.arg.dtype.is_boolean() and node.to.is_integer():
        return values[0].to_expr().ifelse(1, 0).op()  # PostgreSQL makes no short number of a flag
    return node.__recreate__(changed) if changed else node


def _is_in(values: tuple[Any, ...], ops: Any) -> bool:
    """Whether it is null for null, else whether a value is any of several."""
    asked, _null, found = values
    return isinstance(asked, ops.IsNull) and isinstance(found, ops.InValues)


def _literal(node: Any) -> Any:
    if isinstance(node.value, Decimal):
        return _marker("number", "string", str(node.dtype))(f"{node.value:f}").op()
    name, value = "at", node.value
    if node.dtype.timezone:
        name, value = "at_zoned", value.astimezone(UTC)
    text = value.replace(tzinfo=None).isoformat(" ")
    return _marker(name, "string", str(node.dtype))(text).op()


@lru_cache(maxsize=256)
def _marker(name: str, takes: str, gives: str, *more: str) -> Any:
    """A function that no engine has, from values of some types to one of another."""
    import ibis
    import ibis.expr.datatypes as dt

    def of_one(value: object) -> None: ...
    def of_two(value: object, other: object) -> None: ...

    signature = (tuple(map(dt.dtype, (takes, *more))), dt.dtype(gives))
    function = of_two if more else of_one
    return ibis.udf.scalar.builtin(function, name=f"{PREFIX}{name}", signature=signature)


def _written(name: str, node: Any, values: list[str], engine: str, dialect: str) -> str:
    """What stands in place of a marker; nothing where a function of ours answers it itself."""
    from sqlglot import exp

    words = WORDS[engine]
    if name == "found":
        pattern = translated(str(node.expressions[1].this), words.patterns, ENGINES[engine].title)
        values[1] = str(exp.Literal.string(pattern).sql(dialect=dialect))
    if name in ("at", "at_zoned"):
        text = str(node.expressions[0].this) + (words.zero if name == "at_zoned" else "")
        values[0] = str(exp.Literal.string(text).sql(dialect=dialect))
    if name == "number":
        values[0] = str(node.expressions[0].this)
    if name == "listed":
        each = values[1].replace(BETWEEN, "', '")
        return f"{values[0]} IN ({each})"
    if words.own and name == "found":
        return ""
    if name == "plain":
        return filled_in(words.written or words.text, *values)
    if name == "written":
        return filled_in(f"NULLIF({words.written or words.text}, '')", *values)
    if name == "text" and not words.own:
        return _text(values[0], words, dialect)
    if name == "address" and not words.own:
        return f"LOWER({_without(AROUND, values[0], words, dialect)})"
    if name == "list":
        return filled_in(words.each, values[0], _item(words.item, words, dialect))
    return filled_in(str(getattr(words, name)), *values)


def filled_in(template: str, *values: str) -> str:
    """A template with what is asked about in its places."""
    return re.sub(r"\{(\d)\}", lambda place: values[int(place[1])], template)


def _text(value: str, words: Words, dialect: str) -> str:
    """Cleaned, composed, and null if blank; most texts are so, which one look at each tells."""
    text = filled_in(words.text, value)
    special = _found(text, f"{_changed()}|{BLANK}", words, dialect)
    bare = _without(BLANK, _composed(text, words, dialect), words, dialect)
    plain = f"WHEN {text} = '' THEN NULL WHEN NOT ({special}) THEN {text}"
    return f"CASE {plain} ELSE NULLIF({bare}, '') END"


def _item(value: str, words: Words, dialect: str) -> str:
    text = filled_in(words.text, value)
    changed, composed = _found(text, _changed(), words, dialect), _composed(text, words, dialect)
    return f"CASE WHEN NOT ({changed}) THEN {text} ELSE {composed} END"


@cache
def _changed() -> str:
    """A character without which a text is clean and composed."""
    unseen, blanks = f"{cleaning.UNSEEN}{cleaning.JOINERS}", cleaning.NO_BREAK
    return f"[{unseen}{blanks}{composition.suspects(RE2.number)}]"


def _composed(text: str, words: Words, dialect: str) -> str:
    """As `cleaning.comparable` makes texts."""
    spaced = _without(cleaning.NO_BREAK, text, words, dialect, by=" ")
    unseen = _without(f"[{cleaning.UNSEEN}]", spaced, words, dialect)
    unjoined = _without(f"[{cleaning.UNSEEN}{cleaning.JOINERS}]", spaced, words, dialect)
    needed = f"[{cleaning.NEED_JOINERS}--[{cleaning.UNSEEN}]]"
    joined = _found(text, needed, words, dialect)
    bare = f"CASE WHEN {joined} THEN {unseen} ELSE {unjoined} END"
    return _unbroken(bare, words, dialect) if words.broken else filled_in(words.composed, bare)


def _unbroken(text: str, words: Words, dialect: str) -> str:
    """A text for an engine that can't compose it: the statement fails where that is needed."""
    pattern = _quoted(composition.uncomposed(chr), dialect)
    broken, fails = filled_in(words.found, text, pattern), filled_in(words.broken, text)
    return f"CASE WHEN {broken} THEN {fails} ELSE {text} END"


def _found(text: str, pattern: str, words: Words, dialect: str) -> str:
    return filled_in(words.found, text, _quoted(translated(pattern, words.patterns, ""), dialect))


def _without(pattern: str, text: str, words: Words, dialect: str, by: str = "") -> str:
    written = _quoted(translated(pattern, words.patterns, ""), dialect)
    return filled_in(words.replaced, text, written, _quoted(by, dialect))


def _quoted(text: str, dialect: str) -> str:
    from sqlglot import exp

    return str(exp.Literal.string(text).sql(dialect=dialect))
