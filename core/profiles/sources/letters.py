"""Windows' western or Baltic code page: the one whose letters make sense in words."""

from collections.abc import Mapping

WESTERN, BALTIC = "cp1252", "cp1257"
VOWELS = frozenset("aeiouyāēīūąęėįųõäöüéèàâêîïôûùíóúáãåæøëœō")

# Letters that differ between the two pages (Baltic, western) and how much more often a name or
# word of our users' languages holds the first: Latvian, Lithuanian and Estonian against German,
# English and the French, Spanish, Portuguese, Nordic names found among them.
LEANINGS: Mapping[tuple[str, str], float] = {
    ("ā", "â"): 3, ("ē", "ç"): 1, ("ī", "î"): 3, ("š", "ð"): 4, ("ž", "þ"): 4,
    ("ū", "û"): 3, ("ņ", "ò"): 2, ("ļ", "ï"): 2, ("č", "è"): 0.5, ("ķ", "í"): -1,
    ("ģ", "ì"): 2, ("ė", "ë"): 1.5, ("ę", "æ"): 0.5, ("ą", "à"): 0.5, ("į", "á"): -1.5,
    ("ų", "ø"): 0.5, ("ź", "ê"): -2, ("ō", "ô"): -1, ("ń", "ñ"): -3, ("ś", "ú"): -2,
    ("ł", "ù"): 0, ("ż", "ý"): -1, ("ć", "ã"): -2, ("ŗ", "º"): 0.5, ("ø", "¸"): 1, ("æ", "¿"): 1,
}  # fmt: skip
WESTERN_ONLY = frozenset("šžœŸƒ")  # their places are empty in the Baltic page, or hold bare accents
STRONG = 5.0


def western_or_baltic(words: Mapping[bytes, int]) -> str:
    """The likelier code page of these words, each with how often it comes; western when equal."""
    total = sum(_leaning(word) * min(n, 100) for word, n in words.items())
    return BALTIC if total > 0 else WESTERN


def _leaning(word: bytes) -> float:
    """Above zero when the word makes more sense in the Baltic page."""
    baltic = word.decode(BALTIC, "replace").lower()
    western = word.decode(WESTERN, "replace").lower()
    return sum(_letter(baltic, western, i) for i in range(len(word)) if word[i] >= 0x80)


def _letter(baltic: str, western: str, i: int) -> float:
    ours, theirs = baltic[i], western[i]
    if ours == theirs:
        return 0.0
    if theirs in WESTERN_ONLY or ours == "\ufffd":
        return -STRONG
    if theirs == "\ufffd":
        return STRONG
    placed = _placed(baltic, i) - _placed(western, i)
    return LEANINGS.get((ours, theirs), 0.0) + 1.5 * placed + _habit(baltic, i)


def _placed(word: str, i: int) -> float:
    """How well the letter alternates with its neighbours: vowels and consonants take turns."""
    neighbours = [word[k] for k in (i - 1, i + 1) if 0 <= k < len(word)]
    unlike = sum((n in VOWELS) != (word[i] in VOWELS) for n in neighbours)
    return unlike / len(neighbours) if neighbours else 0.5


def _habit(word: str, i: int) -> float:
    """Places that are usual in one reading only, like the ending -ų against the ø of Jørgen."""
    first, last = i == 0, i == len(word) - 1
    if word[i] == "ų":
        return 2.0 if last else -2.0
    if word[i] == "į":
        return 3.0 if first else 0.0
    if word[i] == "ė":
        return -3.0 if not first and word[i - 1] in "ao" else 0.0
    if word[i] == "ē":
        return -2.0 if not last and word[i + 1] in "aou" else 0.0
    return 0.0
