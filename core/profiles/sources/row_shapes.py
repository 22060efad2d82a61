"""What rows of text look like: a header of words, or a person with an address."""

import re

ALIKE = 0.8  # share of the rows that have to look as the first one does, for that to be a row too
# From the first letter on: tried from each of a million letters in a cell, it would take for ever.
ADDRESS = re.compile(r"(?<![^@\s,;|])[^@\s,;|]++@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
LETTER = re.compile(r"[^\W\d_]")

Row = list[str]


def is_address(cell: str) -> bool:
    """Whether a cell holds an email address and nothing else."""
    return bool(ADDRESS.fullmatch(cell.strip()))


def holds_address(cell: str) -> bool:
    """Whether an address stands in a cell of one line; an open quote makes cells of many."""
    return "\n" not in cell.strip() and bool(ADDRESS.search(cell))


def is_word(cell: str) -> bool:
    """Whether a cell could be the name of a column: it has letters and no address."""
    return bool(LETTER.search(cell)) and not holds_address(cell)


def has_address(row: Row) -> bool:
    """Whether a cell of the row is an address, so that it is a person."""
    return any(map(is_address, row))


def looks_like_person(first: Row, rows: list[Row]) -> bool:
    """Whether a row is one of people rather than the header of these rows.

    It has an address somewhere, or nothing where theirs are, or only values like theirs.
    """
    place = address_column(rows, len(first))
    unnamed = place is not None and not first[place].strip()
    return unnamed or any(map(holds_address, first)) or looks_like(first, rows)


def could_be_header(row: Row, width: int) -> bool:
    """Whether a row could be a header of so many columns: a word in each."""
    return len(row) == width and all(map(is_word, row))


def fits_width(row: Row, width: int) -> bool:
    """Whether a row has so many fields: more may be empty, and those of a person missing."""
    if len(row) < width:
        return has_address(row)
    return not any(cell.strip() for cell in row[width:])


def looks_like(first: Row, rows: list[Row]) -> bool:
    """Whether a row has only values like those of the others, numbers or codes among them."""
    shapes = [_shape(cell) for cell in first]
    if not rows or not any("9" in shape for shape in shapes):
        return False
    for place, shape in enumerate(shapes):
        cells = [row[place] for row in rows if len(row) > place and row[place].strip()]
        alike = sum(_shape(cell) == shape for cell in cells)
        if not cells or alike < ALIKE * len(cells):
            return False
    return True


def address_column(rows: list[Row], width: int) -> int | None:
    """The first column in which most rows that reach it have an address, if there is one."""
    for place in range(width):
        cells = [row[place].strip() for row in rows if len(row) > place]
        if cells and sum(map(is_address, cells)) > len(cells) / 2:
            return place
    return None


def _shape(cell: str) -> str:
    """What a value looks like: text, an address, or how digits stand among letters and signs."""
    cell = cell.strip()
    if is_address(cell):
        return "@"
    if not any(sign.isdigit() for sign in cell):
        return "text"
    return re.sub(r"\d+", "9", LETTER.sub("a", cell))
