"""Pages, cursors, filters and field choices of list endpoints, read from the query string."""

import ast
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlencode

from core.sandbox.jsonapi import Json, Refused, bad_request

FILTER = re.compile(r"(?P<op>[a-z-]+)\((?P<field>[\w.]+),(?P<value>.*)\)", re.DOTALL)
MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class Page:
    """How many rows to give and the key of the row after which to begin, in which direction."""

    size: int
    after: str | None = None
    descending: bool = False

    @property
    def number(self) -> int | None:
        """The key as a number; Refused (400) if the cursor is another endpoint's."""
        if self.after is None:
            return None
        if not (self.after.isascii() and self.after.isdigit() and len(self.after) < 19):
            raise _bad_cursor()
        return int(self.after)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter: the field must have one of the values."""

    field: str
    values: tuple[str, ...]


def page_of(query: Mapping[str, str], *, default: int, most: int) -> Page:
    """The page asked for; Refused (400) on a size out of range or a cursor not of our making."""
    size = query.get("page[size]", str(default))
    if not (size.isascii() and size.isdigit() and 1 <= int(size) <= most):
        raise bad_request(
            f"Page size must be an integer between 1 and {most}.", parameter="page[size]"
        )
    cursor = query.get("page[cursor]")
    descending = query.get("sort", "").startswith("-")
    return Page(int(size), _opened(cursor) if cursor else None, descending)


def collection(url: str, query: Mapping[str, str], data: list[Json], key: str | None) -> Json:
    """A document with one page of resources; `key` is its last row's when there are more."""
    links: Json = {"self": _link(url, query), "prev": None, "next": None}
    if key is not None:
        links["next"] = _link(url, {**query, "page[cursor]": _sealed(key)})
    return {"data": data, "links": links}


def filter_of(query: Mapping[str, str], fields: Sequence[str]) -> Wanted | None:
    """The filter `equals(field,"a")` or `any(field,["a","b"])`; Refused (400) if it is another."""
    text = query.get("filter")
    if text is None:
        return None
    match = FILTER.fullmatch(text.strip())
    if match is None:
        raise _bad_filter(f"Invalid filter provided: {text}")
    if match["field"] not in fields or match["op"] not in ("equals", "any"):
        raise _bad_filter(f"Filter {match['op']}({match['field']}) is not allowed here.")
    return Wanted(match["field"], _values(match["op"], match["value"]))


class Identified(Protocol):
    """A thing with an id."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


Row = TypeVar("Row", bound=Identified)


def ordered(
    rows: Sequence[Row],
    query: Mapping[str, str],
    sorts: Sequence[str],
    value: Callable[[Row, str], Any],
) -> list[Row]:
    """The rows in the order asked for, by the first of `sorts` if none is; Refused (400)."""
    sort = query.get("sort", sorts[0])
    field = sort.removeprefix("-")
    if field not in sorts:
        raise bad_request(f"'{sort}' is not a valid sort.", parameter="sort")
    empties = [row for row in rows if value(row, field) is None]
    others = [row for row in rows if value(row, field) is not None]
    others.sort(key=lambda row: (value(row, field), row.id), reverse=sort.startswith("-"))
    return [*others, *empties]


def portion(rows: Sequence[Row], page: Page) -> tuple[list[Row], str | None]:
    """The page of the rows, and the id of its last one if there are more; Refused (400)."""
    start = 0
    if page.after is not None:
        places = [place for place, row in enumerate(rows, 1) if row.id == page.after]
        if not places:
            raise _bad_cursor()
        start = places[0]
    found = [*rows[start : start + page.size]]
    return found, found[-1].id if len(rows) > start + page.size else None


def choice_of(query: Mapping[str, str], parameter: str, allowed: Sequence[str]) -> set[str]:
    """The names in a comma-separated parameter; Refused (400) on one that is not allowed."""
    chosen = {name for name in query.get(parameter, "").split(",") if name}
    if unknown := chosen - set(allowed):
        raise bad_request(
            f"'{min(unknown)}' is not allowed for {parameter}. Allowed: {', '.join(allowed)}.",
            parameter=parameter,
        )
    return chosen


def sparse(resource: Json, query: Mapping[str, str]) -> Json:
    """The resource with only those attributes that `fields[type]` asks for."""
    names = query.get(f"fields[{resource['type']}]")
    if names is None:
        return resource
    kept = {name.partition(".")[0] for name in names.split(",")}
    attributes = {k: v for k, v in resource["attributes"].items() if k in kept}
    return resource | {"attributes": attributes}


def _values(op: str, text: str) -> tuple[str, ...]:
    try:
        value: Any = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = None
    values = value if op == "any" else [value]
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise _bad_filter(f"Invalid filter value: {text}")
    if not 1 <= len(values) <= MOST_VALUES:
        raise _bad_filter(f"A filter takes between 1 and {MOST_VALUES} values.")
    return tuple(values)


def _bad_filter(detail: str) -> Refused:
    return bad_request(detail, parameter="filter")


def _sealed(key: str) -> str:
    return urlsafe_b64encode(f"next::id::{key}".encode()).decode()


def _opened(cursor: str) -> str:
    try:
        kind, _, key = urlsafe_b64decode(cursor).decode().rpartition("::")
    except ValueError:
        kind = key = ""
    if kind != "next::id":
        raise _bad_cursor()
    return key


def _bad_cursor() -> Refused:
    return bad_request("Invalid page cursor.", parameter="page[cursor]")


def _link(url: str, query: Mapping[str, str]) -> str:
    return f"{url}?{urlencode(query, quote_via=quote)}" if query else url
