"""What a file is that is no table of profiles, by how it begins."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.texts import _

EXPORT = _("Export the profiles as CSV, Parquet or Excel, then use that file.")
UNPACK = _("Unpack it, then use the file that is in it.")
AGAIN = _("Often it is a sign-in page, saved instead of the file. Download the file again.")
XLSX = _("Save it as .xlsx or CSV, then use that file.")


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a file is, and what to do."""

    name: str
    advice: str = EXPORT


XLS = Foreign(_("an older Excel workbook (.xls), or one with a password"), XLSX)
CONTROL = re.compile(rb"[\x00-\x08]")
# Bytes at a place.
BYTES: tuple[tuple[int, bytes, Foreign], ...] = (
    (0, b"7z\xbc\xaf\x27\x1c", Foreign(_("an archive of 7-Zip"), UNPACK)),
    (0, b"Rar!", Foreign(_("an archive of RAR"), UNPACK)),
    (257, b"ustar", Foreign(_("an archive of tar"), UNPACK)),
    (0, b"\x04\x22\x4d\x18", Foreign(_("packed by LZ4"), UNPACK)),
    (0, b"\xff\x06\0\0sNaPpY", Foreign(_("packed by Snappy"), UNPACK)),
    (0, b"\xd0\xcf\x11\xe0", XLS),
    (0, b"%PDF-", Foreign(_("a PDF"))),
    (0, b"%!PS", Foreign(_("PostScript"))),
    (0, b"{\\rtf", Foreign(_("a text document (RTF)"))),
    (0, b"SQLite format 3\0", Foreign(_("an SQLite database"))),
    (8, b"DUCK", Foreign(_("a DuckDB database"))),
    (4, b"Standard Jet DB", Foreign(_("an Access database"))),
    (4, b"Standard ACE DB", Foreign(_("an Access database"))),
    (0, b"PGDMP", Foreign(_("a dump of a PostgreSQL database"))),
    (0, b"ORC", Foreign(_("an ORC file"))),
    (0, b"Obj\x01", Foreign(_("an Avro file"))),
    (0, b"PARE", Foreign(_("an encrypted Parquet file"))),
    (0, b"FEA1", Foreign(_("a Feather file of the first version"))),
    (0, b"\x89HDF", Foreign(_("an HDF5 file"))),
    (0, b"<stata_dta>", Foreign(_("a Stata file"))),
    (0, b"$FL2", Foreign(_("an SPSS file"))),
    (0, b"RDX", Foreign(_("an R file"))),
    (0, b"bplist00", Foreign(_("a property list"))),
    (0, b"\x89PNG", Foreign(_("a picture"))),
    (0, b"GIF8", Foreign(_("a picture"))),
    (0, b"\xff\xd8\xff", Foreign(_("a picture"))),
    (0, b"\x7fELF", Foreign(_("a program"))),
    (0, b"MZ\x90\0", Foreign(_("a program"))),
)

# What lies in the zips that documents are.
DOCUMENTS: tuple[tuple[str, Foreign], ...] = (
    ("word/", Foreign(_("a Word document"))),
    ("ppt/", Foreign(_("a PowerPoint presentation"))),
    ("Index/", Foreign(_("a document of Numbers or Pages"), XLSX)),
    ("content.xml", Foreign(_("a document of LibreOffice"), XLSX)),
)

HTML = Foreign(_("a web page"), AGAIN)
DUMP = Foreign(_("a dump of a database"))
XML = Foreign(_("an XML file"))
# How text begins, white space aside; the first that fits. Letters' case doesn't count.
TEXTS: tuple[tuple[str, Foreign], ...] = (
    (r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|title|meta)\b", HTML),
    (r"<\?xml\b|<!doctype\b|<[a-z][\w:.-]*(?:\s[^<>]*)?>\s*<[a-z!/]", XML),
    (r"begin:vcard\b", Foreign(_("contacts (vCard)"))),
    (r"begin:vcalendar\b", Foreign(_("a calendar (iCalendar)"))),
    (r"-----begin pgp ", Foreign(_("encrypted by PGP"), _("Decrypt it, then use that file."))),
    (
        r"version https://git-lfs\.github\.com/",
        Foreign(_("a pointer of Git LFS"), _("Fetch the file itself with “git lfs pull”.")),
    ),
    (r"(?:--\s*)+(?:mysql|mariadb|postgresql)\b|pragma foreign_keys", DUMP),
    (r"(?:create table|insert into|drop table)\s", DUMP),
    (r"(?:version: 1\s+)?dn: \w+=", Foreign(_("a directory's entries (LDIF)"))),
)


def foreign(start: bytes) -> Foreign | None:
    """What begins so and is no table; None where that isn't known."""
    is_binary = CONTROL.search(start) is not None
    for place, mark, what in BYTES:
        # Marks of letters alone may begin a table, too: ORCID is a name of a column.
        if start[place : place + len(mark)] == mark and (is_binary or not mark.isalnum()):
            return what
    text = _text(start).lstrip("\ufeff \t\r\n\0")
    for pattern, what in TEXTS:
        if re.match(pattern, text, re.IGNORECASE | re.DOTALL):
            return what
    return None


def document(entries: Iterable[str]) -> Foreign | None:
    """What a zip is that holds these, if it is a document of a known office."""
    for beginning, what in DOCUMENTS:
        if any(entry.startswith(beginning) for entry in entries):
            return what
    return None


def _text(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace")
    return start.decode("utf-8", "replace")
