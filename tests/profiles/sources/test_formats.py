"""What a file is: formats by their first bytes, packed files, and what is no table at all."""

import bz2
import gzip
import io
import lzma
import sqlite3
import zipfile

import polars as pl
import pyarrow as pa
import pytest

from core.errors import SourceFailed
from core.profiles.sources import ROW

TEXT = b"email;city\nanna@x.lv;R\xc4\xabga\n"
ROWS = [(1, "anna@x.lv", "Rīga")]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def zstd(content: bytes) -> bytes:
    return pa.compress(content, "zstd", asbytes=True)


PACKED = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
    "zip": lambda content: zipped({"people.csv": content, "__MACOSX/._people.csv": b"x"}),
}


@pytest.mark.parametrize("ending", PACKED)
def test_a_packed_file_is_read_as_what_is_in_it(desk, ending):
    path = desk.write(f"p.csv.{ending}", PACKED[ending](TEXT))
    assert desk.rows(path).rows() == ROWS
    assert desk.rows("").rows() == ROWS


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_parquet_and_arrow_may_be_packed(desk, ending):
    for form, write in (("parquet", pl.DataFrame.write_parquet), ("arrow", pl.DataFrame.write_ipc)):
        out = io.BytesIO()
        write(pl.DataFrame({"email": ["anna@x.lv"]}), out)
        path = desk.write(f"p.{form}.{ending}", PACKED[ending](out.getvalue()))
        assert desk.rows(path).rows() == [(1, "anna@x.lv")]


def test_the_format_of_a_zip_is_that_of_its_file(desk):
    content = zipped({"2026/people.ndjson": b'{"a": 1}\n{"a": 2}\n'})
    assert desk.rows(desk.write("export.zip", content))["a"].to_list() == [1, 2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped({"a": b"1", "b": b"2"}), r"has 2 files in it\. Unpack it"),
        (zipped({}), r"has 0 files in it\. Unpack it"),
        (b"PK\x03\x04 and nothing", r"export\.zip can't be read"),
        (TEXT, r"export\.zip can't be read"),
    ],
)
def test_a_zip_that_is_not_one_file_is_told(desk, content, said):
    with pytest.raises(SourceFailed, match=said):
        desk.rows(desk.write("export.zip", content))


