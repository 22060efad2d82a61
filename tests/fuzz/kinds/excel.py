"""Workbooks: broken part by part and packed again, or as bytes, and zips that unpack to much."""

import zipfile
from io import BytesIO

from hypothesis import strategies as st

from tests.fuzz.kinds import Kind
from tests.fuzz.kinds.source_files import opened
from tests.fuzz.mutations import FAR, WAYS, Mutation, after, mutated
from tests.workbooks import DAY, POWER, Error, Styled, workbook

RIGHT = [
    workbook(
        People=[
            ["id", "email", "born", "phone", "ok"],
            [1, "a@example.com", Styled("45000.5", DAY), Styled("37126123456", POWER), True],
            [2, "b@example.com", Error("#N/A"), None, False],
        ],
        More=[["x"], [1]],
    ),
    workbook(Report=[["Report"], [], ["email", "n"], ["a@example.com", 1.5], ["b@example.com", 2]]),
]


def _parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(out := BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _broken(parts: dict[str, bytes], which: int, steps: list[Mutation]) -> bytes:
    name = list(parts)[which % len(parts)]
    return _packed({**parts, name: after(parts[name], steps)})


def _bomb(parts: dict[str, bytes], which: int, megabytes: int) -> bytes:
    """A part that unpacks to so much more, within what XML may hold between its tags."""
    name = list(parts)[which % len(parts)]
    return _packed(
        {**parts, name: parts[name].replace(b"><", b">" + b" " * (megabytes << 20) + b"<", 1)}
    )


BOOKS = st.sampled_from([_parts(book) for book in RIGHT])
NUMBER = st.integers(0, FAR - 1)
STEPS = st.lists(
    st.tuples(st.integers(0, len(WAYS) - 1), NUMBER, NUMBER, NUMBER), min_size=1, max_size=4
)
BROKEN = st.builds(_broken, BOOKS, st.integers(0, 9), STEPS)
BOMBS = st.builds(_bomb, BOOKS, st.integers(0, 9), st.integers(1, 40))
CASES = st.integers(0, 99).flatmap(
    lambda n: BOMBS if n == 0 else BROKEN if n < 80 else mutated(RIGHT, 3)
)
KIND = Kind("excel", 6, CASES, opened(["p.xlsx", "p.xlsm"]))
