"""How numbers, times and names are written."""

import pytest

from pages.ui import words


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Weekly letter", "Weekly letter"),
        ("**bold** _it_", r"\*\*bold\*\* \_it\_"),
        (":red[x] 12:30", r"\:red\[x\] 12\:30"),
        ("# head", r"\# head"),
        ("1. first", "1\u2060. first"),
        ("![x](http://a/b.png)", "!\\[x\\](http\u2060\\://a/b.png)"),
        ("HTTPS://a.lv www.a.lv", "HTTPS\u2060\\://a.lv www\u2060.a.lv"),
        ("$5 <b> a|b ~c~", r"\$5 \<b\> a\|b \~c\~"),
    ],
)
def test_names_are_shown_as_they_stand(name: str, written: str) -> None:
    assert words.plain(name) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (None, "—"),
        (0, "0 s"),
        (41.4, "41 s"),
        (59.7, "1 min"),
        (108, "1 min 48 s"),
        (7_300, "2 h 1 min"),
    ],
)
def test_lengths_of_time_have_two_units(seconds: float | None, written: str) -> None:
    assert words.took(seconds) == written


@pytest.mark.parametrize(
    ("n", "written"), [(0, "0 B"), (999, "999 B"), (1_148_203, "1.1 MB"), (2_500, "2.5 KB")]
)
def test_sizes_have_a_unit(n: int, written: str) -> None:
    assert words.size(n) == written


@pytest.mark.parametrize(
    ("share", "written"), [(0.402, "40 %"), (0.004, "0.4 %"), (0, "0 %"), (1, "100 %")]
)
def test_shares_are_percent(share: float, written: str) -> None:
    assert words.percent(share) == written
