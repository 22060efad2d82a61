"""Which code page words are written in: chardet's opinion, and whether what comes out are words.

chardet knows how often letters follow each other in some fifty languages. Of names alone it is
often unsure; then it matters that a word has letters of one script only, and capitals where words
have them. Between Windows' western and Baltic pages our own knowledge decides, unless chardet is
sure.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.profiles.sources.letters import BALTIC, WESTERN, western_or_baltic

# The pages that files of people come in, the more usual first; others have to be said.
USUAL = (
    "cp1252", "cp1250", "cp1251", "cp1254", "cp1257", "cp1253", "cp1255", "cp1256", "iso8859-2",
    "mac-roman", "mac-latin2", "mac-cyrillic", "koi8-r", "cp866", "cp852", "cp850", "cp437",
    "cp1258", "cp874", "cp932", "euc_jp", "gb18030", "big5", "cp949",
)  # fmt: skip
SAME = {  # what chardet calls pages of which a usual one has all letters, or which differ in signs
    "iso8859-1": "cp1252", "iso8859-15": "cp1252", "iso8859-9": "cp1254", "iso8859-13": "cp1257",
    "iso8859-7": "cp1253", "iso8859-8": "cp1255", "iso8859-6": "cp1256", "koi8-u": "koi8-r",
    "koi8-t": "koi8-r", "cp858": "cp850", "cp1125": "cp866", "shift_jis": "cp932",
    "tis-620": "cp874", "big5hkscs": "big5", "euc_kr": "cp949", "gb2312": "gb18030",
    "gbk": "gb18030",
}  # fmt: skip
OF_DOS, RARE = frozenset({"cp866", "cp852", "cp850", "cp437"}), 0.8
MOST = 2_000  # different words that are looked at
PLAUSIBLE = 0.8  # of the best one's worth: so good is a second reading worth a question
# Of so many words at most: what chardet's lead over our two pages has to be, and between those two.
LEADS = ((1, 2.5, 3.5), (5, 1.2, 3.5), (20, 1.2, 1.8), (MOST, 1.2, 1.25))
JOINTS = frozenset("'’‘`´-–—.·")  # stand in words, or between them
WIDE = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"})


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest code page; another plausible one, and a word that tells them apart."""

    encoding: str
    other: str | None = None
    word: bytes = b""


def guess(words: Mapping[bytes, int]) -> Guess:
    """The code page of words, each with how often it comes; each has a byte beyond ASCII."""
    some = dict(sorted(words.items(), key=lambda item: -item[1])[:MOST])
    worth = _worth(some)
    first = max(worth, key=lambda page: (round(worth[page], 4), -USUAL.index(page)))
    best = _by_our_own(worth, some) if _is_near(worth, first, len(some)) else first
    best = next(page for page in USUAL if page == best or not _telling(some, page, best))
    others = sorted(worth, key=worth.__getitem__, reverse=True)
    for page in (one for one in others if one != best and worth[one] >= PLAUSIBLE * worth[best]):
        if word := _telling(some, best, page):
            return Guess(best, page, word)
    return Guess(best)


def is_word(text: str) -> bool:
    """Whether it could be one: letters of one script, and no capital beyond ASCII within.

    Names such as McKay have plain capitals within.
    """
    scripts = {_script(sign) for sign in text if sign.isalpha() or unicodedata.combining(sign)}
    scripts.discard("COMBINING")
    if len(scripts) > 1 and not scripts <= WIDE:
        return False
    if not all(s.isalpha() or s in JOINTS or unicodedata.combining(s) for s in text):
        return False
    pairs = () if text.isupper() else pairwise(text)
    return not any(one.isalpha() and two.isupper() and not two.isascii() for one, two in pairs)


def _worth(words: dict[bytes, int]) -> dict[str, float]:
    """Of each usual page: chardet's confidence, less where words don't come out as words."""
    believed, total = _believed(words), sum(words.values())
    found = {}
    for page in USUAL:
        good = sum(n for word, n in words.items() if is_word(_decoded(word, page)))
        prior = RARE if page in OF_DOS else 1.0
        found[page] = prior * (believed.get(page, 0.0) + 0.005) * (good / total) ** 4
    return found


def _believed(words: dict[bytes, int]) -> dict[str, float]:
    import chardet  # heavy: only for files that aren't UTF-8

    found: dict[str, float] = {}
    text = b" ".join([*words, *reversed(words)])  # of a few words the order would tell
    for answer in chardet.detect_all(text, ignore_threshold=True):
        name = (answer["encoding"] or "").lower().replace("windows-", "cp").replace("ibm", "cp")
        name = name.replace("iso-", "iso").replace("maclatin2", "mac-latin2")
        name = name.replace("maccyrillic", "mac-cyrillic").replace("macroman", "mac-roman")
        name = SAME.get(name, name).replace("euc-jp", "euc_jp").replace("euc-kr", "cp949")
        found[name] = max(found.get(name, 0.0), answer["confidence"])
    return found


def _is_near(worth: Mapping[str, float], best: str, words: int) -> bool:
    """Whether one of the two pages that we know best is nearly as good as the best one.

    Of a few words chardet's opinion doesn't weigh much.
    """
    lead = next(lead for most, lead, _between in LEADS if words <= most)
    return lead * max(worth[WESTERN], worth[BALTIC]) > worth[best]


def _by_our_own(worth: Mapping[str, float], words: Mapping[bytes, int]) -> str:
    high, low = sorted((WESTERN, BALTIC), key=worth.__getitem__, reverse=True)
    lead = next(between for most, _lead, between in LEADS if len(words) <= most)
    return high if worth[high] > lead * worth[low] else western_or_baltic(words)


def _telling(words: Mapping[bytes, int], one: str, other: str) -> bytes:
    """A word that the two pages read differently; empty where there is none."""
    differ = (word for word in words if _decoded(word, one) != _decoded(word, other))
    return next(differ, b"")


def _decoded(word: bytes, page: str) -> str:
    return word.decode(page, "replace")


@cache
def _script(sign: str) -> str:
    return unicodedata.name(sign, "?").partition(" ")[0]


def readings(found: Guess) -> Iterator[str]:
    """The word that tells them apart, in the likelier page and in the other one."""
    for page in (found.encoding, found.other):
        if page:
            yield _decoded(found.word, page)
