"""Each failure of a store is a sentence of its own, without a word of its secrets."""

import os

import pytest

from core.errors import SourceFailed
from core.profiles.sources import state_of
from core.profiles.sources.stores.address import Address
from core.profiles.sources.stores.failures import sentence

SECRETS = ("AKIDEXAMPLE", "wJalrSecretExample")


def refused(bucket, path: str) -> str:
    with pytest.raises(SourceFailed) as caught:
        state_of(bucket.reading(path))
    text = str(caught.value)
    assert not any(secret in text for secret in SECRETS)
    assert caught.value.__cause__ is None
    return text


def test_a_missing_file_and_a_missing_bucket_are_told_apart(bucket):
    assert "no Parquet, CSV" in refused(bucket, "nothing.csv")
    assert "no bucket or container s3://never-made" in refused(bucket, "s3://never-made/p.csv")


def test_nothing_answers(bucket, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert "Nothing answers at 127.0.0.1:9" in refused(bucket, "p.csv")


def test_no_credentials(bucket, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")
    assert "no credentials for s3://" in refused(bucket, "p.csv")


def test_azure_without_an_account(bucket):
    assert "Set AZURE_STORAGE_ACCOUNT_NAME" in refused(bucket, "az://box/p.csv")


def test_a_server_without_certificates_says_so(bucket, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", os.devnull)
    assert "SSL_CERT_FILE" in refused(bucket, "p.csv")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("status code: 403 Forbidden: <Error><Code>AccessDenied</Code>", "may not be read"),
        ("status code: 403: <Code>SignatureDoesNotMatch</Code>", "doesn't accept the credentials"),
        ("status code: 403: <Code>ExpiredToken</Code>", "doesn't accept the credentials"),
        (
            "Received redirect without LOCATION, this normally indicates an incorrectly "
            "configured region",
            "another region than this server takes it for. Set AWS_REGION",
        ),
        ("invalid peer certificate: UnknownIssuer", "certificate of store.example.com"),
        ("dns error: failed to lookup address information", "No server of the name"),
        ("HTTP error: kind: Request, source: TimedOut", "doesn't answer in time"),
        ("status code: 503: <Code>SlowDown</Code>", "answered SlowDown"),
        ("https://x.blob.core.windows.net/c?sig=abc123 failed: status code: 500", "answered 500"),
    ],
)
def test_what_stores_say_becomes_a_sentence(words, said):
    address = Address.parse("s3://team/p.csv")
    text = sentence(Exception(words), address, "store.example.com")
    assert said in text
    assert "sig=" not in text
