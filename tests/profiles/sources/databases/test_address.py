"""The URL of a database: what is shown of it, and what never is."""

from pathlib import Path

import pytest

from core.errors import Invalid
from core.profiles.sources.databases.address import Address, address_of
from core.profiles.sources.databases.engines import ENGINES

URL = "postgresql://rea%40der:p%40ss%2Fw@db.example.com:6543/shop?sslmode=require&sslpassword=deep"


def test_it_is_taken_apart():
    found = Address.parse(URL)
    assert (found.engine.name, found.host, found.port) == ("postgresql", "db.example.com", 6543)
    assert (found.user, found.password, found.database) == ("rea@der", "p@ss/w", "shop")


def test_neither_its_words_nor_what_is_shown_have_a_secret():
    found = Address.parse(URL)
    assert found.shown == "postgresql://rea%40der@db.example.com:6543/shop"
    for text in (repr(found), found.shown, found.without_secrets(f"no {URL} p@ss/w p%40ss%2Fw")):
        for secret in ("p@ss/w", "p%40ss", "deep"):
            assert secret not in text
    assert found.without_secrets("the key is deep") == "the key is •••"


def test_a_driver_in_its_scheme_is_left_to_us():
    assert Address.parse("postgresql+psycopg2://a@b/c").engine.name == "postgresql"
    assert Address.parse("postgres://a@b/c").engine.name == "postgresql"


def test_files_are_named_by_their_full_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert Address.parse(f"sqlite:///{tmp_path}/a b.db").file == tmp_path / "a b.db"
    monkeypatch.chdir(tmp_path)
    assert Address.parse("duckdb:///here.duckdb").file == tmp_path / "here.duckdb"
    for without in ("sqlite://", "sqlite:///", "sqlite://host/x.db"):
        with pytest.raises(Invalid, match="full path"):
            Address.parse(without)


@pytest.mark.parametrize(
    "url", ["", "hello", "oracle://a@b/c", "postgresql://a:secret@b:port/c", "http://x/secret"]
)
def test_what_cannot_be_read_is_never_quoted(url: str):
    with pytest.raises(Invalid) as refused:
        Address.parse(url)
    assert "secret" not in str(refused.value)
    assert refused.value.field == "url"


@pytest.mark.parametrize("end", ["123/s3cret@db/x", "123?s3cret@db/x", "123#s3cret@db/x"])
def test_a_password_that_is_not_encoded_is_refused_and_not_shown(end: str):
    with pytest.raises(Invalid) as refused:
        Address.parse(f"postgresql://ann:{end}")
    assert "s3cret" not in str(refused.value)


def test_a_form_makes_the_same():
    made = address_of(ENGINES["postgresql"], "db.example.com", 6543, "shop", "rea@der", "p@ss/w")
    parsed = Address.parse(made.url)
    assert (parsed.user, parsed.password, parsed.database) == ("rea@der", "p@ss/w", "shop")
    assert made.shown == "postgresql://rea%40der@db.example.com:6543/shop"
    ipv6 = address_of(ENGINES["postgresql"], "::1", None, "shop", "", "")
    assert (ipv6.host, ipv6.shown) == ("::1", "postgresql://[::1]/shop")
