"""Email addresses: trimmed and lowered, else taken as they are or refused."""

import polars as pl

# Unicode's white space, the separators that Python counts to it, and the invisible ones of no width
WHITE_SPACE = (
    "".join(map(chr, [*range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, 0x180E]))
    + "".join(map(chr, [*range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F, 0x205F, 0x2060]))
    + "\u3000\ufeff"
)
LONGEST = 254  # characters of a whole address (RFC 5321)
LONGEST_LOCAL = 64  # of what stands before the @

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP = r"(?:[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{0,58}[A-Za-z0-9])"
ADDRESS = rf"(?-u)^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_TOP}$"
LONG_LOCAL = rf"(?-u)^[!-?A-~]{{{LONGEST_LOCAL + 1}}}"


def trimmed(column: pl.Expr) -> pl.Expr:
    """The address without the white space around it; null when nothing is left."""
    bare = column.str.strip_chars(WHITE_SPACE)
    return pl.when(bare.str.len_bytes() > 0).then(bare)


def as_sent(text: str) -> str:
    """One address, typed by a person, as rows have it once they are matched."""
    return text.strip(WHITE_SPACE).lower()


def valid(address: pl.Expr) -> pl.Expr:
    """Whether anybody would take a trimmed address: ASCII, a dot-atom of at most 64 characters
    before the one @, a host name with a top-level domain after it, 254 characters in all."""
    size = address.str.len_bytes()
    long = pl.when(size > LONGEST_LOCAL).then(address)  # few are: the others needn't be searched
    short = (size <= LONGEST) & ~long.str.contains(LONG_LOCAL).fill_null(value=False)
    return short & address.str.contains(ADDRESS)


def lowered(address: pl.Expr) -> pl.Expr:
    """A valid address as it is sent and compared."""
    return address.str.to_lowercase()
