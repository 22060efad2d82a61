"""How a delimited file begins: its separator, its header, and sensible names for the columns.

What the first rows prove is found: lines above the header, spaces before quotes, rows that end with
separators. What is improbable, such as a person in place of a header, is refused until it is said.
"""

import re
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from pathlib import Path

from core.errors import SourceFailed
from core.profiles.sources.column_names import names_of
from core.profiles.sources.encodings import chunks
from core.profiles.sources.improbable import check_header
from core.profiles.sources.layout_options import LayoutOptions
from core.profiles.sources.row_shapes import Row, address_column, is_address
from core.profiles.sources.sample import QUOTE, SAMPLE_BYTES, Sample
from core.texts import _

SEPARATORS = ",;\t|^:~"
NONE = "\x1f"  # cuts nothing: it occurs in no text
HINT = re.compile(r'"?sep=(.)"?\r?\n')  # a first line of Excel's own


@dataclass(frozen=True, slots=True)
class Layout:
    """The separator, the columns' names, and what else differs from plain rows below a header."""

    separator: str
    names: tuple[str, ...]
    skipped: int = 0  # lines before the header, or before the rows; 1 for a line “sep=;”
    header: bool = True
    quote: str = QUOTE  # "" for none
    comment: str | None = None
    spaced: bool = False  # blanks stand before quotes
    address: int | None = None  # the column of addresses, from 0
    hint: bool = False  # what is skipped is a line “sep=;”
    skip_known: bool = False  # it is known for sure how many lines are skipped: said, or the hint

    @property
    def plain(self) -> bool:
        """Whether the file may be read as it is, if its rows are."""
        above = self.skipped == 0 or self.hint
        return above and self.quote == QUOTE and not self.comment and not self.spaced


def layout_of(path: Path, options: LayoutOptions, file: Path | None = None) -> Layout:
    """Look at the start of a UTF-8 file, which messages call `file`; the options win.

    Raises SourceFailed for what is improbable and has to be said.
    """
    start = next(chunks(path), b"")[:SAMPLE_BYTES].decode("utf-8-sig", "ignore")
    hint = HINT.match(start) if options.skip is None else None
    above = 1 if hint else options.skip or 0
    body = "".join(StringIO(start, newline="").readlines()[above:])
    if hint and options.separator is None:
        options = replace(options, separator=hint.group(1))
    sample = _best_sample(body, options)
    place = _header_place(sample, options)
    found = _layout(sample, place, options, above)
    hinted = bool(hint) and found.skipped == 1
    found = replace(found, hint=hinted, skip_known=options.skip is not None or hinted)
    if options.header is None:
        _refuse_improbable(file or path, sample, place, options)
    return found


def _best_sample(body: str, options: LayoutOptions) -> Sample:
    """The sample cut by what is said, else by the separator that makes the most sense."""
    if options.comment:
        lines = StringIO(body, newline="")
        body = "".join("\n" if line.startswith(options.comment) else line for line in lines)
    sample = partial(Sample.of, body, options.quote)
    if options.separator:
        return sample(options.separator)
    found = [sample(separator) for separator in SEPARATORS if separator in body]
    best = max(found, key=Sample.worth, default=None)
    return best if best and best.worth()[-1] > 1 else sample(NONE)


def _header_place(sample: Sample, options: LayoutOptions) -> int:
    """The place in the sample of the header, or of the first row of a file without one."""
    if options.skip is not None or options.header not in (None, True):
        return 0
    return sample.header() or 0


def _layout(sample: Sample, place: int, options: LayoutOptions, above: int) -> Layout:
    line, first = sample.rows[place] if sample.rows else (0, [])
    has_header = options.header is None or options.header is True
    below = sample.below(place if has_header else place - 1)
    names = names_of(first) if has_header else _names_without_header(below, options)
    return Layout(
        sample.separator,
        names,
        above + line,
        has_header,
        sample.quote,
        options.comment,
        sample.spaced,
        address_column(below, len(names)),
    )


def _names_without_header(rows: list[Row], options: LayoutOptions) -> tuple[str, ...]:
    """The names that are said, else numbers, as many as most rows have fields."""
    if isinstance(options.header, tuple):
        return names_of(options.header)
    widths = [len(row) for row in rows]
    return names_of([""] * max(widths, key=widths.count, default=0))


def _refuse_improbable(file: Path, sample: Sample, place: int, options: LayoutOptions) -> None:
    """Raises SourceFailed where the first row looks like one of people, or nothing is cut."""
    if not sample.rows:
        return
    first, below = sample.rows[place][1], sample.below(place)
    check_header(file, sample.rows[place][0] + 1, first, below)
    alone = len(first) == 1 and options.separator is None
    if alone and not all(is_address(row[0]) for row in below if row[0].strip()):
        text = _(
            "{path} seems to have only one column, “{name}”. Set its `separator`, or "
            "`header: true` if that is right."
        )
        raise SourceFailed(text.format(path=file, name=first[0][:60]), "header")
