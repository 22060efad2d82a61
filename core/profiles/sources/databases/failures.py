"""What a database or its driver refuses, as a sentence: what, where, what to do; never a secret."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.profiles.sources.databases.address import Address
from core.texts import _


@dataclass(frozen=True, slots=True)
class Failure:
    """A kind of failure: by its SQLSTATE or the driver's words, and what is said of it."""

    states: frozenset[str]
    words: re.Pattern[str]
    text: str


def _kind(states: str, words: str, text: str) -> Failure:
    return Failure(frozenset(states.split()), re.compile(words, re.IGNORECASE), text)


# The first that fits counts.
KINDS: Sequence[Failure] = (
    _kind(
        "",
        r"out of range in \W*exp\(|letters that are not composed",  # see `words`
        _(
            "A text that rules compare has letters that aren't composed, as e and an accent of its "
            "own, and {engine} can't compose them. Store that column composed (NFC)."
        ),
    ),
    _kind(
        "",
        r"translate host name|name or service not known|getaddrinfo|unknown .*server host|nodename"
        r"|dns resolution failed",
        _("No server of the name “{host}” is known. Correct the host."),
    ),
    _kind(
        "28P01 28000",
        r"password authentication failed|no password supplied|access denied for user .*password"
        r"|pg_hba|role .* does not exist|1045",
        _("{host} doesn't let “{user}” in: the user or the password isn't right. Correct them."),
    ),
    _kind(
        "42S21",
        r"duplicate column name|incorrect column name",
        _(
            "Two columns have the same name, or one has none: {why}. Give each a name of its own "
            "(AS)."
        ),
    ),
    _kind(
        "3D000",
        r"database \S+ does not exist|unknown database",
        _("There is no database “{database}” on {host}. Correct its name."),
    ),
    _kind(
        "",
        r"unable to open database file|no such file|cannot open (database|file).*(does not exist"
        r"|no such)",
        _("There is no file {database}, or it can't be opened. Correct the path."),
    ),
    _kind(
        "",
        r"not a database|not a valid duckdb database|disk image is malformed",
        _("{database} is no file of {engine}, or it is damaged. Correct the path."),
    ),
    _kind(
        "",
        r"could not set lock|database is locked|conflicting lock",
        _(
            "The source's file {database} is locked: another program is writing to it, or keeps "
            "others out while it has it open. Try again once it has finished, or close it there."
        ),
    ),
    _kind(
        "",
        r"does(n't| not) support (SSL|it\b)",
        _(
            "{host} offers no TLS, which the options demand. Switch it on there, or leave it out "
            "of the options if nobody else is on the network in between."
        ),
    ),
    _kind(
        "",
        r"certificate.*does not match|hostname mismatch|ip address mismatch|not valid for",
        _(
            "The certificate of {host} is for another name: {why}. Use the name that is in it as "
            "the host."
        ),
    ),
    _kind(
        "",
        r"certificate has expired",
        _("The certificate of {host} has expired. Have it renewed."),
    ),
    _kind(
        "",
        r"certificate verify failed",
        _(
            "The certificate of {host} has expired, or isn't signed by an authority that the "
            "options trust: {why}. Check its dates, and sslrootcert (MariaDB: ssl_ca)."
        ),
    ),
    _kind(
        "",
        r"certificate|\bSSL\b|\bTLS\b",
        _(
            "The connection to {host} can't be made by TLS as it was set up: {why}. Check the "
            "server's certificate and the options."
        ),
    ),
    _kind(
        "57014 HYT00 70100",
        r"statement timeout|statement time-?out|max_statement_time|maximum statement execution",
        _(
            "{host} took more than {seconds} seconds for a query, so it was stopped. Make it "
            "quicker, by an index or a smaller table, or allow more with SEGFERRY_READING_TIME."
        ),
    ),
    _kind(
        "",
        r"timeout expired|timed out|connection refused|can't connect|no route to host|unreachable"
        r"|failed to connect",
        _(
            "Nothing answers at {host}{port}. Check host and port, whether the database runs, and "
            "whether it can be reached from here."
        ),
    ),
    _kind(
        "42501",
        r"permission denied|command denied|not authorized|access denied",
        _(
            "“{user}” may not read it: {why}. Grant that role the right to SELECT "
            "(docs/sources.md has the statements)."
        ),
    ),
    _kind(
        "42P01 42S02",
        r"no such table|table .* does not exist|relation .* does not exist|table .* doesn't exist",
        _("The table isn't there (any more): {why}. Correct the source, or create the table."),
    ),
    _kind(
        "42703 42S22",
        r"no such column|does not have a column|referenced column|unknown column"
        r"|column .* does not exist",
        _("A column isn't there (any more): {why}. Correct the source or what uses the column."),
    ),
    _kind(
        "42601",
        r"syntax error|parser error|binder error|error in your sql syntax"
        r"|(function|type|operator|schema) .* does not exist",
        _("{engine} doesn't understand the query: {why}. Correct it."),
    ),
    _kind(
        "57P01 57P02 57P03 53300 08006 08003",
        r"terminating connection|server closed the connection|lost connection|gone away"
        r"|no connection to the server|InterfaceError"
        r"|too many (clients|connections)|starting up|shutting down",
        _("{host} ended the connection or takes no more: {why}. Try again later."),
    ),
)
# What drivers quote of a row: it may tell of a person.
VALUE = re.compile(r'(?<= for type )([\w ]+): ".*|(?<=UTF-8 column )(.+) with text .*')
QUOTED = re.compile(r"""["'].*["']|["'].*|(?<=with value )\S+""")
UNQUOTED = "InvalidInputException"  # of DuckDB: what a function refuses, in any words
OTHER = _("{engine} refused it: {why}. Check the source, then try again.")


def sentence(error: BaseException, address: Address, seconds: float) -> str:
    """What is said of an error of a driver, about this address."""
    words, state = _words(error), str(getattr(error, "sqlstate", None) or "")
    kind = next((one for one in KINDS if state and state in one.states), None) or next(
        (one for one in KINDS if one.words.search(words)), None
    )
    why = _reason(words)
    if type(error).__name__ == UNQUOTED:
        why = _("a function of the query refuses a value")
    return (kind.text if kind else OTHER).format(
        engine=address.engine.title,
        host=address.host or address.engine.title,
        port=_(", port {port}").format(port=address.port) if address.port else "",
        database=address.database,
        user=address.user,
        seconds=f"{seconds:,g}",
        why=address.without_secrets(why if kind else _without_values(why)).rstrip("."),
    )


def _words(error: BaseException) -> str:
    """What the driver says, or the kind of error if nothing; PyMySQL says a number before it."""
    numbered = len(error.args) == 2 and isinstance(error.args[0], int)
    return str(error.args[1] if numbered else error).strip() or type(error).__name__


def _reason(words: str) -> str:
    """The driver's first line that says something, without its prefixes."""
    found = re.search(r"(?:ERROR|FATAL):\s*(.+)", words)
    text = found.group(1) if found else words.splitlines()[0]
    return re.sub(r"^[A-Z_ ]+: (?=\S)|\[libpq\] |\bQuery was:.*$", "", text).strip()


def _without_values(text: str) -> str:
    """Without what it quotes: of an error that isn't known these may be values of rows."""
    if VALUE.search(text):
        return VALUE.sub(lambda found: found[1] or found[2], text)
    return QUOTED.sub("…", text)
