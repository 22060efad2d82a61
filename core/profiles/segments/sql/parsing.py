"""The text of a condition parsed by sqlglot, as one expression and within limits.

Only an expression is parsed, never a statement.
"""

import re
from collections.abc import Iterable

from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from core.errors import Invalid
from core.profiles.segments.rules import LONGEST_SQL
from core.profiles.segments.sql.places import DIALECT, SHOWN, Place, invalid
from core.texts import _

DEEPEST = 20  # brackets within each other
UNSEEN = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\U0010ffff]")


def parsed(text: str) -> exp.Expr:
    """The expression. Raises Invalid, with the place, for what is none, and for what is too deep.

    What may be in it, `reading` says.
    """
    _check_text(text)
    try:
        tokens = DIALECT.tokenize(text)
        _check_tokens(text, tokens)
        found = DIALECT.parser().parse_into(exp.Condition, tokens, text)
    except ParseError as error:
        raise _unexpected(error) from None
    except SqlglotError:
        raise invalid(_("A text, a name or a comment in it isn't closed.")) from None
    except RecursionError:
        raise too_deep() from None
    if len(found) != 1 or found[0] is None:
        raise invalid(_("Write a condition, as in country = 'LV'."))
    return found[0]


def too_deep() -> Invalid:
    """What is said of brackets, or of “not”, within each other."""
    return invalid(_("More than {n} brackets lie within each other.").format(n=DEEPEST))


def is_plain_name(name: str) -> bool:
    """Whether a column can be named without quotes: letters, digits, “_”, and no word of SQL."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return False
    return [token.token_type for token in DIALECT.tokenize(name)] == [TokenType.VAR]


def _check_text(text: str) -> None:
    if len(text) > LONGEST_SQL:
        raise invalid(_("It is longer than {n} characters.").format(n=f"{LONGEST_SQL:,}"))
    if found := UNSEEN.search(text):
        why = _("The character U+{code:04X} can't be seen: take it out.")
        code = ord(found.group())
        raise invalid(why.format(code=code), Place.at(text, found.start()))


def _check_tokens(text: str, tokens: Iterable[Token]) -> None:
    """What no condition has, and brackets: for each of them sqlglot calls itself."""
    depth = 0
    for token in tokens:
        if why := _FOREIGN.get(token.token_type):
            raise invalid(why, Place.at(text, token.start))
        depth += _STEPS.get(token.token_type, 0)
        if depth > DEEPEST:
            raise too_deep()


_PARAMETER = _("Write the value itself in place of a parameter.")
_TEXT = _("Write a text in plain single quotes, as in 'LV'.")
_FOREIGN = {
    TokenType.SEMICOLON: _("A condition is one expression, without “;”."),
    **dict.fromkeys(
        (TokenType.L_BRACE, TokenType.L_BRACKET), _("Only round brackets have a meaning here.")
    ),
    **dict.fromkeys((TokenType.PARAMETER, TokenType.PLACEHOLDER, TokenType.COLON), _PARAMETER),
    **dict.fromkeys(
        (
            TokenType.BIT_STRING,
            TokenType.BYTE_STRING,
            TokenType.HEREDOC_STRING,
            TokenType.HEX_STRING,
            TokenType.NATIONAL_STRING,
            TokenType.RAW_STRING,
            TokenType.UNICODE_STRING,
        ),
        _TEXT,
    ),
}
_STEPS = {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}


def _unexpected(error: ParseError) -> Invalid:
    """sqlglot names the word where it stopped, and the place of its last character."""
    found = error.errors[0]
    word, end = found["highlight"] or "", Place(found["line"] or 1, found["col"] or 1)
    begins = Place(end.line, max(end.column - len(word) + 1, 1))
    why = _("Something is missing at “{word}”.")
    if found["description"].startswith("Invalid expression"):
        why = _("“{word}” isn't expected here.")
    return invalid(why.format(word=word[:SHOWN]), begins)
