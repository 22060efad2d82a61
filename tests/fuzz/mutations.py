"""Right documents made wrong, byte by byte: what every kind of bad input has in common."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

FAR = 1 << 16  # a place in a document: so many of the whole
Mutation = tuple[int, int, int, int]  # which way, where, how far or how often, and with what

PIECES = [
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\x1a", b"\x0b"),
    *(b"\n", b"\r", b"\r\n", b'"', b"'", b"\\", b",", b";", b"\t", b"|", b"\x1f", b" ", b"%s"),
    *(b"{", b"}", b"[", b"]", b"[" * 5_000, b'{"a":' * 3_000, b"(" * 3_000, b"- " * 500),
    *(b"null", b"NaN", b"Infinity", b"-0", b"1e999", b"9" * 400, b"9" * 5_000, b"0x1", b"1_000"),
    *(b"true", b"\\u0000", b"\\ud800", "İ".encode(), "\u202e".encode(), "\u2028".encode()),
    *(b"0001-01-01", b"9999-12-31T23:59:60Z", b"2026-02-30", b"x" * 20_000, b"&a [*a]", b"<!--"),
    *(b"__segferry_row", b"''", b'""', b"../../etc/passwd", b"${HOME}", b"=cmd|' /C calc'!A0"),
]
ENCODINGS = ["utf-16", "utf-16-be", "utf-32", "cp1252", "cp1257", "shift_jis", "utf-7", "cp037"]
NUMBERS = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]


def mutated(right: Sequence[bytes], most: int = 6) -> st.SearchStrategy[bytes]:
    """One of the documents after at most so many mutations."""
    number = st.integers(0, FAR - 1)
    mutation = st.tuples(st.integers(0, len(WAYS) - 1), number, number, number)
    steps = st.lists(mutation, max_size=most)
    return st.builds(after, st.sampled_from(list(right)), steps)


def after(document: bytes, steps: Sequence[Mutation]) -> bytes:
    """The document after the mutations, of at most a megabyte."""
    for way, where, extent, what in steps:
        at = where * (len(document) + 1) // FAR
        document = WAYS[way](document, at, extent, what)[: 1 << 20]
    return document


def _cut(document: bytes, at: int, _extent: int, _what: int) -> bytes:
    return document[:at]


def _without(document: bytes, at: int, extent: int, _what: int) -> bytes:
    return document[:at] + document[at + extent % 64 :]


def _inserted(document: bytes, at: int, _extent: int, what: int) -> bytes:
    return document[:at] + PIECES[what % len(PIECES)] + document[at:]


def _replaced(document: bytes, at: int, extent: int, what: int) -> bytes:
    return document[:at] + PIECES[what % len(PIECES)] + document[at + extent % 24 :]


def _flipped(document: bytes, at: int, _extent: int, what: int) -> bytes:
    return (
        document[:at]
        + bytes(b ^ (1 << what % 8) for b in document[at : at + 1])
        + (document[at + 1 :])
    )


def _set(document: bytes, at: int, extent: int, what: int) -> bytes:
    """A number in binary, of one to four bytes."""
    width = extent % 4 + 1
    number = NUMBERS[what % len(NUMBERS)] & ((1 << 8 * width) - 1)
    return document[:at] + number.to_bytes(width, "little") + document[at + width :]


def _repeated(document: bytes, at: int, extent: int, what: int) -> bytes:
    return document[:at] + document[at : at + extent % 40] * (what % 50) + document[at:]


def _moved(document: bytes, at: int, extent: int, what: int) -> bytes:
    """A piece of it once more at another place."""
    other = what * (len(document) + 1) // FAR
    return document[:at] + document[other : other + extent % 200] + document[at:]


def _encoded(document: bytes, _at: int, _extent: int, what: int) -> bytes:
    encoding = ENCODINGS[what % len(ENCODINGS)]
    return document.decode("utf-8", "replace").encode(encoding, "replace")


def _spaced(document: bytes, _at: int, _extent: int, what: int) -> bytes:
    """With other ends of lines."""
    return document.replace(b"\n", [b"\r\n", b"\r", b"\n\n", b"\n \n"][what % 4])


WAYS: Sequence[Callable[[bytes, int, int, int], bytes]] = (
    *(_cut, _without, _inserted, _replaced, _flipped, _set, _repeated, _moved, _encoded, _spaced),
    *(_inserted, _replaced, _flipped),  # more of what finds most
)
