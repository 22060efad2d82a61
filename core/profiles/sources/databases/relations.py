"""Rules as SQL: a table or query of a database as a frame, and frames as statements.

Nothing is connected to here. Only this module and `prepared` import Ibis.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pyarrow as pa

from core.errors import Invalid, SourceFailed
from core.profiles.sources import ROW
from core.profiles.sources.databases.columns import Column
from core.profiles.sources.databases.engines import Engine
from core.profiles.sources.databases.inlining import inlined
from core.profiles.sources.databases.prepared import filled_in, marked, replaced, sent
from core.texts import _

PLACE = "segferry_source"  # stands in a statement for what is read
OURS, PLAIN = "\x1f", "segferry_own_"  # how names of ours begin here, and in a statement


@dataclass(frozen=True, slots=True)
class Place:
    """What is read: a table by its name, with its schema if need be, or what a query gives."""

    table: str | None = None
    query: str | None = None

    def sql(self, engine: Engine) -> str:
        """As it stands after `from`. Raises Invalid for what is no table or no query."""
        if self.query:
            return f"(\n{checked_query(self.query, engine)}\n)"
        return _table(self.table or "", engine)


def checked_query(text: str, engine: Engine) -> str:
    """The query as it was written, if it is one that only reads. Raises Invalid."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    exp = _expressions()
    query = text.strip().rstrip(";").rstrip()
    try:
        found = [one for one in sqlglot.parse(query, dialect=engine.dialect) if one is not None]
    except SqlglotError as error:
        line = str(error).splitlines()[0].replace("\x1b[4m", "").replace("\x1b[0m", "")
        said = _("The query can't be read: {why}. Correct it.")
        raise Invalid(said.format(why=line.rstrip(".")), "query") from None
    writes = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Into)
    if len(found) != 1 or not isinstance(found[0], exp.Query) or found[0].find(*writes):
        said = _("The query has to be one SELECT, which changes nothing. Correct it.")
        raise Invalid(said, "query")
    _check_functions(found[0], engine)
    return query


def _check_functions(query: Any, engine: Engine) -> None:
    """Raises Invalid for a function that does more than read."""
    from sqlglot import exp

    for call in query.find_all(exp.Anonymous):
        if str(call.this).lower() in engine.refused:
            said = _("The query calls {name}, which runs programs of the server. Take it out.")
            raise Invalid(said.format(name=call.this), "query")


def base(place: Place, columns: Sequence[Column], engine: Engine) -> str:
    """What stands for the source in a statement: itself, or with casts of what becomes text."""
    written = place.sql(engine)
    if not any(column.as_text for column in columns):
        return written
    chosen = ", ".join(_chosen(column, engine) for column in columns)
    return f"(\nselect {chosen} from {written} as segferry_given\n)"


def check_names(names: Sequence[str], engine: Engine) -> None:
    """Raises Invalid for columns that can't be told from another or from ours, or none at all."""
    twice, ours = _again(names, engine), [one for one in names if one.startswith((OURS, PLAIN))]
    if twice and len(set(twice)) > 1:
        said = _(
            "The columns “{name}” and “{other}” differ by case alone, which {engine} doesn't tell "
            "apart. Give each a name of its own (AS)."
        )
    elif twice:
        said = _("The column “{name}” is there more than once. Give each a name of its own (AS).")
    elif ours:
        said = _("“{name}” is a name that Segferry uses itself. Call that column otherwise (AS).")
    elif not names:
        said = _("There is no column to read. Name at least one.")
    elif not all(name.strip() for name in names):
        said = _("A column has no name. Give it one (AS).")
    else:
        return
    name, *more = [*twice, *ours, "", ""]
    raise Invalid(said.format(name=name, other=more[0], engine=engine.title), "query")


def _again(names: Sequence[str], engine: Engine) -> list[str]:
    """A name and the next one that is the same to the engine; none where each differs."""
    known: dict[str, str] = {}
    for name in names:
        key = name if engine.tells_case else name.casefold()
        if key in known:
            return [known[key], name]
        known[key] = name
    return []


def relation(columns: Sequence[Column], place: str = PLACE) -> nw.LazyFrame[Any]:
    """The rows as a frame, of which SQL is made; ROW is in it, and the same for each of them.

    `place` is what stands for what is read, of several tables each has its own.
    """
    import ibis

    schema = {column.name: column.logical for column in columns}
    table = ibis.table(schema, name=place)
    frame: nw.LazyFrame[Any] = nw.from_native(table)
    return frame.with_columns(nw.lit(0, dtype=nw.Int64).alias(ROW))


