"""Phone numbers to E.164, by the rules of the phonenumbers library, a column at a time.

In two ways it is not followed, for it makes numbers of other people: 4.47712E+11 is no number, for
its digits are lost; and 4915123456789 in Germany is no landline in Leer (0491) but the mobile
number with its calling code. Where that may be meant but need not, the number is left out.

Nearly all numbers are decided by patterns made from the library's own tables; what these leave
open (letters, extensions, carrier codes, invalid ones) goes through the library, each text once.
"""

import re
from functools import partial

import phonenumbers
import polars as pl
from phonenumbers import PhoneNumber

from core.profiles.matching.countries import codes
from core.profiles.matching.dialling_codes import REGIONS, Plan, calling_code_pattern, plan, sharing
from core.profiles.matching.legible import ROUNDED

PUNCTUATION = dict.fromkeys(
    (" ", "-", ".", "(", ")", "/", "\xa0"), ""
)  # skipped wherever it stands
PLAIN = r"(?-u)^\+?[0-9]{5,20}$"
PLAIN_IDD = "(?-u)^(?:00)"  # that of most regions: 00 and nothing else
LONGEST = 250  # characters; the library refuses longer texts

NOTHING = pl.DataFrame(schema={"at": pl.get_index_type(), "number": pl.String})
NO_NUMBER = pl.lit(None, dtype=pl.String)
DIGITS = pl.col("digits")


def e164(text: pl.Expr, region: str | pl.Expr | None) -> pl.Expr:
    """The number as +digits, null where it is empty, invalid or rounded by a spreadsheet.

    `region` is for numbers without a calling code: the ISO 3166 code for all, in any case, or for
    each row its country as people write it; None or an unknown one leaves these invalid.
    """
    if isinstance(region, pl.Expr):
        both = pl.struct(text.alias("text"), region.alias("region"))
        return both.map_batches(_by_row, return_dtype=pl.String, is_elementwise=True)
    one = partial(_in_region, region=region.upper() if region else None)
    return text.map_batches(one, return_dtype=pl.String, is_elementwise=True)


def _by_row(both: pl.Series) -> pl.Series:
    frame = both.struct.unnest().with_row_index("at")
    frame = frame.with_columns(region=codes(frame["region"]))
    parts = [
        part.select("at", found=_in_region(part["text"], region if region in REGIONS else None))
        for (region,), part in frame.partition_by("region", as_dict=True).items()
    ]
    return pl.concat(parts).sort("at")["found"] if parts else both.cast(pl.String)


def _in_region(text: pl.Series, region: str | None) -> pl.Series:
    """E.164 for each text: most in one go, then step by step, on ever fewer rows still open."""
    home = plan(region) if region in REGIONS else None
    short = pl.col("text").str.len_chars() <= LONGEST
    given = text.alias("text").to_frame().with_row_index("at").filter(short)
    cleaned = given.with_columns(digits=pl.col("text").str.replace_many(PUNCTUATION))
    quick = _quickly(cleaned, home) if home else cleaned.with_columns(number=NO_NUMBER)
    hard = quick.filter(pl.col("number").is_null()).select("at", "text", "digits")
    if len(hard) == 0 and len(quick) == len(text):
        return quick["number"]
    found = _decided(hard.filter(DIGITS.str.contains(PLAIN)), home)
    still_open = hard.join(found, on="at", how="anti")
    easy = quick.filter(pl.col("number").is_not_null()).select("at", "number")
    return _in_place(pl.concat([easy, found, _by_library(still_open, region)]), len(text))


def _quickly(cleaned: pl.DataFrame, home: Plan) -> pl.DataFrame:
    """With the number where it is plainly one of the home region's; null says nothing yet."""
    number = pl.lit(f"+{home.calling_code}") + pl.col("bare")
    bared = cleaned.with_columns(bare=_bare(home))
    return bared.with_columns(number=pl.when(_domestic(home)).then(number))


def _bare(home: Plan) -> pl.Expr:
    """The digits without the home region's calling code, where one is plainly written."""
    plus = DIGITS.str.strip_prefix(f"+{home.calling_code}")
    if home.idd != PLAIN_IDD:
        return plus
    dialled = DIGITS.str.strip_prefix(f"00{home.calling_code}")
    return pl.when(DIGITS.str.starts_with("+")).then(plus).otherwise(dialled)


def _domestic(home: Plan) -> pl.Expr:
    """The most common case in one go: whether `bare` is a valid number of the home region."""
    if home.leading or sharing(home.calling_code)[0] is not home:
        return pl.lit(False)
    bare = pl.col("bare")
    easy = home.valid(bare) & ~home.prefixed(bare)
    if home.repeats_code:
        easy &= ~bare.str.starts_with(home.calling_code)
    return easy & ~bare.str.contains(home.idd) if home.idd else easy


