"""All texts for people, as `make texts` takes them out of the program for translators.

Babel's own reader of Python overlooks those that stand within an f-string before Python 3.12.
"""

import ast
from collections.abc import Iterator
from typing import IO, Any

TEXTS = {"_": 1, "many": 2}  # function -> how many of its first arguments are texts


def of_source(source: str | bytes) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The line, the function and the texts of each call for translation."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            given = node.args[: TEXTS.get(node.func.id, 0)]
            if found := tuple(str(one.value) for one in given if isinstance(one, ast.Constant)):
                yield node.lineno, node.func.id, found


def extract(
    file: IO[bytes], _keywords: object, _tags: object, **_options: object
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """As Babel wants it of a method of extraction."""
    for line, function, texts in sorted(of_source(file.read())):
        yield line, function, texts if len(texts) > 1 else texts[0], []
