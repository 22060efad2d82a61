"""Tables of text, as people write them and as mail and spreadsheets break them."""

from hypothesis import strategies as st

from tests.fuzz.kinds import Kind
from tests.fuzz.kinds.source_files import opened
from tests.fuzz.mutations import mutated

RIGHT = [
    b"id,email,name,born,spent\n1,a@example.com,Anna,2001-02-03,1.5\n2,b@example.com,,,\n",
    'id;email;name\n007;a@example.com;"Rūta; Ltd"\n8;b@example.com;"two\nlines"\n'.encode(),
    b"Report\n\nid\temail\tok\n1\ta@example.com\ttrue\n2\tb@example.com\tfalse\n\nTotal\t2\t\n",
    b"email\na@example.com\nb@example.com\n",
    b"a,b\n1.234,56,2\n31/12/2026,1\n",
    "vārds,пошта,☃\nĀ,б@example.com,1\n".encode(),
    b"'id'|'email'\n'1'|'a@example.com'\n" * 3,
    b"id,id,email,email,\n1,2,a@example.com,,x\n",
    b"n,at\n1,2026-11-29T10:00:00+02:00\n2,29.11.2026 10:00\n",
]
CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["", " ", "NULL", "N/A", "1", "-1,5", "1e5", "true", "2026-01-02", '"', "\0"]),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(str),
)


def _written(separator: str, end: str, rows: list[list[str]]) -> bytes:
    return end.join(separator.join(row) for row in rows).encode("utf-8", "surrogatepass")


TABLES = st.builds(
    _written,
    st.sampled_from(",;\t|:^~"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6),
)
KIND = Kind(
    "csv",
    16,
    mutated(RIGHT) | TABLES | st.binary(max_size=200),
    opened(["p.csv", "p.tsv", "p.txt"]),
)
