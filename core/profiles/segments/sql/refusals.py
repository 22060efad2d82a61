"""What a condition can't have, by its name, and what can be written instead."""

from collections.abc import Mapping
from typing import Any

from sqlglot import exp
from sqlglot.errors import ErrorLevel

from core.profiles.segments.sql.places import DIALECT, SHOWN, Refused
from core.texts import _

PLAIN = _("Rules compare a column with a value, as in country = 'LV' or total > 100.")
ANY_CASE = _("Rules tell capitals from small letters; any case is column ilike 'lv'.")
EMPTY = _(
    "Whoever has nothing there is found by column is null, as in total < 100 or total is null."
)
TEXT = _("Write a text as one, as in 'LV'.")
DAY = _("Rules compare whole days: current_date, or date '2026-01-31'.")
BACK = _("Write current_date - interval '90 days'.")
JOIN = _("Other tables can be joined in the source.")

INSTEAD: Mapping[type[Any], str] = {
    exp.Column: _(
        "A column can't be compared with another one; compute that in the source's query. A text "
        "is in single quotes, as in 'LV'."
    ),
    exp.Null: _("Nothing equals null: write column is null, or column is not null."),
    exp.Boolean: _("Write a condition on a column, as in active or not active."),
    exp.Lower: ANY_CASE,
    exp.Upper: ANY_CASE,
    exp.Trim: _("Blanks at either end count; column ~ '^\\s*LV\\s*$' leaves them out."),
    exp.Length: _("A text's length is compared by column ~ '^.{3,10}$'."),
    exp.Coalesce: EMPTY,
    exp.If: _("Join the cases by and, or and not."),
    exp.Case: _("Join the cases by and, or and not."),
    exp.Abs: _("Write column between -10 and 10, or column not between -10 and 10."),
    exp.StrPosition: _("Write column like '%text%'."),
    exp.Cast: _("Values are compared as what the column holds; the source says what that is."),
    exp.Subquery: JOIN,
    exp.Select: JOIN,
    exp.Exists: JOIN,
    exp.Concat: TEXT,
    exp.DPipe: TEXT,
    exp.CurrentTimestamp: DAY,
    exp.Localtimestamp: DAY,
    exp.Date: DAY,
    exp.DateSub: BACK,
    exp.CurrentTime: DAY,
    exp.Interval: BACK,
    exp.Add: _("Days are counted back from today only, and columns aren't computed with."),
    exp.Extract: _("Write column between date '2026-01-01' and date '2026-12-31'."),
    exp.SimilarTo: _("Write column ~ 'pattern', a regular expression."),
    exp.Glob: _("Write column like 'LV%', or column ~ 'pattern'."),
    exp.Collate: _("Texts are compared letter by letter, without collations."),
}


def refused(node: exp.Expr, why: str | None = None) -> Refused:
    """The refusal of an expression, by the words that SQL has for it."""
    if why is None:
        why = INSTEAD.get(type(node), PLAIN)
    return Refused(node, _("{what} can't be used here. {why}").format(what=_name(node), why=why))


def _name(node: exp.Expr) -> str:
    """As it is written, shortly."""
    if named := _NAMES.get(type(node)):
        return named
    if isinstance(node, exp.Anonymous):
        return f"“{str(node.this)[:SHOWN]}(…)”"
    if isinstance(node, exp.Column):
        return f"“{node.name[:SHOWN]}”"
    if isinstance(node, exp.Func):
        return f"“{node.sql_name().lower()}(…)”"
    written = node.sql(DIALECT, unsupported_level=ErrorLevel.IGNORE)
    return f"“{written[:SHOWN]}{'…' if len(written) > SHOWN else ''}”"


_NAMES: Mapping[type[Any], str] = {
    exp.Null: "“null”",
    exp.Boolean: "“true” or “false” alone",
    exp.Subquery: "“(select …)”",
    exp.Select: "“select”",
    exp.Literal: _("A value alone"),
    exp.Interval: "“interval”",
    exp.Case: "“case”",
}
