"""Where made-up people live: cities, their post codes, and the telephone numbers of the country."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from core.sandbox.demo.draws import Draws

# How many of a thousand people, country, city, post code (each # a digit)
CITIES = """
230 LV Rīga LV-10##
52 LV Daugavpils LV-54##
48 LV Liepāja LV-34##
38 LV Jelgava LV-30##
34 LV Jūrmala LV-20##
30 LV Ventspils LV-36##
26 LV Rēzekne LV-46##
24 LV Valmiera LV-42##
20 LV Cēsis LV-41##
18 LV Ogre LV-50##
74 EE Tallinn 10###
34 EE Tartu 50###
14 EE Pärnu 80###
8 EE Võru 65###
8 EE Jõhvi 41###
62 LT Vilnius LT-01###
34 LT Kaunas LT-44###
18 LT Klaipėda LT-91###
12 LT Šiauliai LT-76###
6 LT Panevėžys LT-35###
20 DE Berlin 10###
12 DE München 80###
10 DE Köln 50###
8 DE Leipzig 041##
8 DE Dresden 010##
6 DE Lübeck 235##
6 DE Düsseldorf 402##
5 DE Weißenfels 066##
5 DE Görlitz 028##
22 GB London SW1A #AA
12 GB Manchester M1 #AE
8 GB Leeds LS1 #BW
8 GB Edinburgh EH1 #RF
6 GB Cardiff CF10 #AT
4 GB Stoke-on-Trent ST4 #QX
14 IE Dublin D02 X2##
8 IE Cork T12 Y3##
8 IE Dún Laoghaire A96 P5##
22 AT Wien 10#0
8 AT Graz 80##
5 AT Linz 40##
5 AT Sankt Pölten 31##
"""


@dataclass(frozen=True, slots=True)
class Dialling:
    """How numbers are dialled in a country: areas of so many numbers, taken one by one."""

    code: str
    trunk: str  # dialled before the area within the country
    areas: tuple[str, ...]  # with a slash where the subscriber's number begins with digits too
    digits: int  # that are free


def _some(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DIALLING: Mapping[str, Dialling] = {
    "LV": Dialling("371", "", tuple(str(a) for a in range(2000, 3000) if a // 100 != 23), 4),
    "EE": Dialling("372", "", tuple(map(str, range(5000, 6000))), 4),
    "LT": Dialling("370", "8", tuple(map(str, range(600, 700))), 5),
    # Numbers that the Bundesnetzagentur keeps free for films
    "DE": Dialling("49", "0", _some("30/23125 69/90009 40/66969 221/4710 89/99998"), 3),
    # Numbers that Ofcom keeps free for drama
    "GB": Dialling(
        "44",
        "0",
        _some("20/79460 113/4960 114/4960 116/4960 117/4960 118/4960 121/4960 131/4960 141/4960")
        + _some("151/4960 161/4960 191/4980 28/96496 29/20180"),
        3,
    ),
    "IE": Dialling("353", "0", _some("830 850 860 870 890"), 6),
    "AT": Dialling("43", "0", _some("650 660 664 676 680 699"), 7),
}
STEP, SHIFT = 7_919, 613  # primes, so that neighbours' numbers are far apart and none comes twice


def settled(frame: pl.LazyFrame, draw: Draws) -> pl.LazyFrame:
    """With country, city and postcode."""
    cities = _cities()
    place = draw.below("city", len(cities))
    frame = frame.with_columns(
        pl.lit(cities[column]).gather(place).alias(column)
        for column in ("country", "city", "postcode")
    )
    code = pl.col("postcode")
    for place_of_digit in range(3):
        digit = draw.below(f"postcode {place_of_digit}", 10).cast(pl.String)
        code = code.str.replace("#", digit, literal=True)
    return frame.with_columns(postcode=code)


def reachable(frame: pl.LazyFrame, draw: Draws) -> pl.LazyFrame:
    """With phone, as people type it: no number twice, null where someone gave none."""
    plans = _plans()
    rank = pl.int_range(pl.len(), dtype=pl.UInt64).over("country")
    frame = frame.with_columns(rank=rank).join(plans.lazy(), on="country", maintain_order="left")
    turn, area = pl.col("rank") // pl.col("areas"), pl.col("rank") % pl.col("areas")
    frame = frame.with_columns(
        place=area,
        number=((turn + 1) * STEP + area * SHIFT) % pl.col("room"),
        given=turn < pl.col("room"),
    ).join(_areas().lazy(), on=["country", "place"], how="left", maintain_order="left")
    given = pl.col("given") & (draw.share("phone given") < 0.82)
    phone = pl.when(given).then(_typed(draw))
    return frame.with_columns(phone=phone).drop(*plans.columns[1:], *HELPING)


HELPING = ("rank", "place", "number", "given", "area", "start")


def _typed(draw: Draws) -> pl.Expr:
    """A number in one of the ways in which people write theirs."""
    code, trunk, area = pl.col("code"), pl.col("trunk"), pl.col("area")
    padded = pl.col("number").cast(pl.String).str.pad_start(7, "0")
    number = pl.col("start") + padded.str.tail(pl.col("digits"))
    bracketed = pl.format("({}{}) {}", trunk, area, number)
    ways = [
        pl.format("+{} {} {}", code, area, number),
        pl.format("{}{}{}", trunk, area, number),
        pl.format("00{}{}{}", code, area, number),
        pl.format("+{}{}{}", code, area, number),
        pl.format("{}{} {}", trunk, area, number),
        pl.when(trunk != "").then(bracketed).otherwise(pl.format("{} {}", area, number)),
    ]
    way = draw.below("phone way", len(ways))
    return pl.coalesce(pl.when(way == at).then(text) for at, text in enumerate(ways))


def _cities() -> pl.DataFrame:
    """A thousand rows, each city as often as people live there."""
    lines = [line.split(maxsplit=2) for line in CITIES.strip().splitlines()]
    frame = pl.DataFrame(lines, schema=["weight", "country", "rest"], orient="row")
    rest = pl.col("rest").str.extract_groups(r"^(?<city>.+?) (?<postcode>\S*[0-9#]\S*(?: \S+)?)$")
    frame = frame.with_columns(rest).unnest("rest")
    times = pl.col("weight").cast(pl.UInt32)
    return frame.select(pl.col("country", "city", "postcode").repeat_by(times).explode())


def _plans() -> pl.DataFrame:
    rows = [
        (country, plan.code, plan.trunk, plan.digits, 10**plan.digits, len(plan.areas))
        for country, plan in DIALLING.items()
    ]
    columns = ["country", "code", "trunk", "digits", "room", "areas"]
    return pl.DataFrame(rows, schema=columns, orient="row").cast(
        {"room": pl.UInt64, "areas": pl.UInt64}
    )


def _areas() -> pl.DataFrame:
    rows = [
        (country, place, *area.partition("/")[::2])
        for country, plan in DIALLING.items()
        for place, area in enumerate(plan.areas)
    ]
    frame = pl.DataFrame(rows, schema=["country", "place", "area", "start"], orient="row")
    return frame.cast({"place": pl.UInt64})
