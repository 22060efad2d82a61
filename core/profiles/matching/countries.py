"""Countries as people and programs write them: codes of two or three letters, names, short forms.

The names are those of Unicode's CLDR by babel: in English, and in the official languages of all
countries.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from threading import Lock

import polars as pl
from babel import Locale, localedata
from babel.core import get_global
from babel.languages import get_official_languages

from core.profiles.matching.dialling_codes import REGIONS

# Usual names that CLDR has in none of these languages, folded as `_folded` does.
USUAL = {
    **dict.fromkeys(("greatbritain", "britain", "england", "scotland", "wales"), "GB"),
    **dict.fromkeys(("northernireland", "unitedkingdomofgreatbritainandnorthernireland"), "GB"),
    **dict.fromkeys(("unitedstatesofamerica", "america", "estadosunidosdeamerica"), "US"),
    **dict.fromkeys(("uae", "vae"), "AE"),
    **dict.fromkeys(("czechrepublic", "tschechischerepublik"), "CZ"),
    **dict.fromkeys(("holland", "paysbas"), "NL"),
    **dict.fromkeys(("korea", "republicofkorea", "korearepublicof"), "KR"),
    **dict.fromkeys(("brd", "bundesrepublikdeutschland"), "DE"),
    "oesterreich": "AT",
    "belarusrepublicof": "BY",
    "boliviaplurinationalstateof": "BO",
    "burma": "MM",
    "capeverde": "CV",
    "eire": "IE",
    "el": "GR",  # the European Union's code
    "hongkong": "HK",
    "iranislamicrepublicof": "IR",
    "ivorycoast": "CI",
    "macau": "MO",
    "macedonia": "MK",
    "moldovarepublicof": "MD",
    "russianfederation": "RU",
    "slovakrepublic": "SK",
    "swaziland": "SZ",
    "syrianarabrepublic": "SY",
    "taiwanprovinceofchina": "TW",
    "tanzaniaunitedrepublicof": "TZ",
    "turkey": "TR",
    "venezuelabolivarianrepublicof": "VE",
    "vietnam": "VN",
}

# polars calls from several threads, and babel changes what it has loaded while it is looked up.
_ONE_AT_A_TIME = Lock()


def codes(texts: pl.Series) -> pl.Series:
    """The ISO 3166 code of two letters for each text; null where it isn't understood, or empty."""
    texts = texts.alias("it")  # polars takes some names for patterns
    some = texts.drop_nulls().unique()
    with _ONE_AT_A_TIME:
        found = pl.Series([code(text) for text in some], dtype=pl.String)
    return texts.replace_strict(some, found, default=None, return_dtype=pl.String)


@cache
def code(text: str) -> str | None:
    """The ISO 3166 code of two letters of the country that the text names, None for none."""
    folded = _folded(text)
    if found := _codes().get(folded.upper()):
        return found
    bare = folded.removeprefix("the").removeprefix("republicof")
    for names in (_english, _of_all_languages):
        if found := names().get(folded) or names().get(bare):
            return found
    return None


@cache
def names() -> Mapping[str, str]:
    """The English name of each country that has phone numbers, by its code; in their order."""
    return dict(sorted(_named("en"), key=lambda pair: _folded(pair[1])))


@cache
def _codes() -> Mapping[str, str]:
    """Codes of two letters, of three, and others that were or are in use, such as UK."""
    aliases: Mapping[str, list[str]] = get_global("territory_aliases")
    other = {old: new[0] for old, new in aliases.items() if len(new) == 1 and new[0] in REGIONS}
    return other | {name: name for name in REGIONS}


@cache
def _english() -> Mapping[str, str]:
    return {_folded(name): code for code, name in _named("en")} | USUAL


@cache
def _of_all_languages() -> Mapping[str, str]:
    """Names that stand for one country only. Takes a third of a second, once."""
    found: dict[str, set[str]] = defaultdict(set)
    spoken = {
        language
        for country in REGIONS
        for language in get_official_languages(country, de_facto=True)
    }
    for language in filter(localedata.exists, spoken):
        for code, name in _named(language):
            found[_folded(name)].add(code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _named(language: str) -> Iterator[tuple[str, str]]:
    territories = Locale.parse(language).territories.items()
    return ((code, name) for code, name in territories if code in REGIONS)


def _folded(name: str) -> str:
    """Letters and digits alone, small and without marks: “Côte d’Ivoire” is cotedivoire."""
    plain = unicodedata.normalize("NFKD", name.replace("&", "and")).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
