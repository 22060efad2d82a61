"""What the types of databases mean here: what a field holds, and as what its values travel."""

from dataclasses import dataclass

from core.profiles.sources import Kind

NUMBERS = {
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint", "utinyint", "usmallint"), "int64"),
    **dict.fromkeys(("mediumint", "umediumint", "uint", "year"), "int64"),
    **dict.fromkeys(("ubigint", "int128", "uint128", "int256", "bigdecimal", "decimal"), "decimal"),
    "double": "float64",
    "float": "float32",
}
TEXTS = frozenset({"text", "varchar", "nvarchar", "name", "mediumtext", "longtext", "tinytext"})
PADDED = frozenset({"char", "nchar", "bpchar"})  # whose blanks at the end a cast takes away
BYTES = frozenset({"binary", "varbinary", "blob", "mediumblob", "longblob", "tinyblob"})
MOMENTS = {
    **dict.fromkeys(("timestamp", "datetime", "timestampntz", "datetime2"), "timestamp"),
    **dict.fromkeys(("timestamp_s", "timestamp_ms", "timestamp_ns", "smalldatetime"), "timestamp"),
    **dict.fromkeys(("timestamptz", "timestampltz"), "timestamp('UTC')"),
}

DIGITS = 38  # of a decimal number, at most


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table or query. `logical` is its type in Ibis' words.

    `as_text`: it is cast to text there. `foreign`: for it has no type here. `scale` are the decimal
    places, where the database says them, and that no value has more than DIGITS digits.
    """

    name: str
    type: str  # in the database's words
    kind: Kind
    logical: str
    as_text: bool = False
    foreign: bool = False
    scale: int | None = None


def column_of(name: str, written: str, dialect: str) -> Column:
    """The column by its type as the database writes it, such as numeric(10,2)."""
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        found = exp.DataType.build(written, dialect=dialect)
    except (SqlglotError, ValueError):
        return _foreign(name, written)
    if (items := _items(found)) is not None:
        logical = _logical(items, written)
        if logical in ("string", "int64", "boolean"):
            return Column(name, written, Kind.list, f"array<{logical}>")
        return _foreign(name, written)
    logical = _logical(found, written)
    if logical is None:
        return _foreign(name, written)
    scale = _scale(found) if logical == "decimal" else None
    padded = _type_name(found) in PADDED
    return Column(name, written, KINDS[logical], logical, as_text=padded, scale=scale)


def _foreign(name: str, written: str) -> Column:
    return Column(name, written, Kind.text, "string", as_text=True, foreign=True)


KINDS = {
    "int64": Kind.number,
    "float64": Kind.number,
    "float32": Kind.number,
    "decimal": Kind.number,
    "string": Kind.text,
    "boolean": Kind.boolean,
    "date": Kind.date,
    "timestamp": Kind.moment,
    "timestamp('UTC')": Kind.moment,
    "binary": Kind.bytes,
}


def _items(found: object) -> object | None:
    """The type of a list's items, where it is one."""
    from sqlglot import exp

    if isinstance(found, exp.DataType) and found.this is exp.DataType.Type.ARRAY:
        inner = found.expressions
        return inner[0] if inner else found
    return None


def _logical(found: object, written: str) -> str | None:
    name = _type_name(found)
    if name in ("boolean", "bool"):
        return "boolean"
    if name in NUMBERS:
        return NUMBERS[name]
    if name in TEXTS | PADDED and "enum" not in written.lower():
        return "string"
    if name in BYTES:
        return "binary"
    return "date" if name == "date" else MOMENTS.get(name)


def _type_name(found: object) -> str:
    return str(getattr(getattr(found, "this", None), "value", "")).lower()


def _scale(found: object) -> int | None:
    sizes = [int(str(size)) for size in getattr(found, "expressions", [])]
    if not sizes:
        return None
    digits, places = (*sizes, 0)[:2]
    return places if digits <= DIGITS and 0 <= places <= DIGITS else None