@pytest.mark.parametrize("ending", ["bz2", "xz", "zst"])
def test_a_packed_file_that_ends_too_early_is_told(desk, ending):
    content = PACKED[ending](TEXT * 500)
    with pytest.raises(SourceFailed, match=rf"p\.csv\.{ending} can't be read"):
        desk.rows(desk.write(f"p.csv.{ending}", content[: len(content) // 2]))


@pytest.mark.parametrize("ending", PACKED)
def test_what_is_packed_without_saying_so_is_called_what_it_is(desk, ending):
    with pytest.raises(
        SourceFailed, match=rf"packed by .*, not a table\. Rename it to p\.csv\.{ending};"
    ):
        desk.rows(desk.write("p.csv", PACKED[ending](TEXT)))


def arrow(stream: bool) -> bytes:
    out = io.BytesIO()
    frame = pl.DataFrame({"a": [1, 2], "b": pl.Series(["x", "y"], dtype=pl.Categorical)})
    (frame.write_ipc_stream if stream else frame.write_ipc)(out)
    return out.getvalue()


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ["p.arrow", "p.feather", "p"])
def test_arrow_and_feather_are_read(desk, name, stream):
    assert desk.rows(desk.write(name, arrow(stream))).rows() == [(1, 1, "x"), (2, 2, "y")]


def test_arrow_files_are_put_together_as_parquet_is(desk):
    desk.write("zip=01001/p.arrow", arrow(False))
    pl.DataFrame({"a": [2.5]}).write_ipc(desk.write("zip=01002/p.arrow", b""))
    frame = desk.rows("")
    assert frame.columns == [ROW, "a", "b", "zip"]
    assert frame["a"].to_list() == [1.0, 2.0, 2.5]
    assert frame["zip"].to_list() == ["01001", "01001", "01002"]


def test_arrow_files_that_do_not_fit_are_named_as_they_are_called(desk):
    pl.DataFrame({"a": [1], "b": [1]}).write_ipc(desk.write("one.arrow", b""))
    pl.DataFrame({"a": [2]}).write_ipc(desk.write("two.arrow", b""))
    assert desk.open("").detected.lacking == {"b": "two.arrow"}
    pl.DataFrame({"a": ["x"]}).write_ipc(desk.write("zzz.arrow", b""))
    with pytest.raises(SourceFailed, match=r"zzz\.arrow doesn't fit one\.arrow: “a” has text"):
        desk.rows("")


def test_a_format_under_the_name_of_another_is_called_what_it_is(desk):
    for name, content, said in (
        ("p.csv", arrow(False), r"is Arrow, .*ends in \.arrow"),
        ("p.csv", b'{"email": "a@x.lv"}\n', r"is JSON, .*ends in \.ndjson"),
        ("p.parquet", b'[{"email": "a@x.lv"}]', "is JSON"),
    ):
        with pytest.raises(SourceFailed, match=said):
            desk.rows(desk.write(name, content))


def sqlite(path) -> bytes:
    with sqlite3.connect(path) as database:
        database.execute("create table t (a)")
    database.close()
    return path.read_bytes()


FOREIGN = [
    (b"<!DOCTYPE html>\n<html><title>Sign in</title></html>", "a web page"),
    (b"\n  <HTML lang='en'><body>Sign in</body>", "a web page"),
    (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html>', "a web page"),
    ("<html>".encode("utf-16"), "a web page"),
    (b'\xef\xbb\xbf<?xml version="1.0"?><customers><customer/></customers>', "an XML file"),
    (b"<customers>\n  <customer id='1'/></customers>", "an XML file"),
    (b"%PDF-1.7\n", "a PDF"),
    (b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", r"contacts \(vCard\)"),
    (b"BEGIN:VCALENDAR\r\n", "a calendar"),
    (b"ORC\x08\x03\x10\x00rest", "an ORC file"),
    (b"Obj\x01\x04\x14avro", "an Avro file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "an older Excel workbook"),
    (b"7z\xbc\xaf\x27\x1c\0\4", "an archive of 7-Zip"),
    (b"people.csv".ljust(257, b"\0") + b"ustar\0", "an archive of tar"),
    (b"-----BEGIN PGP MESSAGE-----\n", "encrypted by PGP"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a pointer of Git LFS"),
    (b"--\n-- PostgreSQL database dump\n--\n", "a dump of a database"),
    (b"INSERT INTO people VALUES (1);\n", "a dump of a database"),
    (b"dn: uid=anna,ou=people\nmail: anna@x.lv\n", "a directory's entries"),
    (b"{\\rtf1\\ansi", "a text document"),
    (zipped({"word/document.xml": b"x"}), "a Word document"),
    (zipped({"content.xml": b"x", "mimetype": b"x"}), "a document of LibreOffice"),
]


@pytest.mark.parametrize(("content", "said"), FOREIGN)
def test_what_is_no_table_is_called_what_it_is(desk, content, said):
    for name in ("p.csv", "p", "p.json"):
        with pytest.raises(
            SourceFailed, match=rf"/{name} is {said}.*, not a table of profiles\. \w"
        ):
            desk.rows(desk.write(name, content))


def test_a_database_is_called_what_it_is(desk, tmp_path):
    content = sqlite(tmp_path / "a.sqlite")
    with pytest.raises(SourceFailed, match="is an SQLite database, not a table"):
        desk.rows(desk.write("p.csv", content))


@pytest.mark.parametrize(
    "header",
    ["ORCID", "Rarity", "<name>", "Index/City", "version", "begin", "dn", "GIF8", "create"],
)
def test_tables_that_begin_like_something_else_are_tables(desk, header):
    assert desk.text(f"{header};email\n1;a@x.lv\n")["email"].to_list() == ["a@x.lv"]
