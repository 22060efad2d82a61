"""Documents about a person as PDF: what was done with them, and the receipt of their erasure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from core import __version__
from core.errors import Invalid
from core.person import words
from core.person.events import Event
from core.person.look_up import Found
from core.texts import _, many

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

WIDTHS = (104, 106, 285)  # points of the columns: when, where, what
MARGIN = 50


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, with lines of text or rows of when, where, and lines of what."""

    title: str
    lines: Sequence[str] = ()
    rows: Sequence[tuple[str, str, Sequence[str]]] = ()


def of_person(found: Found, by: str, at: datetime) -> bytes:
    """All that is known of a person, made by somebody at a moment; not signed yet.

    Raises Invalid where what makes PDF files isn't installed.
    """
    title = _("What was done with the data of {email}").format(email=found.email)
    return pdf(title, _head(by, at), _parts(found))


def pdf(title: str, head: Sequence[str], parts: Sequence[Part]) -> bytes:
    """A document of these parts. Raises Invalid as `of_person`."""
    try:
        from reportlab.platypus import SimpleDocTemplate
    except ModuleNotFoundError as error:
        text = _("Documents need the extra “pdf”: install segferry[pdf].")
        raise Invalid(text) from error
    content = BytesIO()
    template = SimpleDocTemplate(
        content,
        title=title,
        author=f"Segferry {__version__}",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    template.build(
        _flow(title, head, [*parts, *_unprinted(title, head, parts)]),
        onFirstPage=_numbered,
        onLaterPages=_numbered,
    )
    return content.getvalue()


def _head(by: str, at: datetime) -> list[str]:
    text = _("Made by {name} with Segferry {version} on {at}.")
    return [
        text.format(name=by, version=__version__, at=words.moment(at)),
        _("This file is signed: whatever is changed in it shows where its signature is checked."),
    ]


def _parts(found: Found) -> list[Part]:
    happened = [
        (words.moment(one.at), f"{one.export}\n{_run(one.run)}", _what(one)) for one in found.events
    ]
    now = [
        (one.email, f"{one.export}\n{words.place(one)}", [words.stands(one)]) for one in found.now
    ]
    asked = [(one.email, one.connection, [words.answered(one)]) for one in found.asked or ()]
    rules = [f"{one.export}, {words.judged(one)}" for one in found.rules]
    return [
        Part(_("Addresses"), [found.email, *map(words.linked, found.linked)]),
        Part(_("What happened"), _gaps(found), happened),
        Part(_("Where they are now, by the ledgers"), [] if now else [words.NOTHING], now),
        *([Part(_("Where they are now, as the destination says"), (), asked)] if asked else []),
        *([Part(_("Which rules let them in now, by the sources"), rules)] if found.rules else []),
    ]


def _run(run: int | None) -> str:
    return _("run {n}").format(n=run)


def _what(event: Event) -> list[str]:
    return [words.happened(event), *words.why(event), *words.profile(event)]


def _gaps(found: Found) -> list[str]:
    lines = [] if found.events else [_("Nothing is known of.")]
    return lines + words.gaps(found)


def _unprinted(title: str, head: Sequence[str], parts: Sequence[Part]) -> list[Part]:
    """What is said of characters that the font lacks."""
    from core.person.letters import unprintable

    texts = [title, *head, *(text for part in parts for text in _texts(part))]
    if not (missing := sorted(unprintable(texts))):
        return []
    text = many(
        "{n} character can’t be printed here and is written by its number in Unicode: {which}",
        "{n} characters can’t be printed here and are written by their numbers in Unicode: {which}",
        len(missing),
        which=", ".join(f"U+{ord(one):04X}" for one in missing),
    )
    return [Part(_("Characters"), [text])]


def _texts(part: Part) -> list[str]:
    return [part.title, *part.lines, *(text for a, b, c in part.rows for text in (a, b, *c))]


def _flow(title: str, head: Sequence[str], parts: Sequence[Part]) -> "list[Flowable]":
    flow = [_paragraph(title, 16, after=8), *(_paragraph(line, 9) for line in head)]
    for part in parts:
        flow.append(_paragraph(part.title, 12, before=14, after=4))
        flow += [_paragraph(line, 9) for line in part.lines]
        flow += [_table(part.rows)] if part.rows else []
    return flow


def _table(rows: Sequence[tuple[str, str, Sequence[str]]]) -> "Flowable":
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table

    cells = [
        [_paragraph(a, 8), _paragraph(b, 8), [_paragraph(line, 8, after=1) for line in lines]]
        for a, b, lines in rows
    ]
    line = ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#c8ccd2"))
    return Table(cells, WIDTHS, style=[line, ("VALIGN", (0, 0), (-1, -1), "TOP")], splitInRow=1)


def _paragraph(text: str, size: int, before: int = 0, after: int = 2) -> "Flowable":
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    from core.person.letters import FONT, printable

    shown = escape(printable(text)).replace("\n", "<br/>")
    style = ParagraphStyle(
        "text",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.35,
        spaceBefore=before,
        spaceAfter=after,
        splitLongWords=1,
    )
    return Paragraph(shown, style)


def _numbered(canvas: Any, _template: object) -> None:
    from core.person.letters import FONT

    canvas.setFont(FONT, 8)
    canvas.drawRightString(canvas._pagesize[0] - MARGIN, MARGIN / 2, str(canvas.getPageNumber()))
