"""The names of columns: made from the cells of a header, and compared between files."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from core.errors import SourceFailed
from core.texts import _


def names_of(header: Sequence[str]) -> tuple[str, ...]:
    """Every column gets a name of its own: “column 3” for an empty one, “city 2” for a second."""
    names: dict[str, None] = {}
    used: dict[str, int] = {}  # how far each name's numbers are used up
    for place, cell in enumerate(header, 1):
        name = wanted = " ".join(cell.split()) or f"column {place}"
        while name in names:
            used[wanted] = used.get(wanted, 1) + 1
            name = f"{wanted} {used[wanted]}"
        names[name] = None
    return tuple(names)


def lacking(files: Sequence[Path], columns: Sequence[Collection[str]]) -> Mapping[str, str]:
    """Columns that some of the files lack, which are empty there, and the first one's name.

    `columns` are those of each file. Raises SourceFailed for a file that has none in common with
    those before it: it holds something else.
    """
    every: dict[str, None] = {}
    owned = [(file, dict.fromkeys(own)) for file, own in zip(files, columns, strict=True)]
    for file, own in owned:
        if every and own and every.keys().isdisjoint(own):
            text = _(
                "{path} has no column in common with {first}. Give them the same columns, "
                "or make them two sources."
            )
            raise SourceFailed(text.format(path=file, first=files[0].name))
        every |= own
    return {
        name: next(file.name for file, own in owned if name not in own)
        for name in every
        if not all(name in own for _file, own in owned)
    }
