"""The letters that a document can print; those that it can't are written by their number."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FONT = "DejaVu Sans"
FILE = Path(__file__).with_name("font") / "DejaVuSans.ttf"
BACKWARDS = ("R", "AL", "RLE", "RLO", "RLI", "AN")  # written from the right, or joined


@cache
def known() -> frozenset[int]:
    """The characters that the font has; it is registered with ReportLab by this."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(FONT, str(FILE))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def printable(text: str) -> str:
    """The text with [U+674E] in place of each character that can't be printed as it is read."""
    whole = unicodedata.normalize("NFC", text)
    return "".join(one if _is_printable(one) else f"[U+{ord(one):04X}]" for one in whole)


def unprintable(texts: Iterable[str]) -> set[str]:
    """The characters of the texts that can't be printed."""
    return {
        one
        for text in texts
        for one in unicodedata.normalize("NFC", text)
        if not _is_printable(one)
    }


def _is_printable(one: str) -> bool:
    return one in "\n\t" or (
        ord(one) in known() and unicodedata.bidirectional(one) not in BACKWARDS
    )
