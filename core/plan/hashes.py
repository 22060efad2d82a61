"""The hashes by which a plan knows what was sent before; docs/hashes.md has each byte of them.

Up to a release of this program they were polars' own, which may change with each release of polars.
Ledgers that have such ones still are read as long as the same polars is there, see `rehash`.
"""

import polars as pl

from core.xxh64 import xxh64

FORM = "xxh64-1"
METADATA = {"hashed_by": FORM}  # of files that have them
FORMER = pl.__version__  # there instead, where they are those of a release of polars
END = "\0"  # of a body before what it clears; JSON texts have none
_CLEAR = pl.when(pl.col("clear").is_null()).then(pl.lit(0, pl.UInt64))
# Of a body, and so of the email in it, and of what it leaves to be emptied afterwards.
HASH = xxh64(pl.coalesce(pl.concat_str("body", pl.lit(END), "clear"), "body"))
FORMER_HASH = pl.col("body").hash(0) ^ _CLEAR.otherwise(pl.col("clear").hash(0))