def _decided(frame: pl.DataFrame, home: Plan | None) -> pl.DataFrame:
    """Decides what it can of the cleaned numbers: +digits or digits."""
    frame = frame.select("at", "digits")
    plus = DIGITS.str.starts_with("+")
    foreign = [frame.filter(plus).with_columns(DIGITS.str.strip_prefix("+"))]
    if home is None:
        return _international(foreign[0])
    local = frame.filter(~plus)
    if home.idd:
        begins = DIGITS.str.contains(home.idd)
        rest = local.filter(begins).with_columns(DIGITS.str.replace(home.idd, ""))
        foreign.append(rest.filter(~DIGITS.str.starts_with("0")))
        local = local.filter(~begins)
    short = DIGITS.str.strip_prefix(home.calling_code)
    own, whole = DIGITS.str.starts_with(home.calling_code), home.possible(DIGITS)
    shortened = own & ~whole & home.possible(short) & ~home.prefixed(short)
    foreign.append(local.filter(shortened))
    local = local.filter(~own | whole)
    decided = [_national(local.filter(~own), home)]
    if home.repeats_code:
        both, short = local.filter(own), DIGITS.str.strip_prefix(home.calling_code)
        foreign.append(both.filter(_complete(short, home)))
        decided.append(_unless_doubtful(both.filter(~_complete(short, home)), home))
    else:
        decided.append(_national(local.filter(own), home))
    return pl.concat([_international(pl.concat(foreign)), *decided])


def _complete(short: pl.Expr, home: Plan) -> pl.Expr:
    """Whether digits that begin with the home's calling code are meant so; `short` is the rest.

    They are if the rest is a mobile number and the whole is none, or the whole is no number at all.
    """
    mobile = home.valid_mobile(short) & ~home.valid_mobile(DIGITS)
    return ~home.prefixed(short) & (mobile | (home.valid(short) & ~home.valid(DIGITS)))


def _unless_doubtful(frame: pl.DataFrame, home: Plan) -> pl.DataFrame:
    """Decides numbers without calling code; null where its digits might be one all the same."""
    short = DIGITS.str.strip_prefix(home.calling_code)
    doubtful = home.valid(short) & home.valid(DIGITS) & ~home.prefixed(short)
    undecided = frame.filter(doubtful).select("at", number=NO_NUMBER)
    return pl.concat([undecided, _national(frame.filter(~doubtful), home)])


def _international(frame: pl.DataFrame) -> pl.DataFrame:
    """Decides numbers that begin with a calling code, without plus."""
    code = DIGITS.str.extract(calling_code_pattern(), 0).alias("code")
    parts = frame.with_columns(code).drop_nulls("code").partition_by("code", as_dict=True)
    decided = [NOTHING]
    for (code,), part in parts.items():
        rest = part.select("at", DIGITS.str.strip_prefix(code))
        decided.append(_national(rest, sharing(code)[0]))
    return pl.concat(decided)


def _national(frame: pl.DataFrame, home: Plan) -> pl.DataFrame:
    """Decides numbers without calling code, dialled within the region `home`."""
    if home.prefix:
        dialled = home.prefixed(DIGITS)
        bare, rest = frame.filter(~dialled), frame.filter(dialled)
        if home.rewriting_group:
            rest = rest.filter(DIGITS.str.extract(home.prefix, home.rewriting_group).is_null())
        rest = rest.with_columns(DIGITS.str.replace(home.prefix, ""))
        frame = pl.concat([bare, rest.filter(home.possible(DIGITS))])
    number = pl.lit(f"+{home.calling_code}") + DIGITS
    decided = [NOTHING]
    for place in sharing(home.calling_code):
        chosen = frame.select("at", "digits", chosen=place.chosen(DIGITS))
        ours, frame = chosen.filter("chosen"), chosen.filter(~pl.col("chosen"))
        valid = place.valid(DIGITS) if place.leading else pl.lit(True)
        decided.append(ours.select("at", number=pl.when(valid).then(number)))
    return pl.concat([*decided, frame.select("at", number=pl.lit(None, dtype=pl.String))])


def _in_place(decided: pl.DataFrame, rows: int) -> pl.Series:
    """The numbers in the order of the rows, null for rows without any."""
    if len(decided) < rows:
        every = pl.select(at=pl.int_range(rows, dtype=pl.get_index_type()))
        missing = every.join(decided, on="at", how="anti")
        decided = pl.concat([decided, missing.with_columns(number=pl.lit(None, dtype=pl.String))])
    return decided.sort("at")["number"]


def _by_library(frame: pl.DataFrame, region: str | None) -> pl.DataFrame:
    texts = frame["text"].unique()
    numbers = pl.Series([_one(text, region) for text in texts], dtype=pl.String)
    return frame.select("at", number=pl.col("text").replace_strict(texts, numbers))


def _one(text: str, region: str | None) -> str | None:
    if re.match(ROUNDED, text):
        return None
    try:
        number = phonenumbers.parse(text, region, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None
    meant = _meant(number)
    if meant is None or not phonenumbers.is_valid_number(meant):
        return None
    return phonenumbers.format_number(meant, phonenumbers.PhoneNumberFormat.E164)


def _meant(number: PhoneNumber) -> PhoneNumber | None:
    """The number, or the one that its digits are with their calling code; None if in doubt."""
    digits, code = phonenumbers.national_significant_number(number), str(number.country_code)
    written = phonenumbers.normalize_digits_only(number.raw_input or "")
    at_home = number.country_code_source == phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY
    if not at_home or not digits.startswith(code) or not written.startswith(digits):
        return number
    whole = phonenumbers.parse(f"+{digits}")
    if not phonenumbers.is_valid_number(whole):
        return number
    if not phonenumbers.is_valid_number(number) or (_is_mobile(whole) and not _is_mobile(number)):
        return whole
    return None


def _is_mobile(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
