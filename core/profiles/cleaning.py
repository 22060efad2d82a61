"""Texts without what nobody sees: one rule for sources of every format.

NUL and other control characters, zero-width characters and marks of direction are taken out; blanks
that don't break become blanks. Tabs and ends of lines stay. Joiners stay in texts of scripts, and
with emoji, that need them. Texts are looked at many at once, for nearly all of them are clean.
"""

import unicodedata
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl
from polars.datatypes import DataTypeClass

UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{ad}\x{180e}\x{200b}\x{200e}\x{200f}"
    r"\x{202a}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{fffe}\x{ffff}"
)
JOINERS = r"\x{200c}\x{200d}"
NO_BREAK = r"[\x{a0}\x{2007}\x{202f}]"
NEED_JOINERS = (
    r"[\x{600}-\x{1fff}\x{2190}-\x{d7ff}\x{e000}-\x{fdff}\x{fe0f}\x{1f000}-\x{1faff}]"  # and emoji
)
ANY = rf"[{UNSEEN}{JOINERS}]|{NO_BREAK}"
# Bytes of UTF-8: how C1, soft hyphens and blanks that don't break begin, then U+0800, then U+0300,
# below which all characters are composed by themselves.
_DEL, _BEGINS_C1, _BEGINS_LONG, _BEGINS_COMBINING = b"\x7f", b"\xc2", 0xE0, 0xCC

Change = Callable[[pl.Expr, pl.DataType | DataTypeClass], pl.Expr]


def holds_text(dtype: pl.DataType | DataTypeClass) -> bool:
    """Whether values of the type are texts, or have texts within."""
    if isinstance(dtype, pl.List | pl.Array):
        return holds_text(dtype.inner)
    if isinstance(dtype, pl.Struct):
        return any(holds_text(field.dtype) for field in dtype.fields)
    return isinstance(dtype, pl.String)


def cleaned(values: pl.Series) -> pl.Series:
    """The values, all texts in them cleaned; the same series where there is nothing to clean."""
    if not any(_is_suspect(texts, joined(texts)) for texts in _texts(values)):
        return values
    return _changed(values, _clean)


def cleaned_texts(texts: pl.Series, every: bytes) -> pl.Series:
    """The same of texts, which are known as one already."""
    if not _is_suspect(texts, every):
        return texts
    return _changed(texts, _clean)


def comparable(values: pl.Series) -> pl.Series:
    """The same, composed (NFC) as well: so that ü equals ü, however it is written."""
    values = values.alias("it")  # polars takes some names for patterns
    if all(_is_plain(joined(texts), _BEGINS_COMBINING) for texts in _texts(values)):
        return values
    values = cleaned(values)
    if all(unicodedata.is_normalized("NFC", joined(texts).decode()) for texts in _texts(values)):
        return values
    return _changed(values, _composed)


def comparable_text(text: str) -> str:
    """One text, such as the value of a rule, as `comparable` makes those of a column."""
    if text.isascii() and text.isprintable():
        return text
    return str(comparable(pl.Series([text])).item())


def _changed(values: pl.Series, change: Change) -> pl.Series:
    """The values with each text in them changed."""
    changed = change(pl.col("it"), values.dtype).alias(values.name)
    return values.to_frame("it").select(changed).to_series()


def joined(texts: pl.Series) -> bytes:
    """All texts as one, in UTF-8."""
    return texts.str.join("").cast(pl.Binary).item() or b""


def _is_suspect(texts: pl.Series, every: bytes) -> bool:
    """Whether something in the texts is to be cleaned; `every` are all of them as one."""
    return not _is_plain(every, _BEGINS_LONG) and bool(texts.str.contains(ANY).any())


def _is_plain(every: bytes, below: int) -> bool:
    """Whether single bytes show that there is nothing to change, which takes next to no time.

    There are no control characters, and beyond ASCII only those that begin with bytes `below`.
    """
    if not every:
        return True
    codes = np.frombuffer(every, dtype=np.uint8)
    if codes.min() < ord(" ") or _DEL in every:
        return False
    return every.isascii() or (codes.max() < below and _BEGINS_C1 not in every)


def _texts(values: pl.Series) -> Iterator[pl.Series]:
    """The texts in values of any type, each sort of place by itself."""
    if isinstance(values.dtype, pl.List | pl.Array):
        yield from _texts(values.explode())
    elif isinstance(values.dtype, pl.Struct):
        for name in values.struct.fields:
            yield from _texts(values.struct.field(name))
    elif isinstance(values.dtype, pl.String):
        yield values


def _clean(value: pl.Expr, dtype: pl.DataType | DataTypeClass) -> pl.Expr:
    if not isinstance(dtype, pl.String):
        return _within(value, dtype, _clean)
    bare = value.str.replace_all(NO_BREAK, " ").str.replace_all(f"[{UNSEEN}]", "")
    needed = bare.str.contains(NEED_JOINERS)
    return pl.when(needed).then(bare).otherwise(bare.str.replace_all(f"[{JOINERS}]", ""))


def _composed(value: pl.Expr, dtype: pl.DataType | DataTypeClass) -> pl.Expr:
    if isinstance(dtype, pl.String):
        return value.str.normalize("NFC")
    return _within(value, dtype, _composed)


def _within(value: pl.Expr, dtype: pl.DataType | DataTypeClass, change: Change) -> pl.Expr:
    """The change, made to each text within a value of a nested type; others stay as they are."""
    if not holds_text(dtype):
        return value
    if isinstance(dtype, pl.Array):
        return (
            value.arr.to_list()
            .list.eval(change(pl.element(), dtype.inner))
            .list.to_array(dtype.size)
        )
    if isinstance(dtype, pl.List):
        return value.list.eval(change(pl.element(), dtype.inner))
    if isinstance(dtype, pl.Struct):
        fields = (change(value.struct.field(f.name), f.dtype).alias(f.name) for f in dtype.fields)
        return pl.when(value.is_not_null()).then(pl.struct(*fields))
    return value
