"""How numbers, times and names are written."""

import pytest

from pages.ui import words

# Each syntax of Streamlit's markdown, and how it is written so that it stands there as text.
# Seen in a browser; what is found by itself, escaped or not, is cut apart by “:gray[]”, an empty
# piece of text.
SYNTAXES = {
    "Weekly letter": "Weekly letter",
    "**bold** _it_": r"\*\*bold\*\* \_it\_",
    "~~gone~~ ~down~": r"\~\~gone\~\~ \~down\~",
    "`code` ```fence": r"\`code\` \`\`\`fence",
    "[link](http://a.lv)": r"\[link\](http:gray[]\://a.lv)",
    "[link]: /there": r"\[link\]: /there",
    "![x](https://a.lv/b.png)": r"!\[x\](https:gray[]\://a.lv/b.png)",
    "<https://a.lv>": r"\<https:gray[]\://a.lv\>",
    "HTTPS://a.lv Www.a.lv": r"HTTPS:gray[]\://a.lv Www:gray[].a.lv",
    "mailto:a.b+c@d.lv": r"mailto\:a.b+c:gray[]@d.lv",
    ":smile: :+1:": r"\::gray[]smile: \::gray[]+1:",
    ":material/delete:": r"\::gray[]material/delete:",
    ":streamlit:": r"\::gray[]streamlit:",
    "ends in :smile": r"ends in \::gray[]smile",  # a colon of ours may come after it
    ":red[x] :blue-badge[y] :small[z]": r"\:red\[x\] \:blue-badge\[y\] \:small\[z\]",
    ":rainbow[x] :red-background[y]": r"\:rainbow\[x\] \:red-background\[y\]",
    "::leaf[x] :::box": r"\:\:leaf\[x\] \:\:\::gray[]box",
    "$a^2$ $$b$$": r"\$a^2\$ \$\$b\$\$",
    "<b>x</b> <!-- y -->": r"\<b\>x\</b\> \<!-- y --\>",
    "&lt;b&gt; &#58;": r"\&lt;b\&gt; \&#58;",
    "# head": r"\# head",
    "head\n===": "head ===",
    "head\n---": "head ---",
    "---": r"\---",
    "- one\n- two": r"\- one - two",
    "+ one": r"\+ one",
    "* one": r"\* one",
    "1. first": "1:gray[]. first",
    "12) twelfth": "12:gray[]) twelfth",
    "> quoted": r"\> quoted",
    "| a | b |\n|---|---|": r"\| a \| b \| \|---\|---\|",
    "a\n\n    code": "a code",
    "\tcode": "code",
    "- [ ] to do": r"\- \[ \] to do",
    "note[^1]": r"note\[^1\]",
    "a -> b <-> c -- d >= e": (r"a -:gray[]\> b \<:gray[]-:gray[]\> c -:gray[]- d \>:gray[]= e"),
    r"a\*b\\": r"a\\\*b\\\\",
    "12:30, 5 % @home a@": r"12\:30, 5 % @home a@",
}


@pytest.mark.parametrize("name", SYNTAXES)
def test_words_from_elsewhere_are_shown_as_they_stand(name: str) -> None:
    assert words.plain(name) == SYNTAXES[name]


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
