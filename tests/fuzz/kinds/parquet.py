"""Parquet and Arrow, whose headers and footers are followed by who reads them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO

import polars as pl
from hypothesis import strategies as st

from tests.fuzz.kinds import Kind
from tests.fuzz.kinds.source_files import opened
from tests.fuzz.mutations import mutated

FRAME = pl.DataFrame(
    {
        "id": [1, 2, None],
        "email": ["a@example.com", "b@example.com", None],
        "born": [date(2001, 2, 3), None, date(1, 1, 1)],
        "at": [datetime(2026, 1, 2, tzinfo=UTC), None, None],
        "spent": [Decimal("1.50"), None, Decimal(0)],
        "tags": [["a"], [], None],
        "more": [{"x": 1}, {"x": None}, None],
        "kind": pl.Series(["a", "b", "a"], dtype=pl.Categorical),
    }
)


def _parquet(**options: object) -> bytes:
    FRAME.write_parquet(out := BytesIO(), **options)  # type: ignore[arg-type]
    return out.getvalue()


def _arrow(*, stream: bool) -> bytes:
    (FRAME.write_ipc_stream if stream else FRAME.write_ipc)(out := BytesIO())
    return out.getvalue()


def _near_end(document: bytes, places: list[tuple[int, int]]) -> bytes:
    """Other bytes among the last ones, where a file says what lies where."""
    found = bytearray(document)
    for place, value in places:
        found[-1 - place % len(found)] = value
    return bytes(found)


def _cases(right: list[bytes]) -> st.SearchStrategy[bytes]:
    places = st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=4)
    return mutated(right, 3) | st.builds(_near_end, st.sampled_from(right), places)


PLAIN = [
    _parquet(compression="uncompressed"),
    _parquet(compression="zstd"),
    _parquet(statistics=False),
]
PARQUET = Kind("parquet", 12, _cases(PLAIN), opened(["p.parquet", "p.pq"]))
ARROW = Kind(
    "arrow", 6, _cases([_arrow(stream=True), _arrow(stream=False)]), partial(opened(["p.arrow"]))
)
