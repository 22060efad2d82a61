"""What was found in a source: how it was read, its fields and their kinds, its first rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from core.profiles.sources import Schema
from core.profiles.sources.conversion import Detected
from core.profiles.sources.encodings import names
from core.profiles.sources.facts import Facts
from core.profiles.sources.remarks import remarks as lines_remarks
from core.texts import _, many
from pages.runs import standing
from pages.ui import cells, kit
from pages.ui.words import plain, size, when

ENCODINGS = {
    "utf-8": _("UTF-8"),
    "cp1252": _("Western European (cp1252)"),
    "cp1257": _("Baltic (cp1257)"),
    "utf-16": _("UTF-16"),
    "cp1250": _("Central European (cp1250)"),
    "cp1251": _("Cyrillic (cp1251)"),
    "cp1253": _("Greek (cp1253)"),
    "cp1254": _("Turkish (cp1254)"),
    "cp1255": _("Hebrew (cp1255)"),
    "cp1256": _("Arabic (cp1256)"),
    "mac-roman": _("Western European of old Macs (mac-roman)"),
    "cp932": _("Japanese (cp932)"),
    "gb18030": _("Chinese (gb18030)"),
    "cp949": _("Korean (cp949)"),
}
ENCODINGS |= {name: name for name in names() if name not in ENCODINGS}
SEPARATORS = {
    ",": _("Comma"),
    ";": _("Semicolon"),
    "\t": _("Tab"),
    "|": _("Vertical bar"),
    "^": _("Circumflex"),
    ":": _("Colon"),
    "~": _("Tilde"),
}
DECIMALS = {".": _("Point"), ",": _("Comma")}
MANY = 14  # fields: the table fills the window, and has its room before it is drawn
SHOWN = 3  # rows beside the fields


def encoding(name: str) -> str:
    """The encoding as people know it."""
    return ENCODINGS.get(name.removesuffix("-sig"), name)


def numbers(rows: int | None, fields: int) -> str:
    """`120,000 rows, 14 fields`."""
    parts = [many("{n} row", "{n} rows", rows)] if rows is not None else []
    return ", ".join([*parts, many("{n} field", "{n} fields", fields)])


def reading(detected: Any) -> str:
    """How files were read, as markdown; empty for files that say it themselves."""
    if detected is None:
        return ""
    parts = []
    if detected.encoding:
        parts.append(_("Encoding **{name}**").format(name=plain(encoding(detected.encoding))))
    if detected.separator:
        name = SEPARATORS.get(detected.separator, detected.separator)
        parts.append(_("separator **{name}**").format(name=plain(name.lower())))
    if detected.decimal:
        parts.append(_("decimal **{name}**").format(name=DECIMALS[detected.decimal].lower()))
    if detected.sheet:
        parts.append(_("Sheet **{name}**").format(name=plain(detected.sheet)))
    return ", ".join(parts)


def version(facts: Facts) -> str:
    """Which version of files in a store was read, as markdown."""
    parts = [
        many("{n} file", "{n} files", facts.files),
        size(facts.size) if facts.size else "",
        _written(facts.written) if facts.written else "",
        _("version **{tag}**").format(tag=plain(facts.versions[0])) if _has_one(facts) else "",
    ]
    return ", ".join(filter(None, parts))


def _written(at: datetime) -> str:
    return _("last modified {when}").format(when=when(at, in_sentence=True))


def _has_one(facts: Facts) -> bool:
    return len(facts.versions) == 1 and bool(facts.versions[0])


def remarks(detected: Detected) -> None:
    """What was done to lines and cells of text files, with the first of each kind."""
    for kind in dict.fromkeys(note.kind for note in detected.notes):
        notes = [note for note in detected.notes if note.kind == kind]
        standing.warn(kind, sum(note.count for note in notes), [note.example for note in notes])
    for text in lines_remarks(detected):
        st.markdown(f":small[:gray[:material/info: {plain(text)}]]")


def fields(
    schema: Schema,
    sample: Sequence[Mapping[str, Any]],
    reveal: bool,
    about: Mapping[str, str] | None = None,
) -> None:
    """A table of the fields, what each holds, and the first rows beside them.

    `about`: what is known of a field, where somebody has described it.
    """
    rows, texts = sample[:SHOWN], about if about and any(about.values()) else None
    columns = [_("Field"), _("Type"), *([_("Description")] if texts else [])]
    columns += [_("Row {n}").format(n=i + 1) for i in range(len(rows))]
    with st.container(key="fields-many" if len(schema) >= MANY else "fields-few"):
        kit.table(
            columns,
            [
                [
                    plain(name),
                    kind.one.capitalize(),
                    *([plain(texts.get(name, ""))] if texts else []),
                    *(cells.value(r.get(name), reveal) for r in rows),
                ]
                for name, kind in schema.items()
            ],
            _("The fields of the source, their types and the first rows"),
        )