def sql(frame: nw.LazyFrame[Any], bases: Mapping[str, str], engine: Engine) -> str:
    """The frame as one statement in the engine's words, `bases` in the places of its tables.

    Raises SourceFailed for what this engine can't do.
    """
    import ibis.backends.sql.compilers as compilers
    from ibis.common.exceptions import IbisError
    from sqlglot.errors import SqlglotError

    compiler = getattr(compilers, engine.dialect).compiler
    try:
        table = sent(frame.to_native().unbind(), engine.name)
        tree = compiler.to_sqlglot(marked(table))
        _set_orders(tree, compiler.dialect)
        tree = inlined(tree) if engine.is_eager else tree
        _rename(tree)
        tree = replaced(tree, engine.name, compiler.dialect)
        places = _places(tree, bases)
        written = str(tree.sql(dialect=compiler.dialect, pretty=True))
    except (IbisError, SqlglotError, NotImplementedError) as error:
        said = _("{engine} can't do what is asked of it: {why}.")
        why = str(error).splitlines()[0].rstrip(".")
        raise SourceFailed(said.format(engine=engine.title, why=why)) from error
    for name, place in places.items():
        written = written.replace(_quoted(place, engine), bases[name])
    return written


def types(frame: nw.LazyFrame[Any]) -> dict[str, pa.DataType]:
    """The columns of the statement's result by their names there, and as what they arrive."""
    schema = frame.to_native().schema()
    return {_name_there(name): _arrow(dtype) for name, dtype in schema.items()}


def decimals(frame: nw.LazyFrame[Any]) -> list[str]:
    """Those of its columns that are decimal numbers, which arrive as their text: exact."""
    schema = frame.to_native().schema()
    return [_name_there(name) for name, dtype in schema.items() if dtype.is_decimal()]


def name_here(name: str) -> str:
    """The name of a column of a statement's result, as it is called here."""
    return OURS + name.removeprefix(PLAIN) if name.startswith(PLAIN) else name


def _name_there(name: str) -> str:
    return PLAIN + name.removeprefix(OURS) if name.startswith(OURS) else name


def _arrow(dtype: Any) -> pa.DataType:
    """Few types: whole numbers of 64 bits, moments in microseconds, UTC where they have a zone."""
    if dtype.is_array():
        return pa.list_(_arrow(dtype.value_type))
    if dtype.is_timestamp():
        return pa.timestamp("us", tz="UTC" if dtype.timezone else None)
    known = (
        (dtype.is_boolean(), pa.bool_()),
        (dtype.is_integer(), pa.int64()),
        (dtype.is_float32(), pa.float32()),
        (dtype.is_floating(), pa.float64()),
        (dtype.is_date(), pa.date32()),
        (dtype.is_binary(), pa.binary()),
    )
    return next((type for fits, type in known if fits), pa.string())


def _expressions() -> Any:
    """sqlglot's expressions, once Ibis has told it how databases write some of them.

    It takes that in only as long as it has written nothing in their words.
    """
    import ibis.backends.sql.dialects  # noqa: F401
    from sqlglot import exp

    return exp


def _set_orders(tree: Any, dialect: Any) -> None:
    """What windows order by as a list: of the tuple that Ibis gives sqlglot finds no part.

    Nulls stand in it where the engine has them; who needs them elsewhere orders by that first.
    """
    exp = _expressions()
    for window in tree.find_all(exp.Window):
        if order := window.args.get("order"):
            order.set("expressions", [_natural(one, dialect) for one in order.expressions])


def _natural(ordered: Any, dialect: Any) -> Any:
    down = bool(ordered.args.get("desc"))
    first = {"nulls_are_small": not down, "nulls_are_large": down, "nulls_are_last": False}
    ordered.set("nulls_first", first[dialect.NULL_ORDERING])
    return ordered


def _rename(tree: Any) -> None:
    """Names of ours, which begin with a character that not every engine allows, become plain."""
    exp = _expressions()
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("this", _name_there(str(identifier.this)))


def _places(tree: Any, names: Collection[str]) -> dict[str, str]:
    """Gives the tables names that no column and no text of a rule can have; those names."""
    exp = _expressions()
    places = {name: f"{PLACE}_{secrets.token_hex(16)}" for name in names}
    for table in tree.find_all(exp.Table):
        if table.name in places:
            table.set("this", exp.to_identifier(places[table.name], quoted=True))
    return places


def _chosen(column: Column, engine: Engine) -> str:
    name = _quoted(column.name, engine)
    return f"{_as_text(name, column.type, engine)} as {name}" if column.as_text else name


def _as_text(written: str, type: str, engine: Engine) -> str:
    exp = _expressions()
    if type in engine.texts:
        return filled_in(engine.texts[type], written)
    return str(
        exp.Cast(this=exp.column("x"), to=exp.DataType.build("text")).sql(dialect=engine.dialect)
    ).replace("(x ", f"({written} ", 1)


def _quoted(name: str, engine: Engine) -> str:
    exp = _expressions()
    return str(exp.to_identifier(name, quoted=True).sql(dialect=engine.dialect))


def _table(text: str, engine: Engine) -> str:
    """The table's name as it was written, if it is one: schema.name, parts in quotes or not."""
    from sqlglot.errors import SqlglotError

    exp = _expressions()
    try:
        found = exp.to_table(text, dialect=engine.dialect)
    except SqlglotError:
        found = None
    if found is None or not isinstance(found.this, exp.Identifier) or found.args.get("alias"):
        said = _("“{table}” is no name of a table. Write it as in schema.name.")
        raise Invalid(said.format(table=text), "table")
    return str(found.sql(dialect=engine.dialect))
