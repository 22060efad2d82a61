"""The SQL that databases get, written to files: `python -m tests.contracts.rules.statements`."""

import re
from pathlib import Path

from tests.contracts.rules.engines import Database
from tests.contracts.rules.trees import listed

LONG = 30  # characters
FOLDER = Path(__file__).parent / "sql"
ENGINES = ("mysql", "snowflake", "bigquery", "databricks", "trino")
RULES = [
    ("text", "starts_with", "L%_\\x'"),
    ("text", "ends_with", "V"),
    ("text", "contains", "V"),
    ("text", "is_one_of", ["LV", "Rīga"]),
    ("text", "matches", r"^(a|b)+\.\d?$"),
    ("text", "in_share", {"percent": 10, "seed": "spring"}),
    ("text", "in_list", listed(["o'n@x.lv", "\\j@x.lv"])),
    ("tags", "contains", "a"),
    ("whole", "more_than", 1.5),
    ("whole", "less_than", 10**20),
    ("floating", "at_least", 0.1),
    ("short", "equals", 0.1),
    ("exact", "is_one_of", [0.1, 3]),
    ("flag", "is_false", None),
    ("day", "between", ["2026-01-01", "2026-03-29"]),
    ("told", "on", "2026-03-29"),
    ("real", "in_last_days", 90),
    ("real", "is_empty", None),
]
TOP = {"all": [], "top": {"count": 10, "by": "whole", "order": "largest", "ties": "whole"}}


class Asked(Database):
    """A database that nobody asks about more than one field."""

    def __init__(self, name, field):
        self.name, self.dialect, self.fields = name, name, (field,)
        super().__init__(request=None)

    def load(self):
        """There is nothing that would hold them."""


def statements(engine):
    """What an engine gets for each of the rules that it can keep."""
    for field, op, value in RULES:
        if field != "tags" or engine not in ("mysql", "snowflake"):
            yield Asked(engine, field).sql([{"all": [{"field": field, "op": op, "value": value}]}])
    yield Asked(engine, "whole").sql([TOP])


def shortened(sql):
    """Readable: long texts cut, letters beyond ASCII by their numbers, no names by chance."""
    texts = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
    short = texts.sub(lambda found: found[0] if len(found[0]) < LONG else "'...'", sql)
    named = re.sub(r"(arr_contains)_\w+", r"\1", short)
    return named.encode("ascii", "backslashreplace").decode()


def file_of(engine):
    """Where they are written."""
    return FOLDER / f"{engine}.sql"


def text_of(engine):
    """What is written there."""
    return "\n\n".join(map(shortened, statements(engine))) + "\n"


if __name__ == "__main__":
    for name in ENGINES:
        file_of(name).write_text(text_of(name))
