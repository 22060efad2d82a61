"""Cuts people who are asked about by email into as many as fit into the address of a request."""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote


def cut_to_fit(
    emails: Iterable[str], most: int, longest: int, literal: Callable[[str], str]
) -> Iterator[list[str]]:
    """The emails in lower case, each once, in portions of at most `most`.

    Each portion takes at most `longest` characters in a URL, where `literal` writes an email as the
    question does; an email that is longer by itself stands alone.
    """
    portion: list[str] = []
    length = 0
    for email in dict.fromkeys(email.lower() for email in emails):
        more = len(quote(literal(email) + ",", safe=""))
        if portion and (len(portion) == most or length + more > longest):
            yield portion
            portion, length = [], 0
        portion.append(email)
        length += more
    if portion:
        yield portion
