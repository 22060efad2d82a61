"""Takes people out of an upload, in whatever format a source may have it, and packs it as it was.

What is in it is found by its first bytes, for what has just arrived has no name yet. Who isn't
concerned reads the same afterwards: rows go, and whatever else names the people says `erased`.
"""

import bz2
import gzip
import json
import lzma
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

import polars as pl
from polars.exceptions import PolarsError

from core.files import replacing
from core.person import workbooks
from core.person.purging import Addresses, from_frame, from_parquet, records_without
from core.profiles.sources.formats import JSON, WORKBOOK

MOST = 2 << 30  # bytes that are unpacked; what is larger has to be replaced by hand
PARQUET, ARROW, STREAM, ZIP = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff", b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # no source reads it, and it may hide anything
Found = tuple[bytes, int]  # the content without them, and how many rows or records had them


class TooLarge(ValueError):
    """More than MOST is packed in a file, or something that nobody can unpack."""


def from_upload(file: Path, wanted: Addresses) -> int | None:
    """Takes them out of a file; of how many rows. None where it has to be made anew by hand.

    Raises StorageFailed, OSError.
    """
    with file.open("rb") as opened:
        if opened.read(len(PARQUET)) == PARQUET:
            return from_parquet(file, wanted)
    content = file.read_bytes()
    try:
        without, n = _without(content, wanted)
    except (PolarsError, ValueError, EOFError, lzma.LZMAError, zipfile.BadZipFile):
        return None
    if without == content:
        return 0
    with replacing(file) as draft:
        draft.write(without)
    return n


def _without(content: bytes, wanted: Addresses) -> Found:
    """Raises what reading raises; TooLarge, ValueError where they are still in it."""
    for start, format in FORMATS.items():
        if content.startswith(start):
            return format(content, wanted)
    without, n = _json(content, wanted) if JSON.match(content) else (content, 0)
    if wanted.are_in(without):  # lines of JSON, too, are no JSON as a whole
        without, n = records_without(content, wanted)
    if wanted.are_in(without):
        raise ValueError("they are still in it")
    return without, n


def _packed(
    unpacked: Callable[[IO[bytes]], IO[bytes]], packed: Callable[[bytes], bytes]
) -> Callable[[bytes, Addresses], Found]:
    def found(content: bytes, wanted: Addresses) -> Found:
        with unpacked(BytesIO(content)) as file:
            inner = _all_of(file)
        without, n = _without(inner, wanted)
        return (content if without == inner else packed(without)), n

    return found


def _all_of(file: IO[bytes]) -> bytes:
    content = file.read(MOST + 1)
    if len(content) > MOST:
        raise TooLarge
    return content


def _zip(content: bytes, wanted: Addresses) -> Found:
    """A workbook, or an archive of which each entry is a file by itself."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST:
            raise TooLarge
        try:
            before = {entry: archive.read(entry) for entry in archive.infolist()}
        except (NotImplementedError, RuntimeError) as error:  # by an unknown way, or a password
            raise TooLarge from error
    if any(entry.filename.startswith(WORKBOOK) for entry in before):
        texts = workbooks.without({e.filename: text for e, text in before.items()}, wanted)
        after, n = {entry: texts.parts[entry.filename] for entry in before}, texts.rows
    else:
        each = {entry: _without(inner, wanted) for entry, inner in before.items()}
        after, n = {e: text for e, (text, _n) in each.items()}, sum(n for _t, n in each.values())
    return (content if after == before else _zipped(after)), n


def _zipped(parts: Mapping[zipfile.ZipInfo, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for entry, content in parts.items():
            plain = zipfile.ZipInfo(entry.filename, entry.date_time)
            plain.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(plain, content)
    return target.getvalue()


def _parquet(content: bytes, wanted: Addresses) -> Found:
    return _of_frame(content, wanted, pl.read_parquet, pl.DataFrame.write_parquet)


def _arrow(content: bytes, wanted: Addresses) -> Found:
    return _of_frame(content, wanted, pl.read_ipc, pl.DataFrame.write_ipc)


def _stream(content: bytes, wanted: Addresses) -> Found:
    return _of_frame(content, wanted, pl.read_ipc_stream, pl.DataFrame.write_ipc_stream)


def _of_frame(
    content: bytes,
    wanted: Addresses,
    read: Callable[[IO[bytes]], pl.DataFrame],
    write: Callable[[pl.DataFrame, IO[bytes]], Any],
) -> Found:
    frame, n = from_frame(read(BytesIO(content)), wanted)
    if not n:
        return content, 0
    target = BytesIO()
    write(frame, target)
    return target.getvalue(), n


def _json(content: bytes, wanted: Addresses) -> Found:
    """A list of objects without theirs, also where it lies within an object."""
    try:
        data = json.loads(content)
    except ValueError:  # lines of JSON, or another coding: records then
        return content, 0
    kept, n = _objects(data, wanted)
    left = wanted.without(kept)
    same = not n and left == data
    return (content if same else json.dumps(left, ensure_ascii=False).encode()), n or int(not same)


def _objects(data: Any, wanted: Addresses) -> tuple[Any, int]:
    if isinstance(data, list):
        kept = [one for one in data if wanted.without(one) == one]
        return kept, len(data) - len(kept)
    if isinstance(data, dict):
        each = {name: _objects(inner, wanted) for name, inner in data.items()}
        return {k: inner for k, (inner, _n) in each.items()}, sum(n for _i, n in each.values())
    return data, 0


def _zstd_opened(file: IO[bytes]) -> IO[bytes]:
    from pyarrow import CompressedInputStream  # heavy, and rarely needed

    return cast(IO[bytes], CompressedInputStream(file, "zstd"))


def _zstd_packed(content: bytes) -> bytes:
    from pyarrow import BufferOutputStream, CompressedOutputStream

    target = BufferOutputStream()
    with CompressedOutputStream(target, "zstd") as packed:
        packed.write(content)
    return cast(bytes, target.getvalue().to_pybytes())


def _refused(_content: bytes, _wanted: Addresses) -> Found:
    raise TooLarge


# By how their files begin.
FORMATS: Mapping[bytes, Callable[[bytes, Addresses], Found]] = {
    PARQUET: _parquet,
    ARROW: _arrow,
    STREAM: _stream,
    ZIP: _zip,
    OLD_OFFICE: _refused,
    b"\x1f\x8b": _packed(cast(Any, lambda file: gzip.GzipFile(fileobj=file)), gzip.compress),
    b"BZh": _packed(cast(Any, bz2.BZ2File), bz2.compress),
    b"\xfd7zXZ": _packed(cast(Any, lzma.LZMAFile), lzma.compress),
    b"\x28\xb5\x2f\xfd": _packed(_zstd_opened, _zstd_packed),
}
