"""How the cells of a text file are to be read, as far as a person said or the file shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from core.profiles.sources.codepages import Guess
from core.profiles.sources.column_types import FormerColumn
from core.profiles.sources.conversion import Task

# Words for nothing in text files, unless the source says others. Zero dates always are.
NULL_WORDS = (
    "NULL", "null", r"\N", "N/A", "#N/A", "<NA>", "nan", "NaN", "NaT", "None", "-",
    "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!",
)  # fmt: skip
ZERO_DATES = tuple(
    day + time
    for day in ("0000-00-00", "00.00.0000", "00/00/0000")
    for time in ("", " 00:00:00", " 00:00:00.000", " 00:00:00.000000", "T00:00:00")
)


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the options of a source and the look of its file say about its cells."""

    null_words: Sequence[str] = (*NULL_WORDS, *ZERO_DATES)
    separator: str | None = None  # that the file is cut by
    decimal: str | None = None  # the decimal sign that a person chose
    dates: str | None = None  # the order of dates that a person chose: dmy, mdy, ymd
    guess: Guess | None = None  # of the encoding
    former: Mapping[str, FormerColumn] = field(default_factory=dict)  # at the last reading

    @classmethod
    def of(
        cls,
        task: Task,
        guess: Guess | None = None,
        separator: str | None = None,
        usual_null_words: Sequence[str] = NULL_WORDS,
    ) -> Self:
        """As the options of the source say; the usual null words hold where it says none."""
        chosen = task.options.get("null_words")
        return cls(
            (*(usual_null_words if chosen is None else chosen), *ZERO_DATES),
            separator,
            task.options.get("decimal"),
            task.options.get("dates"),
            guess,
            task.former,
        )

    @property
    def other_encoding(self) -> str | None:
        """Another plausible encoding; None where there is none."""
        return self.guess.other if self.guess else None

    def in_both_encodings(self, text: str) -> str:
        """The text as it is read, and as it would be in the other encoding."""
        if not self.guess or not self.guess.other:
            return text
        raw = text.encode(self.guess.encoding, "replace")
        return f"{text} / {raw.decode(self.guess.other, 'replace')}"
