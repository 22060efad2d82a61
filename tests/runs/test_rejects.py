"""People who were not exported, as those see them who may see no values."""

import polars as pl
import pytest

from core.masking import mask, sentence
from core.runs import rejects

TEXTS = [
    *("anna@example.lv", "+37126111222", "+3@a", "no address", "", "@", "@example.lv", "a@b@c"),
    *("ā@xn--p1ai", "two\nlines@example.lv", "a@b\n", " @", "+", None),
]


@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_a_column_of_emails_is_masked_as_each_of_them(text: str | None):
    found = pl.DataFrame(
        {"email": [text], "detail": [text]}, {"email": pl.String, "detail": pl.String}
    )
    masked = rejects.masked(found)
    assert masked.schema == found.schema
    assert masked.row(0) == (text and mask(text), None if text is None else sentence(text))
