"""The same done to several exports: one that refuses stops no other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from core.errors import SegferryError
from core.store import Store, exports
from core.store.tables.exports import ExportRow


@dataclass(frozen=True, slots=True)
class Done:
    """For how many exports it was done, and why not for others, by their names."""

    n: int
    refused: Mapping[str, str]


def each(
    store: Store, export_ids: Iterable[int], action: Callable[[Session, ExportRow], object]
) -> Done:
    """Does it to each of these exports, in a transaction of its own."""
    n, refused = 0, dict[str, str]()
    for id in export_ids:
        name = str(id)
        try:
            with store.begin() as session:
                row = exports.find(session, id)
                name = row.name
                action(session, row)
        except SegferryError as error:
            refused[name] = str(error)
        else:
            n += 1
    return Done(n, refused)
