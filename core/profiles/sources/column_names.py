"""The names of columns, made from the cells of a header."""

from collections.abc import Iterable, Sequence


def names_of(header: Sequence[str]) -> tuple[str, ...]:
    """Every column gets a name of its own: “column 3” for an empty one, “city 2” for a second."""
    names: list[str] = []
    for place, cell in enumerate(header, 1):
        wanted = " ".join(cell.split()) or f"column {place}"
        names.append(_free_name(wanted, names))
    return tuple(names)


def _free_name(wanted: str, taken: Iterable[str]) -> str:
    name, n = wanted, 1
    while name in taken:
        n += 1
        name = f"{wanted} {n}"
    return name
