"""Paths in stores: what they mean, and what is refused before anybody is asked."""

import pytest

from core.configuration.source import Source
from core.errors import Invalid, Outside
from core.profiles.sources.stores.address import Address, is_address


def test_a_path_is_a_bucket_and_a_key_as_it_is():
    address = Address.parse("s3://team/a b/100%25/p.csv")
    assert (address.scheme, address.bucket, address.key) == ("s3", "team", "a b/100%25/p.csv")
    assert address.shown == "s3://team/a b/100%25/p.csv"


@pytest.mark.parametrize("path", ["/srv/p.csv", "p.csv", "a:b.csv", r"C:\p.csv", "x//y.csv"])
def test_a_path_of_this_machine_is_none(path):
    assert not is_address(path)


@pytest.mark.parametrize(
    "path",
    [
        "s3://AKID:secret@team/p.csv",
        "https://user:pa55word@example.com/p.csv",
        "https://token@example.com/p.csv",
        "https://b.s3.amazonaws.com/p.csv?X-Amz-Signature=abcdef&X-Amz-Credential=x",
        "https://x.blob.core.windows.net/c/p.csv?sv=2024&sig=abc%3D",
        "https://example.com/p.csv?access_token=1",
        "https://example.com/p.csv?API_KEY=1",
        "https://example.com/p.csv?x=9f86d081884c7d659a2feaa0c55ad015",
        "s3://team/p.csv?X-Amz-Signature=abc",
        "az://box/p.csv?sig=abc",
    ],
)
def test_a_secret_in_a_path_is_refused_and_not_quoted(path):
    with pytest.raises(Invalid, match="password, a key or a signature") as caught:
        Address.parse(path)
    for secret in ("secret", "pa55word", "abc", "9f86d"):
        assert secret not in str(caught.value)
    with pytest.raises(ValueError, match="password, a key or a signature"):
        Source(name="P", path=path)


@pytest.mark.parametrize(
    "path",
    [
        "http://example.com/p.csv",
        "ftp://example.com/p.csv",
        "file:///etc/passwd",
        "s3a://team/p.csv",
        "s3:///p.csv",
        "s3://team/../p.csv",
        "s3://team/a\x00.csv",
        "https:///p.csv",
        "https://exa mple.com:x/p.csv",
        "https://example.com/a/%2e%2e/p.csv",
        "https://example.com/a/%252e%252e/p.csv",
        "https://example.com/a/..\\p.csv",
        "gs://we$ird/p.csv",
    ],
)
def test_what_nobody_can_mean_is_refused(path):
    with pytest.raises(Invalid):
        Address.parse(path)


def test_a_query_without_secrets_is_taken():
    path = "https://docs.example.com/sheet/export?format=csv&gid=0"
    assert Address.parse(path).shown == path


@pytest.mark.parametrize(
    ("place", "path", "inside"),
    [
        ("s3://team", "s3://team/p.csv", True),
        ("s3://team/", "s3://team/a/p.csv", True),
        ("s3://team/a", "s3://team/a/p.csv", True),
        ("s3://team/a", "s3://team/ab/p.csv", False),
        ("s3://team/a", "s3://Team/a/p.csv", False),
        ("s3://team/a", "s3://team/a*/p.csv", False),
        ("s3://team/a/", "s3://team/a/*/p.csv", True),
        ("https://example.com/x/", "https://EXAMPLE.com/x/p.csv", True),
        ("https://example.com/x/", "https://example.com/xy.csv", False),
        ("https://example.com", "https://example.com:8443/p.csv", False),
        ("https://example.com", "https://example.com.evil.org/p.csv", False),
    ],
)
def test_a_place_holds_what_is_below_it(place, path, inside):
    if inside:
        Address.parse(path).check_within([place])
    else:
        with pytest.raises(Outside):
            Address.parse(path).check_within([place])
