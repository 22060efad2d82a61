"""The fast look at every byte agrees with a patient reader, however the bytes are cut."""

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from core.profiles.sources.survey import Survey, surveyed

FIELDS = st.sampled_from(["", "a", "bb", '"q"', '"x,y"', '"l\nm"', '"r\r\ns"', '"d""q"', '""'])
PIECES = st.sampled_from(["a", ",", '"', "\n", "\r\n", "\r", '""', "é"])
TIDY = st.lists(st.lists(FIELDS, max_size=3).map(",".join), min_size=1, max_size=6)
TEXTS = st.one_of(
    st.tuples(TIDY, st.sampled_from(["\n", "\r\n"])).map(lambda t: t[1].join(t[0]) + t[1]),
    st.lists(PIECES, min_size=1, max_size=12).map("".join),
)


def look(text: str, size: int, width: int) -> Survey:
    content = text.encode()
    parts = (content[i : i + size] for i in range(0, len(content), size))
    return list(surveyed(parts, ",", width, 0))[-1][1]


def patient(text: str, width: int) -> tuple[int, int | None] | None:
    """How many rows aren't blank, and the first uneven line; None where quotes are broken."""
    reader, line, rows, uneven = csv.reader(StringIO(text, newline=""), strict=True), 1, 0, None
    try:
        for row in reader:
            rows += bool(row)
            if row and len(row) != width and uneven is None:
                uneven = line
            line = reader.line_num + 1
    except csv.Error:
        return None
    return rows, uneven


@given(TEXTS, st.integers(1, 9), st.integers(1, 3))
def test_the_look_agrees_with_a_patient_reader(text, size, width):
    survey = look(text, size, width)
    assert survey == look(text, len(text.encode()), width)
    if survey.tidy:
        assert (survey.rows, survey.uneven) == patient(text, width)


def test_gaps_are_blank_lines_between_rows_only():
    assert not look("a\nb\n\n\n", 3, 1).gaps
    assert look("a\n\r\nb\n", 3, 1).gaps
    assert look("\na\n", 1, 1).gaps
