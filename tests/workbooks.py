"""Workbooks as Excel writes them, made of rows of cells."""

import io
import zipfile
from xml.sax.saxutils import escape

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HIDDEN = ' state="hidden"'
# Formats of cells by their place: plain, shown as 3,71E+10, a day, a moment, a time of day.
PLAIN, POWER, DAY, MOMENT, CLOCK = range(5)
STYLES = (0, 11, 14, 22, 21)


class Styled:
    """A number as it is stored, and the place of the format in which it is shown."""

    def __init__(self, stored: str, style: int) -> None:
        self.stored, self.style = stored, style


class Error(str):
    """A cell whose formula failed, by what Excel shows for it."""


def cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, Styled):
        return f'<c s="{value.style}"><v>{value.stored}</v></c>'
    if isinstance(value, Error):
        return f'<c t="e"><v>{value}</v></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def sheet(rows: list[list[object]]) -> str:
    lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    return f"<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>"


def workbook(hidden: tuple[str, ...] = (), **sheets: list[list[object]]) -> bytes:
    """A workbook as Excel writes it, as far as readers look at it."""
    names = [
        f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"{HIDDEN * (name in hidden)}/>'
        for n, name in enumerate(sheets, 1)
    ]
    links = [
        f'<Relationship Id="r{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    ]
    formats = "".join(f'<xf numFmtId="{style}"/>' for style in STYLES)
    styles = f'<Relationship Id="s" Type="{LINKS}/styles" Target="styles.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="w" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets>{"".join(names)}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{''.join(links)}{styles}</Relationships>",
        "xl/styles.xml": f"<styleSheet {MAIN}><cellXfs>{formats}</cellXfs></styleSheet>",
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": sheet(s) for n, s in enumerate(sheets.values(), 1)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()
