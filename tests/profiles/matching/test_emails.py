"""Addresses: trimmed, lowered, otherwise taken as they are or refused."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.profiles.matching import emails

ATOM = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+/=?^_`{|}~-")
LETTERS = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
INNER = LETTERS | set("0123456789-")


def sent(*given: str | None) -> list[str | None]:
    """Each address as it would be sent, None where it is refused."""
    address = emails.trimmed(pl.col("email"))
    kept = pl.when(emails.valid(address)).then(emails.lowered(address))
    frame = pl.DataFrame({"email": pl.Series(given, dtype=pl.String)})
    return frame.select(kept).to_series().to_list()


def label_is_right(label: str) -> bool:
    ends = not (label.startswith("-") or label.endswith("-"))
    return 1 <= len(label) <= 63 and set(label) <= INNER and ends


def is_address(text: str) -> bool:
    """The rules once more, as plain Python and without any regular expression."""
    if len(text) > 254 or text.count("@") != 1:
        return False
    local, _, host = text.partition("@")
    atoms, labels = local.split("."), host.split(".")
    if len(local) > 64 or not all(atom and set(atom) <= ATOM for atom in atoms):
        return False
    top = labels[-1]
    named = (len(top) >= 2 and set(top) <= LETTERS) or (top[:4].lower() == "xn--" and len(top) > 4)
    return len(labels) >= 2 and named and all(label_is_right(label) for label in labels)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("anna@example.com", "anna@example.com"),
        ("  Anna.Berzina@Example.COM\t", "anna.berzina@example.com"),
        ("\u00a0anna@example.com\u2003\u3000", "anna@example.com"),
        ("\u200b\ufeffanna@example.com\r\n", "anna@example.com"),
        ("o'neil+news@sub.example.co.uk", "o'neil+news@sub.example.co.uk"),
        ("a@b.lv", "a@b.lv"),
        ("1@2.3com.org", "1@2.3com.org"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a@example.xn--p1ai", "a@example.xn--p1ai"),
        ("x" * 64 + "@example.com", "x" * 64 + "@example.com"),
        ("a@" + "b" * 63 + ".com", "a@" + "b" * 63 + ".com"),
    ],
)
def test_an_address_is_trimmed_and_lowered_and_nothing_else(given, expected):
    assert sent(given) == [expected]


@pytest.mark.parametrize(
    "given",
    [
        "anna",
        "anna@",
        "@example.com",
        "anna@example",
        "anna@@example.com",
        "a@b@example.com",
        "anna@example.com.",
        "anna@.example.com",
        "anna@example..com",
        ".anna@example.com",
        "anna.@example.com",
        "an..na@example.com",
        "an na@example.com",
        "anna@exam ple.com",
        "mailto:anna@example.com",
        "Anna <anna@example.com>",
        '"anna b"@example.com',
        "anna@[192.0.2.1]",
        "anna@192.0.2.1",
        "anna@-example.com",
        "anna@example-.com",
        "anna@exa_mple.com",
        "anna@example.c",
        "anna@example.c0m",
        "anna@example.com,otto@example.com",
        "anna@example.com;",
        "anna\u200b@example.com",
        "jānis@example.com",
        "anna@bücher.example",
        "anna@example.\u212aom",
        "\u212aarl@example.com",
        "anna@example.com\nbcc:otto@example.com",
        "x" * 65 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + ".".join(["b" * 60] * 4) + ".example.com",
    ],
)
def test_an_address_that_klaviyo_would_not_take_is_refused(given):
    assert sent(given) == [None]


@pytest.mark.parametrize("given", [None, "", " ", "\u00a0\t\r\n\u2009", "\u200b\ufeff"])
def test_an_address_of_nothing_but_white_space_is_missing(given):
    frame = pl.DataFrame({"email": pl.Series([given], dtype=pl.String)})
    assert frame.select(emails.trimmed(pl.col("email"))).item() is None


PIECES = st.sampled_from(
    [
        *("a", "Z", "9", "0", "b" * 31, "example", ".", "..", "@", "-", "_", "+", "'", "com"),
        *(".com", "@x.lv", "xn--", " ", "\n", "\u00a0", "é", "\u212a", '"', "<", ":", ","),
    ]
)
ADDRESSES = st.one_of(
    st.emails(), st.text(max_size=20), st.lists(PIECES, max_size=9).map("".join), st.just("a@b.lv")
)
AROUND = st.text(alphabet=emails.WHITE_SPACE, max_size=3)
GIVEN = st.tuples(AROUND, ADDRESSES, AROUND).map("".join)


@settings(deadline=None)
@given(st.lists(GIVEN, min_size=1, max_size=40))
def test_what_is_sent_is_valid_by_other_means_bare_and_lower(given):
    bare = [text.strip(emails.WHITE_SPACE) for text in given]
    expected = [text.lower() if is_address(text) else None for text in bare]
    assert sent(*given) == expected
