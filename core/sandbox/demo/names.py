"""The names of made-up people, country by country."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from core.sandbox.demo.draws import Draws


@dataclass(frozen=True, slots=True)
class Names:
    """A language's names, the usual ones first; a family name may be `his/hers`."""

    women: str
    men: str
    families: str


LATVIAN = Names(
    women="Anna Ilze Inese Kristīne Līga Anita Inga Sandra Dace Ieva Zane Laura Liene Agnese "
    "Baiba Evija Madara Elīna Santa Aija Rūta Gunta Māra Daina Vita Zanda Žanete Ņina Ērika "
    "Ļubova Ģertrūde Skaidrīte Jūlija Katrīna Sofija Emīlija Paula Marta Elza Undīne",
    men="Jānis Andris Juris Edgars Mārtiņš Aivars Guntis Kārlis Pēteris Raivis Artūrs Māris "
    "Kaspars Uldis Valdis Gatis Normunds Ģirts Dāvis Toms Roberts Rihards Ēriks Žanis Ansis "
    "Oskars Gustavs Emīls Krišjānis Ķirils Ints Viesturs Vilnis Ziedonis Zigmārs Lauris",
    families="Bērziņš/Bērziņa Kalniņš/Kalniņa Ozoliņš/Ozoliņa Jansons/Jansone Ozols/Ozola "
    "Liepiņš/Liepiņa Krūmiņš/Krūmiņa Balodis/Balode Eglītis/Eglīte Zariņš/Zariņa "
    "Pētersons/Pētersone Vītols/Vītola Kļaviņš/Kļaviņa Kārkliņš/Kārkliņa Vanags/Vanaga "
    "Šmits/Šmite Āboliņš/Āboliņa Žagars/Žagare Ķēniņš/Ķēniņa Ģēģeris/Ģēģere Siliņš/Siliņa "
    "Lācis/Lāce Zvirbulis/Zvirbule Dūmiņš/Dūmiņa Grīnbergs/Grīnberga Rozītis/Rozīte "
    "Čakste Ūdris/Ūdre Šteinbergs/Šteinberga Ķirsis/Ķirse Priedītis/Priedīte Apsītis/Apsīte "
    "Mežs/Meža Skuja Sproģis/Sproģe Ļaudams/Ļaudama Ņikitins/Ņikitina Ēķis/Ēķe Riekstiņš/Riekstiņa",
)
ESTONIAN = Names(
    women="Anne Tiina Katrin Kadri Liis Õie Külli Mari Piret Ülle Signe Kärt Triinu Säde",
    men="Rein Jüri Andres Tõnu Peeter Märt Ülo Kalle Jaan Toomas Siim Jürgen Sören Priit",
    families="Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves Pärn Koppel Õunapuu Lõhmus Põder "
    "Kütt Jõgi Männik Hallik Üksvärav Käär",
)
LITHUANIAN = Names(
    women="Ona Rūta Eglė Jūratė Živilė Aušra Ieva Gintarė Vaiva Žydrė Lina Agnė Daiva Dovilė",
    men="Jonas Tomas Mindaugas Žygimantas Vytautas Šarūnas Kęstutis Lukas Ąžuolas Darius Algirdas",
    families="Kazlauskas/Kazlauskienė Jankauskas/Jankauskienė Petrauskas/Petrauskaitė "
    "Žukauskas/Žukauskaitė Stankevičius/Stankevičienė Čepaitis/Čepaitytė Šimkus/Šimkutė "
    "Vasiliauskas/Vasiliauskienė Urbonas/Urbonaitė Ąžuolis/Ąžuolytė Grigaliūnas/Grigaliūnienė",
)
GERMAN = Names(
    women="Anna Ursula Käthe Sabine Brigitte Bärbel Zoë Heike Monika Renate Jördis "
    "Sophie Lena Mia Hannah Ulrike Änne Gisela Franziska Katharina Annegret",
    men="Jürgen Günther Jörg Wolfgang Björn Sören Matthias Lukas Rüdiger Thomas Götz Klaus "
    "Maximilian Dieter Kuno Veit Till Heinz-Günter Karl-Heinz Lothar Ägidius",
    families="Weiß Müller Schröder Schäfer Großmann Köhler Krüger Böhm Jäger Weber Wagner Schmidt "
    "Fuß Lößnitz Günzel Hübner Meyer-Löwe Öztürk Überall Vogel Kühn Roß Strauß Brückner",
)
ENGLISH = Names(
    women="Olivia Amelia Emily Charlotte Chloë Zoë Grace Alice Harriet Imogen Freya Renée "
    "Florence Poppy Rosie Daisy Anne-Marie Phoebe Margaret Beatrix",
    men="Oliver George Harry Jack Thomas Noël William James Alfie Edward Arthur Rhys Rupert "
    "Henry Jean-Luc Alexander Theodore Leo Finlay Callum",
    families="Smith Jones Taylor Brown Williams Wilson Johnson Davies Wright Walker D'Arcy "
    "Thompson O'Neill Hughes Clarke Bennett-Reed St.John Brontë Whitaker Ashworth Pemberton",
)
IRISH = Names(
    women="Siobhán Aoife Niamh Róisín Caoimhe Sinéad Gráinne Órla Éabha Máire Bríd Ciara",
    men="Seán Cillian Pádraig Tadhg Oisín Ruairí Séamus Fionn Éamon Dáithí Conor Liam",
    families="O'Connor Murphy Kelly O'Brien Ó'Súilleabháin Byrne Ryan O'Sullivan Walsh Doyle "
    "McCarthy Gallagher O'Doherty Kennedy Ní'Bhriain",
)
SPOKEN: Mapping[str, Names] = {
    "LV": LATVIAN,
    "EE": ESTONIAN,
    "LT": LITHUANIAN,
    "DE": GERMAN,
    "AT": GERMAN,
    "GB": ENGLISH,
    "IE": IRISH,
}
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}  # as Germans write them in addresses


