"""Leaves out whom somebody had erased, by keyed hashes: their addresses are no longer known here.

A hash of each address would take a loop over all people. So each erased one also has a mark, a
keyed number of 16 bits that polars computes of whole columns; whoever has the mark of none of them
is none of them, and only of the few others the hash is made.
"""

import hmac
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import polars as pl

from core.audience import gather, looks
from core.audience.gather import Audience
from core.configuration.order import Order
from core.errors import Invalid
from core.profiles import sources
from core.profiles.matching.emails import as_sent
from core.profiles.matching.exclusions import addresses
from core.profiles.matching.reasons import Reason
from core.profiles.sources import Progress
from core.store import Store, erasures
from core.store import addresses as kept
from core.texts import _

WORD, WORDS = 8, 4  # bytes of an address that are taken as one number; how many of them
BITS = 16  # of a mark


def gathered(
    store: Store,
    order: Order,
    now: datetime,
    progress: Progress | None = None,
    summarises: bool = False,
    numbers_segments: bool = False,
) -> Audience:
    """The people an export is for, see `gather.gather`, with those left out who were erased.

    Where nobody was, it costs a question to the database. Raises what that raises, StorageFailed.
    """
    options = {"summarises": summarises, "numbers_segments": numbers_segments}
    order = replace(
        order,
        source=looks.ready(store, order.source, order.source_id),
        segments=kept.all_ready(store, order.segments),
        exclude=kept.all_ready(store, order.exclude),
    )
    found = gather.gather(order, store.settings, now, progress, **options)
    with store.begin() as session:
        known = erasures.erased(session)
    if not known:
        return found
    with sources.translated(found.source):
        emails = addresses(found.frame, found.matching).filter(
            mark(pl.col("email"), key := erasures.hashing_key(store)).is_in(set(known.values()))
        )
        likely = emails.collect(engine="streaming")["email"]
    gone = [email for email in likely if erasures.digest(key, email) in known]
    return gather.without(found, pl.Series("email", gone, pl.String), Reason.erased)


def refuse_erased(store: Store, address: str) -> None:
    """Raises Invalid for the address of somebody who was erased: it would be written down again."""
    with store.begin() as session:
        known = erasures.erased(session)
    if known and erasures.digest(erasures.hashing_key(store), address) in known:
        raise Invalid(_("Whoever had this address was erased, so nothing is sent to it."), "email")


def among(store: Store, emails: pl.Series) -> pl.Series:
    """Those of the addresses that belong to people who were erased. Raises StorageFailed."""
    with store.begin() as session:
        known = erasures.erased(session)
    if not known:
        return emails.head(0)
    key = erasures.hashing_key(store)
    likely = emails.to_frame("email").filter(mark(pl.col("email"), key).is_in(set(known.values())))
    gone = [email for email in likely["email"] if erasures.digest(key, email) in known]
    return pl.Series("email", gone, pl.String)


def marks(key: bytes, emails: Iterable[str]) -> list[int]:
    """The mark of each address."""
    frame = pl.DataFrame({"email": [as_sent(email) for email in emails]}, {"email": pl.String})
    return frame.select(mark(pl.col("email"), key))["email"].to_list()


def mark(email: pl.Expr, key: bytes) -> pl.Expr:
    """The keyed number of an address as it is sent: of its first bytes and its length (uint64)."""
    padded = (email + pl.lit("\0" * WORD * WORDS)).cast(pl.Binary)
    words = [
        padded.bin.slice(at * WORD, WORD).bin.reinterpret(dtype=pl.UInt64, endianness="little")
        for at in range(WORDS)
    ]
    parts = [word * _factor(key, n) for n, word in enumerate(words)]
    length = email.str.len_bytes().cast(pl.UInt64) * _factor(key, WORDS)
    mixed: pl.Expr = length
    for part in parts:
        mixed = (mixed ^ part) * _factor(key, WORDS + 1) ^ part // 2**31
    found: pl.Expr = mixed // 2 ** (64 - BITS)
    return found


def _factor(key: bytes, n: int) -> pl.Expr:
    """An odd number of 64 bits."""
    found = hmac.digest(key, f"mark {n}".encode(), "sha256")[:8]
    return pl.lit(int.from_bytes(found, "little") | 1, pl.UInt64)
