"""JSON: an object a line, or a document."""

import json

from hypothesis import strategies as st

from tests.fuzz.kinds import Kind
from tests.fuzz.kinds.source_files import opened
from tests.fuzz.mutations import mutated

RIGHT = [
    b'{"id": 1, "email": "a@example.com"}\n{"id": 2, "email": null, "tags": ["x"]}\n',
    b'[{"id": 1, "at": "2026-01-02T03:04:05Z"}, {"id": 2.5, "nested": {"a": [1, {"b": 2}]}}]',
    b'{"data": [{"email": "a@example.com", "n": 12345678901234567890}], "next": null}',
    b'{"a": 1}\r\n{"a": "x"}\r\n{"a": [1]}\r\n{"a": {"b": true}}\r\n',
    '{"vārds": "Ā\\u0101", "x": ""}\n{"vārds": "\\ud83d\\ude00"}'.encode(),
    b'{"a": {"b": {"c": [[[1]]]}}}\n{"a": {"b": {"c": null}}}',
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "", "é"]), VALUES, max_size=3), max_size=5
)


def _lines(rows: list[object]) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in rows)


def _document(rows: list[object]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


KIND = Kind(
    "ndjson",
    15,
    mutated(RIGHT) | ROWS.map(_lines) | ROWS.map(_document),
    opened(["p.ndjson", "p.json", "p.csv"]),
)
