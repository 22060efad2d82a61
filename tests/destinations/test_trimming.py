import json

import pytest

from core.destinations.trimming import without

PLACE = '"location":{"city":"Rīga","latitude":956,"ip":"?"}'
EXACT = '"properties":{"sum":12345678901234567890.250,"id":1e400,"a/b":[{"x":"}"}]}'
BODY = '{"type":"profile","attributes":{"email":"a@b.lv",' + PLACE + "," + EXACT + "}}"


@pytest.mark.parametrize(
    ("paths", "cut"),
    [
        (["location.latitude"], '"latitude":956,'),
        (["location.ip"], ',"ip":"?"'),
        (["location"], PLACE + ","),
        (["properties"], "," + EXACT),
        (["properties.a/b"], ',"a/b":[{"x":"}"}]'),
        (["email", "email"], '"email":"a@b.lv",'),
    ],
)
def test_nothing_else_changes_by_a_byte(paths: list[str], cut: str):
    less = without(BODY, [("attributes", *path.split(".")) for path in paths])
    assert less == BODY.replace(cut, "", 1)


def test_the_last_member_leaves_an_empty_object():
    assert without('{"a": {"b": 1} }', [("a", "b")]) == '{"a": {} }'


@pytest.mark.parametrize("path", [("image",), ("attributes", "email", "x"), ("attributes", "zip")])
def test_what_is_not_there_can_not_be_left_out(path: tuple[str, ...]):
    assert without(BODY, [("attributes", "location"), path]) is None


HELD = {'"': 1, "": {}, "ā": [{"b": "}"}, "]"], "\\": "\\", "x": None, "y": {"x": "{"}, ",": ","}


@pytest.mark.parametrize("separators", [(",", ":"), (" , ", " : ")])
@pytest.mark.parametrize("name", HELD)
def test_any_member_can_be_left_out(name: str, separators: tuple[str, str]):
    body = json.dumps({"a": HELD}, separators=separators)
    less = {key: value for key, value in HELD.items() if key != name}
    assert json.loads(without(body, [("a", name)]) or "") == {"a": less}
