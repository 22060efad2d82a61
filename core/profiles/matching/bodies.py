"""Values as JSON text, made a column at a time in polars, exactly as they are sent."""

import json
from collections.abc import Iterable

import polars as pl
from polars.datatypes import DataTypeClass

LONGEST_VALUE = 60  # bytes of JSON text of a number, date, moment or duration
ESCAPED = 2  # bytes that one byte of cleaned text takes at worst: \" or \n
ESCAPED_NAME = 6  # the same of a name, which may hold anything: \u0001

Dtype = pl.DataType | DataTypeClass  # the way polars hands out inner types
TEXTS = (pl.String, pl.Categorical, pl.Enum)
LISTS = (pl.List, pl.Array)


def member(name: str, value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """`"name":value` with the value's own JSON type; null when empty, blank or not finite."""
    return pl.when(present(value, dtype)).then(_member(name, value, dtype))


def whole_member(name: str, value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """`"name":value` of a number, without a point where it is whole; null when not finite."""
    return pl.when(present(value, dtype)).then(pl.lit(_key(name)) + text(value, dtype))


def text_member(name: str, value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """`"name":"value"`, whatever type the value has; null when empty, blank or not finite."""
    return pl.when(present(value, dtype)).then(_by_polars(name, text(value, dtype)))


def merged_member(name: str, parts: Iterable[tuple[pl.Expr, Dtype]]) -> pl.Expr:
    """`"name":"A B"` of several values as text, those left out that are empty; null if all are."""
    some = list(parts)
    texts = [pl.when(present(*part)).then(text(*part)) for part in some]
    filled = pl.any_horizontal(present(*part).fill_null(False) for part in some)
    whole = pl.concat_str(texts, separator=" ", ignore_nulls=True)
    return pl.when(filled).then(_by_polars(name, whole))


def joined(members: Iterable[pl.Expr]) -> pl.Expr:
    """Members with commas between, those that are null left out; "" when there are none."""
    some = list(members)
    return pl.concat_str(some, separator=",", ignore_nulls=True) if some else pl.lit("")


def text(value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """The value as text; whole numbers without a decimal point."""
    if isinstance(dtype, pl.Decimal):
        return _digits(value, dtype).str.strip_suffix(".0")
    if not dtype.is_float():
        return value.cast(pl.String)
    whole = (value == value.floor()) & (value.abs() < 2**53)
    digits = value.cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(whole).then(digits).otherwise(value.cast(pl.String))


def present(value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """Whether there is something to send: not null, blank, an empty list, or not finite."""
    if isinstance(dtype, TEXTS):
        return value.cast(pl.String).str.strip_chars().str.len_bytes() > 0
    if dtype.is_float():
        return value.is_finite()
    if isinstance(dtype, LISTS):
        return _items(value, dtype).list.len() > 0
    if isinstance(dtype, pl.Struct):
        fields = [present(value.struct.field(f.name), f.dtype) for f in dtype.fields]
        return pl.any_horizontal(pl.lit(False), *fields)
    return value.is_not_null()


def empty(value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """Whether it holds nothing: null, not a number, blank, an empty list; infinity is something."""
    if dtype.is_float():
        return value.is_null() | value.is_nan()
    return ~present(value, dtype).fill_null(value=False)


def not_finite(value: pl.Expr, dtype: Dtype) -> pl.Expr | None:
    """Whether something in the value is no finite number; None if the type can't hold one."""
    if dtype.is_float():
        return value.is_finite().not_().fill_null(False)
    if isinstance(dtype, LISTS):
        inner = not_finite(pl.element(), dtype.inner)
        items = _as_list(value, dtype).list
        return None if inner is None else items.eval(inner).list.any().fill_null(False)
    if isinstance(dtype, pl.Struct):
        fields = (not_finite(value.struct.field(f.name), f.dtype) for f in dtype.fields)
        some = [field for field in fields if field is not None]
        return pl.any_horizontal(some) if some else None
    return None


def longest(name: str, value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """At most so many bytes of a member, cheaply: at times more than it has, never fewer."""
    around = len(name.encode()) * ESCAPED_NAME + 6
    if isinstance(dtype, TEXTS):
        return value.cast(pl.String).str.len_bytes().fill_null(0) * ESCAPED + around
    if dtype.is_nested():
        return member(name, value, dtype).str.len_bytes().fill_null(0)
    return pl.lit(LONGEST_VALUE + around, dtype=pl.UInt32)


def _member(name: str, value: pl.Expr, dtype: Dtype) -> pl.Expr:
    if isinstance(dtype, pl.Struct):
        fields = (member(f.name, value.struct.field(f.name), f.dtype) for f in dtype.fields)
        return pl.concat_str(pl.lit(_key(name) + "{"), joined(fields), pl.lit("}"))
    if isinstance(dtype, pl.Decimal):
        return pl.lit(_key(name)) + _digits(value, dtype)
    if dtype.is_integer() or isinstance(dtype, pl.Boolean):
        return pl.lit(_key(name)) + value.cast(pl.String)
    if isinstance(dtype, LISTS) and isinstance(dtype.inner, pl.Decimal):
        digits = _present_items(value, dtype).list.eval(_digits(pl.element(), dtype.inner))
        return pl.concat_str(pl.lit(_key(name) + "["), digits.list.join(","), pl.lit("]"))
    if dtype.is_temporal():
        return pl.concat_str(pl.lit(_key(name) + '"'), _simple(value, dtype), pl.lit('"'))
    return _by_polars(name, _simple(value, dtype))


def _by_polars(name: str, value: pl.Expr) -> pl.Expr:
    """A member as polars itself writes it, escaped."""
    return pl.struct(value.alias(name)).struct.json_encode().str.head(-1).str.slice(1)


def _simple(value: pl.Expr, dtype: Dtype) -> pl.Expr:
    """The value as a type that polars writes as the right JSON by itself."""
    if isinstance(dtype, LISTS):
        return _items(value, dtype)
    if isinstance(dtype, pl.Struct):
        fields = [_simple(value.struct.field(f.name), f.dtype) for f in dtype.fields]
        return pl.struct(fields)
    if isinstance(dtype, pl.Datetime):
        return value.dt.to_string("%Y-%m-%dT%H:%M:%S%.f" + ("%:z" if dtype.time_zone else ""))
    if dtype.is_temporal():
        return value.dt.to_string("iso")
    if isinstance(dtype, pl.Decimal):  # of objects in a list: polars writes decimals as texts
        return value.cast(pl.Float64 if dtype.scale else pl.Int128)
    return value.cast(pl.String) if isinstance(dtype, TEXTS) else value


def _digits(value: pl.Expr, dtype: pl.Decimal) -> pl.Expr:
    """A decimal number digit by digit, written as another number is: 12.5, 42.0, without scale 42.

    It never passes through a floating point number, which keeps 15 digits only.
    """
    digits = value.cast(pl.String)
    if not dtype.scale:
        return digits
    return digits.str.strip_chars_end("0").str.replace(r"\.$", ".0")


def _items(value: pl.Expr, dtype: pl.List | pl.Array) -> pl.Expr:
    """A list's items, those left out that hold nothing to send."""
    one = pl.element()
    if dtype.inner.is_nested():  # made first, then looked at: the other way each level doubles all
        made = _as_list(value, dtype).list.eval(_simple(one, dtype.inner))
        return made.list.eval(one.filter(_holds(one, dtype.inner)))
    some = one.filter(present(one, dtype.inner))
    return _as_list(value, dtype).list.eval(_simple(some, dtype.inner))


def _holds(made: pl.Expr, dtype: Dtype) -> pl.Expr:
    """What `present` says, of a value that `_simple` made of one of this type."""
    if isinstance(dtype, LISTS):
        return made.list.len() > 0
    if isinstance(dtype, pl.Struct):
        fields = [_holds(made.struct.field(f.name), f.dtype) for f in dtype.fields]
        return pl.any_horizontal(pl.lit(False), *fields)
    return present(made, dtype)


def _present_items(value: pl.Expr, dtype: pl.List | pl.Array) -> pl.Expr:
    """The same, the items as they are."""
    return _as_list(value, dtype).list.eval(pl.element().filter(present(pl.element(), dtype.inner)))


def _as_list(value: pl.Expr, dtype: pl.List | pl.Array) -> pl.Expr:
    return value.arr.to_list() if isinstance(dtype, pl.Array) else value


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False) + ":"
