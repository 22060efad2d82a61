"""Which encoding a text file has, found from all its bytes, and its copy in UTF-8."""

import codecs
import encodings
import re
from collections import Counter
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from pkgutil import iter_modules

from core.errors import Invalid, SourceFailed
from core.profiles.sources.codepages import Guess, guess, is_word
from core.profiles.sources.failures import UNREADABLE, sentence
from core.profiles.sources.packed import opened
from core.texts import _

PLAIN = "utf-8"
NOT_OF_FILES = frozenset({"idna", "punycode", "undefined", "charmap", "mbcs", "oem"})
CHUNK = 1 << 22  # bytes
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# From its first letter on: tried from each of a million letters, it would take for ever.
WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]*+[\x80-\xff][A-Za-z\x80-\xff]*")
# Letters beyond ASCII, as UTF-8 has them.
PAIR = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
ENOUGH = 50_000  # words with letters beyond ASCII


def names() -> list[str]:
    """Python's names of all encodings of text, by name."""
    known_names = (module.name for module in iter_modules(encodings.__path__))
    return sorted({codecs.lookup(name).name for name in known_names if _is_text(name)})


def _is_text(name: str) -> bool:
    """Whether a module of Python's is an encoding of text, in one piece or in lines."""
    try:
        return name not in NOT_OF_FILES and codecs.lookup(name)._is_text_encoding
    except LookupError:
        return False


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a text file, a few megabytes at a time. Raises SourceFailed."""
    try:
        with opened(path) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except UNREADABLE as error:
        raise SourceFailed(sentence(error, str(path))) from error


def known(name: str) -> str:
    """Python's name of an encoding; raises Invalid when there is none of that name."""
    try:
        found = codecs.lookup(name).name
        if found in NOT_OF_FILES:
            raise LookupError(name)
        "".encode(found)
    except (LookupError, ValueError) as error:
        text = _(
            "There is no encoding “{name}”. Use utf-8, utf-16, cp1252, cp1250, cp1257 or "
            "another one that Python knows, or leave it out."
        )
        raise Invalid(text.format(name=name), "encoding") from error
    return "utf-8-sig" if found == "utf-8" else found


def detect(path: Path) -> Guess:
    """The encoding: UTF-8 (with or without mark), UTF-16 or a code page; raises SourceFailed."""
    start = next(chunks(path), b"")
    for mark, name in MARKS:
        if start.startswith(mark):
            return Guess(name)
    if wide := _wide(start[: 1 << 16]):
        return Guess(wide)
    if (line := _broken_line(path)) is None:
        return Guess("utf-8")
    words = _words(path)
    _refuse_broken_utf8(path, line, words)
    found = guess(words)
    _refuse_mixture(path, found.encoding, words)
    return found


def copy_as_utf8(path: Path, encoding: str, out: RawIOBase) -> None:
    """Write the text again as UTF-8 without mark; raises SourceFailed naming the broken line."""
    decoder, lines = codecs.getincrementaldecoder(encoding)(), 1
    try:
        for chunk in chunks(path):
            text = decoder.decode(chunk)
            out.write(text.encode("utf-8"))
            lines += text.count("\n")
        out.write(decoder.decode(b"", final=True).encode("utf-8"))
    except UnicodeError as error:
        lines += _lines_before(error)
        text = _("{path}, line {line}: not in the encoding {encoding}. Save it as UTF-8.")
        raise SourceFailed(
            text.format(path=path, line=f"{lines:,}", encoding=encoding), "encoding"
        ) from error


def _wide(start: bytes) -> str | None:
    """UTF-16 without mark shows by zeros in every second byte."""
    half = max(len(start) // 2, 1)
    even, odd = start[0::2].count(0) / half, start[1::2].count(0) / half
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 and odd < 0.05 else None


SLIPS = 8  # control characters that a text of any length may have
_CONTROLS = bytes(n for n in range(32) if n not in b"\t\n\r")


def _controls(chunk: bytes) -> int:
    return len(chunk) - len(chunk.translate(None, _CONTROLS))


def _broken_line(path: Path) -> int | None:
    """The first line that isn't UTF-8, from 1; None when all are.

    Raises SourceFailed on more NUL than a slip in some cells leaves; those few are cleaned later.
    """
    decoder, lines = codecs.getincrementaldecoder("utf-8")(), 1
    for chunk in chunks(path):
        if b"\0" in chunk and _controls(chunk) > SLIPS + len(chunk) // 100:
            lines += chunk[: chunk.index(0)].count(b"\n")
            text = _("{path}, line {line}: a NUL byte, so this isn't text. Export it again as CSV.")
            raise SourceFailed(text.format(path=path, line=f"{lines:,}"))
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return lines + _lines_before(error)
        lines += chunk.count(b"\n")
    return lines if decoder.getstate()[0] else None


def _words(path: Path) -> Counter[bytes]:
    """Words with bytes beyond ASCII, and how often each comes, up to a good sample."""
    found: Counter[bytes] = Counter()
    for chunk in chunks(path):
        found.update(WORD.findall(chunk))
        if found.total() > ENOUGH:
            break
    return found


def _refuse_broken_utf8(path: Path, line: int, words: Counter[bytes]) -> None:
    """Many letters in UTF-8 and a few broken ones: not a code page, but a damaged file."""
    good = sum(n for word, n in words.items() if PAIR.search(word) and _is_utf8(word))
    if 2 * good > words.total():
        text = _("{path}, line {line}: a broken letter in a file that is otherwise UTF-8. Fix it.")
        raise SourceFailed(text.format(path=path, line=f"{line:,}"), "encoding")


def _refuse_mixture(path: Path, encoding: str, words: Counter[bytes]) -> None:
    """Words that are UTF-8, and none in the code page of the others: two files in one."""
    strays = {word for word in words if PAIR.search(word) and _is_utf8(word)}
    strays = {word for word in strays if not is_word(word.decode(encoding, "replace"))}
    if not strays or all(word in strays for word in words):
        return
    lines = 1
    for chunk in chunks(path):
        for found in WORD.finditer(chunk):
            if found.group() in strays:
                lines += chunk[: found.start()].count(b"\n")
                text = _(
                    "{path}, line {line}: this line is in UTF-8, others are in {encoding}. "
                    "Save all of it in one encoding, UTF-8 at best."
                )
                said = text.format(path=path, line=f"{lines:,}", encoding=encoding)
                raise SourceFailed(said, "encoding")
        lines += chunk.count(b"\n")


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _lines_before(error: UnicodeError) -> int:
    broken = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
    return broken.count(b"\n")
