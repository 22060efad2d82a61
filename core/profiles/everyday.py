"""Which values of a source tell nothing of a single person, so that everybody may see them.

That is decided from some of its rows: by what a column holds, by its name, and for texts by how
many people have each of them. Whatever isn't known to be so counts as personal.
"""

import re
from collections.abc import Iterator, Sequence

import polars as pl

from core.columns import column
from core.masking import sentence
from core.profiles.folding import folded
from core.profiles.sources import Kind, Source, translated
from core.profiles.sources.sampled import sampled

SLICES, ROWS = 10, 1_000  # rows that are looked at: from so many places, so many each
TOGETHER = 16  # columns that are read at once, which bounds the memory
LEAST = 5  # people who have a text in common
MOST = 50  # different texts of a column
LONGEST = 60  # characters of such a text
ITS_OWN = 0.9  # different whole numbers a row, 0 to 1, from which on they are ids
NUMBERED = 20  # rows with a number, below which that isn't told

_PARTS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# How words in the names of columns begin, in the languages of those who are likely to use this;
# short ones are whole words.
_BIRTH = "birth born dob geburtstag dzims dzimis sunniaeg"
_NUMBERS = f"""
    {_BIRTH}
    phone tel telephone telefon mobile mobil cell msisdn fax whatsapp talrunis puhelin телефон
    zip postcode postal plz indekss
    id ids uid uuid guid pk ssn iban passport isikukood personas asmens
    ip house lat latitude lon lng long longitude
"""
_TEXTS = f"""
    {_NUMBERS}
    email mail epasts correo courriel почта
    name names firstname lastname fullname surname nickname username login
    vards uzvards vardas pavarde nimi eesnimi perekonnanimi etunimi sukunimi nom prenom nombre
    apellido vorname nachname familienname imie nazwisko nome cognome naam voornaam achternaam
    namn fornamn efternamn navn fornavn etternavn имя фамилия отчество
    address addr street flat apartment adrese iela adresas gatve aadress tanav strasse
    direccion rue calle via ulica osoite gata адрес улица
"""
_PERSONAL = {
    kind: tuple(words.split())
    for kind, words in (
        (Kind.number, _NUMBERS),
        (Kind.date, _BIRTH),
        (Kind.moment, _BIRTH),
        (Kind.text, _TEXTS),
    )
}
_SHORT = 4  # letters of a word that isn't looked for at the beginning of longer ones


def everyday(source: Source) -> dict[str, bool | list[str]]:
    """By column True, or the texts that everybody may see; no others are in it.

    Raises SourceFailed.
    """
    schema = source.schema()
    found: dict[str, bool | list[str]] = {n: True for n, k in schema.items() if k is Kind.boolean}
    names = [n for n, kind in schema.items() if kind in _PERSONAL and not is_personal(n, kind)]
    with translated(source):
        frame: pl.LazyFrame = sampled(source, names)[0].to_native()
        rows = frame.select(pl.len()).collect().item()
        for few in some(frame, names, rows):
            for values in few:
                found[values.name] = _seen(values, schema[values.name])
    return {name: seen for name, seen in found.items() if seen}


def is_personal(name: str, kind: Kind) -> bool:
    """Whether a column of this name that holds this says who somebody is, or where they live."""
    parts = _PARTS.findall(folded(_CAMEL.sub(" ", name)))
    return any(_is_one(part, word) for part in parts for word in _PERSONAL[kind])


def _is_one(part: str, word: str) -> bool:
    return part == word or (len(word) > _SHORT and part.startswith(word))


def some(frame: pl.LazyFrame, names: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
    """Rows of all parts of the source, a few columns at a time."""
    last = rows - ROWS
    whole, starts = rows <= SLICES * ROWS, [last * n // (SLICES - 1) for n in range(SLICES)]
    for first in range(0, len(names), TOGETHER):
        few = frame.select(column(name) for name in names[first : first + TOGETHER])
        slices = [few] if whole else [few.slice(start, ROWS) for start in starts]
        yield pl.concat(pl.collect_all(slices))


def _seen(values: pl.Series, kind: Kind) -> bool | list[str]:
    if kind is Kind.text:
        return _in_common(values)
    full = values.drop_nulls()
    whole = kind is Kind.number and (full == full.cast(pl.Float64).round()).all()
    return not (whole and len(full) >= NUMBERED and full.n_unique() > ITS_OWN * len(full))


def _in_common(values: pl.Series) -> list[str]:
    """Texts that enough people have, of a column with few different ones."""
    texts = values.alias("it").cast(pl.String).drop_nulls()
    return in_common(texts.value_counts(name="n"))


def in_common(counts: pl.DataFrame) -> list[str]:
    """Of texts (it) with how many people have them (n): those that tell of no single person."""
    if len(counts) > MOST:
        return []
    often = counts.filter(pl.col("n") >= LEAST)["it"].to_list()
    return sorted(t for t in often if len(t) <= LONGEST and sentence(t) == t)
