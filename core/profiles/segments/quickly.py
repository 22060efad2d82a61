"""Texts of databases that can be told from what a rule looks for without cleaning them first.

Cleaning takes characters out, and composes letters; but for that a text stays as it is. So a rule's
text of plain characters is found in one that begins with its first character, or with one that is
none of the plain ones. Of all others it is known by two comparisons that they are something else,
and of most by their length: cleaning takes characters out, and a plain one comes from itself.
"""

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

import narwhals as nw

BLANK, SEEN = " ", "!"  # the first plain character, and the first that isn't blank
LAST = "~"  # the last; texts that begin with it count as doubtful, as all beyond do
NOT_ALONE = frozenset(" ;K`")  # plain characters that single others, such as U+212A, are cleaned to
CLOSE = 4  # first characters beside each other; most texts begin between such that are farther off


def is_plain(value: str) -> bool:
    """Whether a rule's text has plain characters only, and not blanks alone."""
    return value.isascii() and value.isprintable() and not value.isspace() and value != ""


def same(plain: nw.Expr, cleaned: nw.Expr, values: Sequence[str]) -> nw.Expr:
    """Whether a text is one of these plain ones, once it is `cleaned`.

    It is false or null for an empty one.
    """
    at_once = plain.is_in(values) if len(values) > 1 else plain == values[0]
    after = cleaned.is_in(values) if len(values) > 1 else cleaned == values[0]
    doubts = [may_begin(plain, values)] if _are_close(values) else []
    if NOT_ALONE.isdisjoint("".join(values)):
        doubts.append(plain.str.len_chars() > min(map(len, values)))
    if not doubts:
        return after
    doubted = nw.when(reduce(and_, doubts)).then(after).otherwise(nw.lit(False))
    return nw.when(at_once).then(nw.lit(True)).otherwise(doubted)


def _are_close(values: Sequence[str]) -> bool:
    """Whether few texts begin between the first characters of the values."""
    letters = [ord(value[0]) for value in values]
    return max(letters) - min(letters) < CLOSE


def begins(plain: nw.Expr, cleaned: nw.Expr, value: str) -> nw.Expr:
    """Whether a text begins with this plain one, once it is `cleaned`.

    It is false or null for an empty one. One that does and goes on with a plain character stays as
    it is up to there, for that composes with nothing.
    """
    goes_on = (plain >= value + BLANK) & (plain < value + LAST)
    surely = goes_on | (plain == value)
    after = cleaned.str.starts_with(value)
    doubted = nw.when(may_begin(plain, [value])).then(after).otherwise(nw.lit(False))
    return nw.when(surely).then(nw.lit(True)).otherwise(doubted)


def filled(plain: nw.Expr, cleaned: nw.Expr) -> nw.Expr:
    """Whether anything is left of a text, once it is `cleaned`."""
    surely = (plain >= SEEN) & (plain < LAST)
    return nw.when(surely).then(nw.lit(True)).otherwise(~cleaned.is_null())


def may_begin(plain: nw.Expr, values: Sequence[str]) -> nw.Expr:
    """Whether a text may, once it is cleaned, begin as one of the values does."""
    letters = {value[0] for value in values}
    low, high = min(letters), chr(min(ord(max(letters)) + 1, ord(LAST)))
    parts = (plain < BLANK, plain >= LAST, (plain >= low) & (plain < high))
    return reduce(or_, parts)
