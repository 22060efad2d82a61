"""Takes addresses out of a file of the data folder, with all else that it has of their people.

The file is replaced at once. Of files whose rows are counted the row stays, as `erased`; of all
others it goes. What sentences of other rows quote is replaced as well.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from core.files import replacing, storing
from core.plan import frozen
from core.plan.frozen import ERASED
from core.profiles.matching.emails import WHITE_SPACE

ROWS = 5_000  # of a row group
COUNTED = frozenset({frozen.REJECTS})  # names of files whose rows stay
COUNTED_IN = frozenset({"refused", "missing"})  # and of folders
BATCH = "batch-"
CODINGS = ("utf-8", "utf-16-le", "utf-16-be")
# What stands in place of each column of a row that stays; a body that is empty is sent nowhere.
BLANK = {"email": ERASED, "detail": None, "body": "{}", "clear": None, "person": None, "hash": None}


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses, lower case, and how they stand in other texts: whole, in any case."""

    emails: tuple[str, ...]
    inside: str = field(init=False, repr=False)
    coded: tuple[re.Pattern[bytes], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        either = "|".join(map(re.escape, self.emails))
        before, after = r"(^|[^A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])", r"($|[^A-Za-z0-9.-]|\.(?:$|\W))"
        object.__setattr__(self, "inside", f"(?i){before}(?:{either}){after}")
        coded = tuple(_coded(email, coding) for email in self.emails for coding in CODINGS)
        object.__setattr__(self, "coded", coded)

    def without(self, value: Any) -> Any:
        """The value with `erased` in place of them, however deep they stand in it."""
        if isinstance(value, str):
            # Twice: between two of them there may be one letter, which belongs to the first.
            once = re.sub(self.inside, rf"\g<1>{ERASED}\g<2>", value)
            return re.sub(self.inside, rf"\g<1>{ERASED}\g<2>", once)
        if isinstance(value, Mapping):
            return {self.without(key): self.without(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.without(inner) for inner in value]
        return value

    def are_in(self, content: bytes) -> bool:
        """Whether bytes have one of them, in any case, in letters of one byte or of two."""
        return any(pattern.search(content) for pattern in self.coded)


def _coded(email: str, coding: str) -> re.Pattern[bytes]:
    """An address as a whole in bytes, not as the end or the beginning of a longer one."""
    after = rb"(?![A-Za-z0-9-]|\.[A-Za-z0-9])"
    before = rb"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])"
    if coding == "utf-16-le":
        before, after = before[:-1] + rb"\0)", rb"(?![A-Za-z0-9-]\0|\.\0[A-Za-z0-9]\0)"
    if coding == "utf-16-be":
        before, after = rb"(?<!\0" + before[4:], rb"(?!\0[A-Za-z0-9-]|\0\.\0[A-Za-z0-9])"
    return re.compile(b"(?i)" + before + re.escape(email.encode(coding)) + after)


def from_parquet(path: Path, wanted: Addresses) -> int:
    """Takes them out of a Parquet file; of how many rows. Raises StorageFailed.

    Of a file that has nobody nothing is written. Doing it again finds nothing more.
    """
    with storing(path.parent):
        frame = pl.scan_parquet(path)
        schema = frame.collect_schema()
        texts = {name: _text(name, kind) for name, kind in schema.items() if _has_texts(kind)}
        if not texts:
            return 0
        own, quoted = _own(texts, wanted), _any(texts.values(), wanted)
        numbers = frame.select(own.sum().alias("own"), quoted.sum().alias("some"))
        mine, some = numbers.collect(engine="streaming").row(0)
        if not some and not mine:
            return 0
        metadata = {k: v for k, v in pl.read_parquet_metadata(path).items() if k != "ARROW:schema"}
        changed = _blanked(frame, own) if _is_counted(path) else frame.filter(~own)
        plain = (name for name in texts if schema[name] == pl.String)
        changed = changed.with_columns(_without(name, wanted) for name in plain)
        with replacing(path) as draft:
            changed.sink_parquet(
                draft,
                compression="zstd",
                statistics=False,
                row_group_size=ROWS,
                metadata=metadata,
            )
    return int(mine or some)


def from_frame(frame: pl.DataFrame, wanted: Addresses) -> tuple[pl.DataFrame, int]:
    """The rows of others, and of how many rows something was taken out."""
    texts = {name: _text(name, kind) for name, kind in frame.schema.items() if _has_texts(kind)}
    if not texts:
        return frame, 0
    own, some = _own(texts, wanted), _any(texts.values(), wanted)
    n = int(frame.select((own | some).sum()).item())
    plain = [name for name in texts if frame.schema[name] == pl.String]
    kept = frame.filter(~own).with_columns(_without(name, wanted) for name in plain)
    return (kept if n else frame), n


def _is_counted(path: Path) -> bool:
    in_folder = path.parent.name in COUNTED_IN
    return path.name in COUNTED or in_folder or path.name.startswith(BATCH)


def _has_texts(kind: pl.DataType) -> bool:
    return kind == pl.String or (kind.is_nested() and "String" in str(kind))


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    """A column as text; nested values as JSON."""
    column = pl.col(name)
    return column if kind == pl.String else pl.struct(column).struct.json_encode()


def _own(texts: Mapping[str, pl.Expr], wanted: Addresses) -> pl.Expr:
    """Whether the row is one of theirs: by its email, or in files of others by any cell."""
    if "email" in texts:
        return _same(pl.col("email"), wanted).fill_null(value=False)
    return _any(texts.values(), wanted)


def _same(email: pl.Expr, wanted: Addresses) -> pl.Expr:
    return email.str.strip_chars(WHITE_SPACE).str.to_lowercase().is_in(list(wanted.emails))


def _any(texts: Iterable[pl.Expr], wanted: Addresses) -> pl.Expr:
    """Whether any cell has one of them as a whole."""
    cells = (
        (_likely(text, wanted) & text.str.contains(wanted.inside)).fill_null(value=False)
        for text in texts
    )
    return pl.any_horizontal(*cells)


def _likely(text: pl.Expr, wanted: Addresses) -> pl.Expr:
    return text.str.contains_any(list(wanted.emails), ascii_case_insensitive=True)


def _without(name: str, wanted: Addresses) -> pl.Expr:
    text = pl.col(name)
    once = text.str.replace_all(wanted.inside, f"${{1}}{ERASED}${{2}}")
    twice = once.str.replace_all(wanted.inside, f"${{1}}{ERASED}${{2}}")
    return pl.when(_likely(text, wanted)).then(twice).otherwise(text).alias(name)


def _blanked(frame: pl.LazyFrame, own: pl.Expr) -> pl.LazyFrame:
    schema = frame.collect_schema()
    blank = {name: value for name, value in BLANK.items() if name in schema}
    return frame.with_columns(
        pl.when(own).then(pl.lit(value, schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in blank.items()
    )


def records_without(content: bytes, wanted: Addresses) -> tuple[bytes, int]:
    """A text of records, lines with quoted cells, without those that have one; how many had one.

    For UTF-8 and other codes in which quotes and ends of lines are bytes of their own.
    """
    kept, dropped = [], 0
    for record in _records(content):
        if wanted.are_in(record):
            dropped += 1
        else:
            kept.append(record)
    return b"".join(kept), dropped


def _records(content: bytes) -> Collection[bytes]:
    """Lines, those together between which a quote is open."""
    records, waiting = [], b""
    for line in content.splitlines(keepends=True):
        waiting += line
        if waiting.count(b'"') % 2 == 0:
            records.append(waiting)
            waiting = b""
    return [*records, *([waiting] if waiting else [])]
