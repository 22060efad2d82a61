"""One look at rows of text: the evidence of their columns, counted in one query."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from core.profiles.sources.column_types import Type
from core.profiles.sources.evidence import MARKS, Evidence
from core.profiles.sources.questions import Cell, Questions, is_number
from core.profiles.sources.reading_options import ReadingOptions

STACKED_CELLS = 1 << 20  # at most, of columns that are asked one below the other
STACK = "cell"  # the column in which they stand
# In a stack the expressions of Cell are columns: computed once for all questions.
STACKED = Cell(pl.col(STACK), pl.col("bare"), pl.col("filled"), pl.col("number"))

Candidates = Mapping[str, frozenset[Type]]  # by column, the types that its cells may have


@dataclass(frozen=True, slots=True)
class Query:
    """Rows whose columns are asked for evidence; a DataFrame where there are many columns."""

    rows: pl.LazyFrame | pl.DataFrame
    options: ReadingOptions
    in_full: AbstractSet[str]  # the columns of which also is asked what decides between types

    def evidence(self, candidates: Candidates) -> dict[str, Evidence]:
        """What each column shows; where guards turn up, what it shows without them."""
        found = self._answers(candidates, guarded=False)
        again = {name: candidates[name] for name, shown in found.items() if shown.guarded}
        return {**found, **self._answers(again, guarded=True)}

    def _answers(self, candidates: Candidates, *, guarded: bool) -> dict[str, Evidence]:
        if isinstance(self.rows, pl.DataFrame):
            return dict(self._stacked(self.rows, candidates, guarded=guarded))
        return self._side_by_side(self.rows, candidates, guarded=guarded)

    def _side_by_side(
        self, rows: pl.LazyFrame, candidates: Candidates, *, guarded: bool
    ) -> dict[str, Evidence]:
        """All columns in one query. An answer is named by the place of its column."""
        counts = [
            answer.sum().alias(f"{place}:{question}")
            for place, (name, types) in enumerate(candidates.items())
            for question, answer in self._questions(name, types).about(
                self._cell(name, guarded=guarded), self.options, guarded=guarded
            )
        ]
        if not counts:
            return {}
        found = rows.select(counts).collect(engine="streaming").row(0, named=True)
        by_place = groupby(found.items(), key=lambda item: item[0].partition(":")[0])
        answers = [{key.partition(":")[2]: n for key, n in group} for _place, group in by_place]
        pairs = zip(candidates.items(), answers, strict=True)
        return {name: evidence_of(types, counted) for (name, types), counted in pairs}

    def _stacked(
        self, rows: pl.DataFrame, candidates: Candidates, *, guarded: bool
    ) -> Iterator[tuple[str, Evidence]]:
        """Columns with the same questions one below the other: each costs too much alone."""
        groups: dict[Questions, list[str]] = {}
        for name, types in candidates.items():
            groups.setdefault(self._questions(name, types), []).append(name)
        most = max(STACKED_CELLS // max(rows.height, 1), 1)
        cell = self._cell(STACK, guarded=guarded)
        for questions, names in groups.items():
            wanted = questions.about(STACKED, self.options, guarded=guarded)
            answers = [answer.alias(question) for question, answer in wanted]
            for start in range(0, len(names), most):
                some = names[start : start + most]
                for name, counts in zip(
                    some, _counts_of_stack(rows, some, cell, answers), strict=True
                ):
                    yield name, evidence_of(questions.types, counts)

    def _questions(self, name: str, types: frozenset[Type]) -> Questions:
        return Questions(types, name in self.in_full)

    def _cell(self, name: str, *, guarded: bool) -> Cell:
        return Cell.of(name, self.options.null_words, guarded=guarded)


def evidence_of(types: frozenset[Type], counts: Mapping[str, Any]) -> Evidence:
    """From how many cells said yes to each question; a count is None where there are no cells."""

    def count(question: str) -> int:
        return counts.get(question) or 0

    return Evidence(
        rows=count("rows"),
        blank=count("blank"),
        null_words=count("null_words"),
        filled=count("filled"),
        doubtful_letters=count("doubtful_letters"),
        guarded=bool(count("guarded")),
        fitting={of: count(of) for of in types},
        without_digits=count("without_digits"),
        codes=count("codes"),
        rounded=count("rounded"),
        quantities=count("quantities"),
        dotted_days=bool(count("dotted_days")),
        marks=frozenset(mark for mark in MARKS if count(mark)),
    )


def _counts_of_stack(
    rows: pl.DataFrame, names: Sequence[str], cell: Cell, answers: Sequence[pl.Expr]
) -> list[dict[str, Any]]:
    """For each of these columns how many of its cells say yes."""
    raw = pl.concat([rows[name].alias(STACK) for name in names]).to_frame()
    cells = raw.with_columns(bare=cell.bare, filled=cell.filled)
    if any("number" in answer.meta.root_names() for answer in answers):
        cells = cells.with_columns(number=is_number(STACKED.filled))
    found = cells.lazy().select(answers).collect(engine="streaming")
    counts = {
        yes.name: yes.fill_null(False).to_numpy().reshape(len(names), -1).sum(axis=1).tolist()
        for yes in found
    }
    return [{key: counts[key][place] for key in counts} for place in range(len(names))]
