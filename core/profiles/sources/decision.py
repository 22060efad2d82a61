"""How each text column is read, decided from the evidence of all of them.

What its own cells leave open, such as the decimal sign of “1.234”, the other columns may decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from core.profiles.sources.column_types import (
    FRACTIONAL,
    GROUPS,
    ORDERS,
    SIGNS,
    Column,
    FormerColumn,
    Type,
)
from core.profiles.sources.evidence import Evidence, both_orders, other_orders
from core.profiles.sources.reading_options import ReadingOptions


def decided(evidence: Mapping[str, Evidence], options: ReadingOptions) -> Mapping[str, Column]:
    """How each column is read."""
    ruled_out = other_orders(options.dates)
    proven = {name: shown.proven_types() - ruled_out for name, shown in evidence.items()}
    conventions = _Conventions.of(evidence, proven, options)
    return {
        name: _as_before(
            shown,
            options.former.get(name),
            _column(shown, conventions.type_of(shown, proven[name])),
        )
        for name, shown in evidence.items()
    }


def decimal_sign(columns: Mapping[str, Column]) -> str | None:
    """The decimal sign that the numbers among these columns have, if any has one."""
    types = {column.of for column in columns.values()}
    return next((sign for sign, of in SIGNS.items() if of in types), None)


def _column(evidence: Evidence, of: Type) -> Column:
    odd = evidence.filled - evidence.fitting[of] if of in evidence.fitting else 0
    return Column(of, odd, evidence.null_words, evidence.guarded)


def _as_before(evidence: Evidence, former: FormerColumn | None, column: Column) -> Column:
    """The column as it was at the last reading, as far as most of its cells still are.

    What all cells prove wins, but whole numbers stay whole beside a fraction.
    """
    if former is None or former.of is Type.text or evidence.rounded:
        return column
    was_whole = former.whole or former.of is Type.whole
    if evidence.fitting.get(former.of) == evidence.filled:
        return replace(column, of=former.of, odd=0, whole=former.whole)
    if column.odd == 0 and column.of is not Type.text:
        return replace(column, whole=was_whole and column.of in FRACTIONAL)
    likely = [former.of, *(SIGNS.values() if was_whole else ())]
    of = max(likely, key=lambda one: evidence.fitting.get(one, 0))
    fitting = evidence.fitting.get(of, 0)
    if 2 * fitting <= evidence.filled:
        return column
    whole = was_whole and of is not Type.whole
    return replace(column, of=of, odd=evidence.filled - fitting, whole=whole)


@dataclass(frozen=True, slots=True)
class _Conventions:
    """What a file does alike in all columns, as far as it was said or shows."""

    decimal_said: str | None
    dates_said: str | None
    decimal: str | None  # said, or shown by some columns
    dates: str | None
    separator: str | None

    @classmethod
    def of(
        cls,
        evidence: Mapping[str, Evidence],
        proven: Mapping[str, frozenset[Type]],
        options: ReadingOptions,
    ) -> Self:
        """From the types that the columns prove."""
        return cls(
            options.decimal,
            options.dates,
            options.decimal or _common_decimal(evidence, proven),
            options.dates or _common_order(proven),
            options.separator,
        )

    def type_of(self, evidence: Evidence, proven: frozenset[Type]) -> Type:
        """The first proven type, and of two decimal signs or orders of days the right one."""
        if Type.whole in proven:
            return Type.whole
        if number := self._number_type(evidence, proven):
            return number
        others = proven - FRACTIONAL
        if both_orders(others):
            order = self.dates_said or ("dmy" if evidence.dotted_days else self.dates)
            others -= other_orders(order) if order else ORDERS["dmy"] | ORDERS["mdy"]
        return next((of for of in Type if of in others), Type.text)

    def _number_type(self, evidence: Evidence, proven: frozenset[Type]) -> Type | None:
        """Numbers with the right sign; None where they are none, or better left as text.

        “1.234” alone doesn't tell: what the other columns show decides, and failing that the look
        of the file. Groups parted by spaces are numbers only beside a clear decimal sign: phone
        numbers look alike.
        """
        for sign in (self.decimal_said,) if self.decimal_said else SIGNS:
            if evidence.proves_decimal(sign, proven):
                return SIGNS[sign]
            if self.decimal_said is None and evidence.proves_thousands(sign):
                return GROUPS[sign]
        if "spaced" in evidence.marks:
            return None
        if self.decimal:
            return SIGNS[self.decimal] if SIGNS[self.decimal] in proven else None
        return self._number_type_by_separator(evidence.marks, proven)

    def _number_type_by_separator(
        self, marks: frozenset[str], proven: frozenset[Type]
    ) -> Type | None:
        """Numbers with the decimal sign that files cut in this way have.

        Those cut by commas have dots, but whoever writes 987 beside 1.234 may part thousands.
        """
        dotted = self.separator == "," and "short" not in marks
        if Type.dot in proven and "commas" not in marks and (dotted or Type.comma not in proven):
            return Type.dot
        if Type.comma in proven and "dots" not in marks and self.separator != ",":
            return Type.comma
        return None


def _common_decimal(
    evidence: Mapping[str, Evidence], proven: Mapping[str, frozenset[Type]]
) -> str | None:
    """The decimal sign of all columns that prove one; None where they differ."""
    clear = {
        sign
        for sign in SIGNS
        for name, shown in evidence.items()
        if shown.proves_decimal(sign, proven[name])
    }
    return clear.pop() if len(clear) == 1 else None


def _common_order(proven: Mapping[str, frozenset[Type]]) -> str | None:
    """The order of days and months of all columns that prove one; None where they differ."""
    clear = {
        order
        for types in proven.values()
        if not both_orders(types)
        for order in ("dmy", "mdy")
        if types & ORDERS[order]
    }
    return clear.pop() if len(clear) == 1 else None