def named(frame: pl.LazyFrame, draw: Draws) -> pl.LazyFrame:
    """With first_name and last_name that fit the country, and both as an address writes them."""
    frame = frame.with_columns(woman=draw.share("woman") < 0.54)
    for column, table in (("first_name", _firsts()), ("last_name", _families())):
        size = table.group_by("country", "woman").agg(size=pl.len())
        known = frame.join(size.lazy(), on=["country", "woman"], how="left", maintain_order="left")
        # The square makes the first names of a list the usual ones.
        place = (draw.share(column).pow(1.6) * pl.col("size")).floor().cast(pl.UInt32)
        chosen = table.rename({"name": column, "mail": f"{column} in mail"})
        keys = ["country", "woman", "place"]
        known = known.with_columns(place=place)
        frame = known.join(chosen.lazy(), on=keys, how="left", maintain_order="left")
        frame = frame.drop("place", "size")
    return frame


def _firsts() -> pl.DataFrame:
    return _table(
        (country, woman, name)
        for country, names in SPOKEN.items()
        for woman, given in ((True, names.women), (False, names.men))
        for name in given.split()
    )


def _families() -> pl.DataFrame:
    return _table(
        (country, woman, family.split("/")[-1 if woman else 0])
        for country, names in SPOKEN.items()
        for woman in (True, False)
        for family in names.families.split()
    )


def _table(rows: Iterator[tuple[str, bool, str]]) -> pl.DataFrame:
    """country, woman, place in the list, name, and mail: the name in the letters a to z."""
    frame = pl.DataFrame(rows, schema=["country", "woman", "name"], orient="row")
    lower = pl.col("name").str.to_lowercase().str.replace_all("ß", "ss", literal=True)
    german = lower.str.replace_many(UMLAUTS)
    spelled = pl.when(pl.col("country").is_in(["DE", "AT"])).then(german).otherwise(lower)
    return frame.with_columns(
        place=pl.int_range(pl.len(), dtype=pl.UInt32).over("country", "woman"),
        mail=spelled.str.normalize("NFD").str.replace_all("[^a-z]", ""),
    )
