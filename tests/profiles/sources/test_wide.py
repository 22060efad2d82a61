"""Tables of many columns: read as tables of few are, at a cost that grows with their cells."""

import io

import polars as pl
from polars.testing import assert_frame_equal

from core.profiles.sources.gathering import WIDE

# Cells of each kind of column: its first rows may look like something else.
KINDS = {
    "whole": ["1", "20", "-3", "NULL"],
    "comma": ["1,50", "2", "1.234,75", ""],
    "thousands": ["1.200", "12.500", "987", "1.000"],
    "day": ["2026-01-31", "2026-02-28", "", "2026-03-01"],
    "spoken": ["31.12.2026", "01.02.2026", "5.6.2026", "N/A"],
    "moment": ["2026-01-31 10:00", "2026-01-31T11:00:00Z", "2026-02-01 12:30:00+02", ""],
    "yes": ["true", "false", "TRUE", ""],
    "zip": ["01001", "1002", "20099", "LV-1001"],
    "text": ["Rīga", "Cēsis", "£ukasz", "'=1"],
    "guarded": ['="00123"', '="00124"', '="5"', ""],
    "empty": ["", "", "", ""],
}


def table(times: int) -> str:
    """Each kind of column so many times, 60 rows."""
    names = [f"{kind} {n}" for n in range(times) for kind in KINDS]
    columns = {name: KINDS[name.split()[0]] * 15 for name in names}
    out = io.StringIO()
    pl.DataFrame(columns).write_csv(out, separator=";", quote_style="always")
    return out.getvalue()


def test_many_columns_are_read_as_few_are(desk):
    few = desk.open(desk.write("few.csv", table(1)))
    narrow = few.scan().to_native().collect()
    many = desk.open(desk.write("many.csv", table(20)))
    wide = many.scan().to_native().collect()
    assert wide.width > WIDE
    for n in (0, 19):
        names = {f"{kind} {n}": f"{kind} 0" for kind in KINDS}
        assert_frame_equal(wide.select(*names).rename(names), narrow.select(*names.values()))
    assert {note.kind for note in few.notes()} == {note.kind for note in many.notes()}
    assert len(many.notes()) == 20 * len(few.notes())


def test_a_type_that_only_rare_rows_show_is_found_among_many_columns(desk):
    header = ";".join(f"c{n}" for n in range(WIDE + 1))
    blank, full = ";" * WIDE, ";".join(["5,5"] * (WIDE + 1))
    rows = [full if n % 500 == 499 else f"x{blank}" if not n else blank for n in range(3000)]
    frame = desk.text("\n".join([header, *rows]) + "\n")
    assert frame["c3"].drop_nulls().to_list() == [5.5] * 6
