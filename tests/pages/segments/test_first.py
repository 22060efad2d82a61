"""The first of a group's people, taken in the form of a segment."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.store import Store, segments
from core.store.tables.data import SegmentRow

Page = Callable[..., AppTest]
Words = Callable[[AppTest], str]
LATVIA = {"field": "country", "op": "equals", "value": "LV"}
UNFINISHED = "Say how many, by which field, and which field decides between equal ones."
SMALLEST = {"count": 3, "by": "spent", "order": "smallest", "ties": "email"}


def test_the_first_of_a_group_are_taken_saved_changed_and_let_go_again(
    page: Page, segment: SegmentRow, store: Store, words: Words
):
    app = page("segments", view="edit", segment=segment.id)
    _press(app, "Take the first")
    assert "Take the first" not in [button.label for button in app.main.button]
    assert "5 of 6" in words(app)  # who is taken isn't said yet
    _press(app, "Save segment")
    assert UNFINISHED in words(app)
    _choose(app, "Field by which the first of group 1 come", "spent")
    assert "the first 100 by spent, largest first, of those with country is LV" in words(app)
    _choose(app, "Who of group 1 comes first", "smallest")
    _choose(app, "Field that decides between equal ones of group 1", "email")
    app.number_input[0].set_value(3).run()
    _press(app, "Undo")
    assert "the first 100 by spent, smallest first" in words(app)
    _press(app, "Redo")
    assert "**3** people" in words(app)
    _press(app, "Save segment")
    assert _saved(store) == {"all": [LATVIA], "top": SMALLEST}

    app = page("segments", view="edit", segment=segment.id)
    assert "the first 3 by spent, smallest first, of those with country is LV" in words(app)
    app.number_input[0].set_value(2).run()
    _press(app, "Save segment")
    assert _saved(store)["top"]["count"] == 2

    app = page("segments", view="edit", segment=segment.id)
    _press(app, "Take all")
    assert "**5** people" in words(app)
    _press(app, "Save segment")
    assert _saved(store) == {"all": [LATVIA]}


def _saved(store: Store) -> dict[str, object]:
    with store.begin() as session:
        return segments.find(session, "Latvia").rules


def _press(app: AppTest, label: str) -> None:
    next(button for button in app.main.button if button.label == label).click().run()


def _choose(app: AppTest, label: str, value: str) -> None:
    next(box for box in app.selectbox if box.label == label).set_value(value).run()
