"""XXH64 of texts, a column at a time: a hash that is the same in each release and each program.

As https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md has it, of UTF-8, with seed 0.
Made with whole arrays: a loop over a million texts with a digest of hashlib takes thrice the time,
and polars doesn't promise that its own hash stays.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

AT_ONCE = 4096  # texts whose lanes fit into the processor's cache
STRIPE = 32  # bytes: a word of eight for each of four lanes
P1, P2, P3, P4, P5 = (
    np.uint64(prime)
    for prime in (
        0x9E3779B185EBCA87,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0x85EBCA77C2B2AE63,
        0x27D4EB2F165667C5,
    )
)
LANES = np.array([0x60EA27EEADC0B5D6, P2, 0, 0x61C8864E7A143579], np.uint64)  # P1 + P2 and -P1
TURNS = np.array([1, 7, 12, 18], np.uint64)
NOTHING = np.uint64(0)


def xxh64(text: pl.Expr) -> pl.Expr:
    """The hash of each text, 64 bits; null where it is null."""
    return text.map_batches(hashes, return_dtype=pl.UInt64, is_elementwise=True)


def hashes(texts: pl.Series) -> pl.Series:
    """The same of a series of texts."""
    content, start, length = _bytes(texts)
    longest_first = np.argsort(-length, kind="stable")
    found = np.empty(len(texts), np.uint64)
    for at in range(0, len(texts), AT_ONCE):
        some = longest_first[at : at + AT_ONCE]
        found[some] = _of_some(content, start[some], length[some])
    hashed = pl.Series(texts.name, found)
    return hashed.set(texts.is_null(), None) if texts.has_nulls() else hashed


def _bytes(texts: pl.Series) -> tuple[npt.NDArray[np.uint8], Places, Places]:
    """All bytes one after the other, and where each text starts, and how long it is.

    A stripe more stands at the end, so that whoever looks ahead finds something.
    """
    room = pl.Series(["\0" * STRIPE])
    filled = texts.rename("").fill_null("").append(room)
    array = filled.to_arrow()
    _validity, offsets, content = array.buffers()
    ends = np.frombuffer(offsets, np.int64)[array.offset :][: len(array) + 1]
    return np.frombuffer(content, np.uint8), ends[:-2], np.diff(ends[:-1])


def _of_some(content: npt.NDArray[np.uint8], start: Places, length: Places) -> Words:
    """The hashes of some texts, the longest first."""
    found = np.full(len(start), P5, np.uint64)
    stripes = length // STRIPE
    if several := np.count_nonzero(stripes):
        found[:several] = _of_stripes(content, start[:several], stripes[:several])
    found += length.astype(np.uint64)
    return _scattered(_with_rest(found, content, start + stripes * STRIPE, length % STRIPE))


def _of_stripes(content: npt.NDArray[np.uint8], start: Places, stripes: Places) -> Words:
    """What the whole stripes of each text come to, of texts that have one or more."""
    ahead = _view(content, "<u8", 4)
    lanes = np.tile(LANES, (len(start), 1))
    for n in range(int(stripes[0])):
        some = int(np.searchsorted(-stripes, -n, "left"))  # those with a stripe more
        lanes[:some] = _mixed(lanes[:some], ahead[start[:some] + n * STRIPE])
    found: Words = _turned(lanes, TURNS).sum(axis=1, dtype=np.uint64)
    for lane in _mixed(NOTHING, lanes).T:
        found ^= lane
        found *= P1
        found += P4
    return found


def _with_rest(found: Words, content: npt.NDArray[np.uint8], at: Places, left: Places) -> Words:
    """With the bytes after the last stripe: words of eight, one of four, and single ones."""
    eights, four = _view(content, "<u8", 1)[:, 0], _view(content, "<u4", 1)[:, 0]
    for n in range(3):
        some = np.flatnonzero(left >= 8 * (n + 1))
        word = _mixed(NOTHING, eights[at[some] + 8 * n])
        found[some] = _turned(found[some] ^ word, np.uint64(27)) * P1 + P4
    at, left = at + left // 8 * 8, left % 8
    some = np.flatnonzero(left >= 4)
    word = four[at[some]].astype(np.uint64) * P1
    found[some] = _turned(found[some] ^ word, np.uint64(23)) * P2 + P3
    at, left = at + left // 4 * 4, left % 4
    for n in range(3):
        some = np.flatnonzero(left > n)
        word = content[at[some] + n].astype(np.uint64) * P5
        found[some] = _turned(found[some] ^ word, np.uint64(11)) * P1
    return found


def _scattered(found: Words) -> Words:
    """Each bit of what came in changes half of those that come out."""
    found ^= found >> np.uint64(33)
    found *= P2
    found ^= found >> np.uint64(29)
    found *= P3
    return found ^ (found >> np.uint64(32))


def _mixed(lanes: Words | np.uint64, words: Words) -> Words:
    """A round of the algorithm: words of the text into the lanes."""
    mixed = words * P2
    mixed += lanes
    return _turned(mixed, np.uint64(31)) * P1


def _turned(words: Words, bits: Words | np.uint64) -> Words:
    """The bits of each word moved to the left, and those that leave it in again at the right."""
    return (words << bits) | (words >> (np.uint64(64) - bits))


def _view(content: npt.NDArray[np.uint8], kind: str, width: int) -> npt.NDArray[Any]:
    """So many numbers of a kind from each byte on, without a copy."""
    size = np.dtype(kind).itemsize
    rows = len(content) - size * width + 1
    return np.ndarray((rows, width), kind, content, 0, (1, size))
