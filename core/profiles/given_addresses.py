"""Addresses that a person gives, as text or in a table: what of it are addresses, each once."""

from dataclasses import dataclass, replace

import polars as pl

from core.errors import Invalid
from core.profiles.matching.emails import WHITE_SPACE, lowered, trimmed, valid
from core.profiles.segments.address_list import MOST
from core.texts import _, many

SHOWN = 3  # examples of what is no address
LONGEST = 40  # characters of one
AROUND = WHITE_SPACE + "\"'"  # what stands around an address in a text
BETWEEN = r"[,;\t]"  # addresses of one line


@dataclass(frozen=True, slots=True)
class Given:
    """The addresses as they are sent, in order, each once; and what else there was.

    `column` is the one of several that they were taken from, `others` have addresses, too.
    """

    addresses: tuple[str, ...]
    double: int  # that came before
    wrong: int  # lines, or cells, that are no address
    examples: tuple[str, ...] = ()  # the first of these
    column: str | None = None
    others: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """How many there are, and what was left out, with examples."""
        parts = [many("{n} address", "{n} addresses", len(self.addresses))]
        if self.wrong:
            some = ", ".join(f"“{one}”" for one in self.examples)
            more = " …" if self.wrong > len(self.examples) else ""
            text = many("{n} line is no address", "{n} lines are no addresses", self.wrong)
            parts.append(f"{text} ({some}{more})")
        if self.double:
            parts.append(many("{n} is double", "{n} are double", self.double))
        return f"{', '.join(parts)}."

    @property
    def remark(self) -> str | None:
        """Which column they are from, where others have some, too."""
        if not self.others:
            return None
        text = _("They are from the column “{column}”; there are addresses in {others}, too.")
        others = ", ".join(f"“{name}”" for name in self.others)
        return text.format(column=self.column, others=others)


def from_text(text: str) -> Given:
    """Those of a text: one or several a line, between commas, semicolons or tabs.

    In a line with addresses whatever else is in it doesn't count; a first line without any is a
    heading. Raises Invalid where there is none, or too many.
    """
    lines = pl.DataFrame({"line": pl.Series(text.splitlines(), dtype=pl.String)}).with_row_index()
    lines = lines.filter(pl.col("line").str.strip_chars(AROUND) != "")
    if not lines.is_empty() and "@" not in lines["line"][0]:
        lines = lines.slice(1)
    pieces = pl.col("line").str.replace_all(BETWEEN, ",").str.split(",")
    some = lines.with_columns(pieces.alias("piece")).explode("piece", keep_nulls=True)
    some = some.with_columns(pl.col("piece").str.strip_chars(AROUND))
    marked = pl.col("piece").str.contains("@", literal=True)
    plain = lines.filter(~pl.col("line").str.contains("@", literal=True))
    both = pl.concat(
        [some.filter(marked).select("index", "piece"), plain.rename({"line": "piece"})]
    )
    return _given(both.sort("index", maintain_order=True)["piece"])


def from_table(frame: pl.DataFrame) -> Given:
    """Those of the column that has most of them; the first row may be the columns' names.

    All columns are texts. Raises Invalid where there is none, or too many.
    """
    counts = {name: int(_valid(frame[name]).sum()) for name in frame.columns}
    best = max(counts, key=lambda name: counts[name], default=None)
    if best is None or not counts[best]:
        raise _no_address()
    headed = "@" not in (frame[best][0] or "")
    titles = {name: (frame[name][0] if headed else None) or name for name in counts}
    found = _given(frame[best].slice(int(headed)).drop_nulls())
    marked = (name for name in counts if frame[name].str.contains("@", literal=True).any())
    others = tuple(titles[name] for name in marked if name != best)
    return replace(found, column=titles[best], others=others)


def _given(pieces: pl.Series) -> Given:
    given = pieces.alias("it").to_frame().select(trimmed(pl.col("it")).alias("it")).drop_nulls()
    right = _valid(given["it"])
    good, bad = given.filter(right), given.filter(~right)["it"]
    once = good.select(lowered(pl.col("it"))).unique(maintain_order=True)["it"]
    if once.is_empty():
        raise _no_address()
    if len(once) > MOST:
        text = _("These are {n} addresses, and a list has at most {most}. Make two lists of them.")
        raise Invalid(text.format(n=f"{len(once):,}", most=f"{MOST:,}"), "addresses")
    examples = tuple(bad.head(SHOWN).str.slice(0, LONGEST))
    return Given(tuple(once), len(good) - len(once), len(bad), examples)


def _valid(texts: pl.Series) -> pl.Series:
    bare = trimmed(pl.col("it"))
    frame = texts.alias("it").to_frame()
    return frame.select(valid(bare).fill_null(value=False)).to_series()


def _no_address() -> Invalid:
    return Invalid(_("There is no address in it. Give one email address a line."), "addresses")
