"""People taken out of uploads of every format: nothing finds them, and others read the same."""

import bz2
import gzip
import json
import lzma
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from core.person import workbooks
from core.person.purging import Addresses
from core.person.uploads import from_upload
from core.profiles import sources
from core.profiles.sources import ROW
from core.profiles.sources.packed import opened
from tests.workbooks import workbook

WANTED = Addresses(("anna@example.com", "old@example.com"))
PEOPLE = pl.DataFrame(
    {
        "email": ["p1@example.com", "Anna@Example.com", "joanna@example.com", "old@example.com"],
        "name": ["Jānis", "Anna Ķērpe", "Joanna", "Anna Ķērpe"],
        "id": ["007", "008", "009", "010"],
        "spent": [1.5, 2.25, 3.0, 4.0],
    }
)


def csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def parquet(frame: pl.DataFrame) -> bytes:
    frame.write_parquet(target := BytesIO())
    return target.getvalue()


def excel(frame: pl.DataFrame) -> bytes:
    return workbook(People=[frame.columns, *map(list, frame.iter_rows())])


def arrow(frame: pl.DataFrame) -> bytes:
    frame.write_ipc(target := BytesIO())
    return target.getvalue()


def stream(frame: pl.DataFrame) -> bytes:
    frame.write_ipc_stream(target := BytesIO())
    return target.getvalue()


def zstd(content: bytes) -> bytes:
    import pyarrow as pa

    with pa.CompressedOutputStream(target := pa.BufferOutputStream(), "zstd") as packed:
        packed.write(content)
    return bytes(target.getvalue().to_pybytes())


def zipped(name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(target := BytesIO(), "w") as archive:
        archive.writestr(name, content)
        archive.writestr("__MACOSX/._x", b"aside")
    return target.getvalue()


UPLOADS = {
    "a.xlsx": excel(PEOPLE),
    "a.csv.gz": gzip.compress(csv(PEOPLE)),
    "a.csv.bz2": bz2.compress(csv(PEOPLE)),
    "a.csv.xz": lzma.compress(csv(PEOPLE)),
    "a.csv.zst": zstd(csv(PEOPLE)),
    "a.zip": zipped("people.csv", csv(PEOPLE)),
    "a.xlsx.zip": zipped("people.xlsx", excel(PEOPLE)),
    "a.parquet.gz": gzip.compress(parquet(PEOPLE)),
    "a.parquet": parquet(PEOPLE),
    "a.arrow": arrow(PEOPLE),
    "a.arrows": stream(PEOPLE),
    "a.json": json.dumps(PEOPLE.to_dicts()).encode(),
    "b.json": json.dumps({"at": 1, "people": PEOPLE.to_dicts()}).encode(),
    "a.ndjson.gz": gzip.compress(PEOPLE.write_ndjson().encode()),
    "a.csv": csv(PEOPLE).decode().encode("utf-16"),
}


def read(file: Path, cache: Path) -> pl.DataFrame:
    reading = sources.Reading("P", "file", file)
    frame: pl.LazyFrame = sources.open_source(reading, cache).scan().to_native()
    return frame.collect().drop(ROW)


def contents(content: bytes, file: Path) -> Iterator[bytes]:
    """All that is in a file, unpacked and decoded, by other means than the program's."""
    yield content
    with opened(file) as inner:
        bare = inner.read()
    yield bare
    if bare.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(bare)) as archive:
            yield from map(archive.read, archive.namelist())
    if bare.startswith(b"PAR1"):
        yield pl.read_parquet(BytesIO(bare)).write_ndjson().encode()


@pytest.mark.parametrize("name", UPLOADS)
def test_nothing_finds_them_in_an_upload_and_others_read_the_same(name: str, tmp_path: Path):
    file = tmp_path / name
    file.write_bytes(UPLOADS[name])
    before = read(file, tmp_path / "before")
    assert from_upload(file, WANTED) == 2
    texts = list(contents(file.read_bytes(), file))
    assert not any(WANTED.are_in(text) for text in texts)
    for text in texts:
        for trace in ("anna@example.com", "old@example.com", "Anna Ķērpe"):
            assert trace not in text.decode(errors="ignore").replace("joanna@example.com", "")
    left = before.filter(pl.col("email").is_in(["p1@example.com", "joanna@example.com"]))
    assert left.height == 2
    assert read(file, tmp_path / "after").equals(left)
    assert from_upload(file, WANTED) == 0


def test_an_upload_without_them_stays_as_it_is(tmp_path: Path):
    for name, content in UPLOADS.items():
        file = tmp_path / name
        file.write_bytes(content)
        assert from_upload(file, Addresses(("nobody@example.com",))) == 0
        assert file.read_bytes() == content


def test_a_text_in_pieces_a_link_and_a_comment_of_a_workbook_go_too():
    shared = (
        "<sst><si><r><t>anna</t></r><r><t>&#64;example.com</t></r></si>"
        "<si><t>Anna</t></si><si><t>LV</t></si></sst>"
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>2</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c>'
        '<c r="C2" t="s"><v>2</v></c></row>'
        '<row r="3"/><row r="4"><c r="A4" t="inlineStr"><is><t>old@example.com</t></is></c></row>'
    )
    parts = {
        "xl/workbook.xml": b"<workbook/>",
        "xl/sharedStrings.xml": shared.encode(),
        "xl/worksheets/sheet1.xml": f"<worksheet>{rows}</worksheet>".encode(),
        "xl/worksheets/_rels/sheet1.xml.rels": b'<R Target="mailto:anna@example.com"/>',
        "xl/comments1.xml": b"<comment><t>ask old@example.com</t></comment>",
    }
    found = workbooks.without(parts, WANTED)
    assert found.rows == 2
    sheet = found.parts["xl/worksheets/sheet1.xml"].decode()
    assert (
        sheet == '<worksheet><row r="1"><c r="A1" t="s"><v>2</v></c></row><row r="3"/></worksheet>'
    )
    assert found.parts["xl/sharedStrings.xml"] == (
        b"<sst><si><t></t></si><si><t></t></si><si><t>LV</t></si></sst>"
    )
    assert not any(WANTED.are_in(part) for part in found.parts.values())


@pytest.mark.parametrize(
    "content", [b"\xd0\xcf\x11\xe0 old", gzip.compress(b"x", mtime=0)[:12], b"PK\3\4 no"]
)
def test_what_nobody_can_open_is_left_to_be_named(content: bytes, tmp_path: Path):
    file = tmp_path / "a.bin"
    file.write_bytes(content)
    assert from_upload(file, WANTED) is None
    assert file.read_bytes() == content
