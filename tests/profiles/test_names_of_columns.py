"""Columns of any name: none is taken for a pattern, or for one of our own."""

from datetime import date

import polars as pl
import pytest

from core.destinations.klaviyo.capabilities import LAYOUT
from core.plan.freeze import freeze
from core.plan.frozen import read_batch
from core.plan.hashes import HASH
from core.profiles.matching.examples import held
from core.profiles.matching.exclusions import left_out
from core.profiles.matching.fields import Match
from core.profiles.matching.matching import Matching
from core.profiles.matching.reasons import Reason
from core.profiles.matching.rows import hashed
from core.profiles.matching.summary import summary
from core.profiles.segments.counts import counts, members
from core.profiles.segments.rules import Group
from core.profiles.sources import Reading, open_source
from core.profiles.sources.facts import facts
from core.spreadsheets import csv

NAMES = ["*", "^v.*$", "v1", "__email__", "__reason__", "__left_out__", "reason", "email", "first"]
NAMES += ["__row__", "key", "any", "rows", "segment 0", "body", "a b", "^"]
TODAY = date(2026, 1, 1)


@pytest.fixture(params=["parquet", "csv", "ndjson"])
def source(request, tmp_path):
    columns = {name: [f"x{place}", f"y{place}"] for place, name in enumerate(NAMES)}
    frame = pl.DataFrame(columns | {"email": ["a@b.lv", "b@b.lv"]})
    path = tmp_path / f"p.{request.param}"
    if request.param == "csv":
        frame.write_csv(path, quote_style="always")
    else:
        getattr(frame, f"write_{request.param}")(path)
    return open_source(Reading("P", "file", path), tmp_path / "cache")


def test_a_column_of_any_name_is_read_compared_and_sent(source, tmp_path):
    assert list(source.schema()) == NAMES
    assert facts(source).sample.columns == NAMES
    for place, name in enumerate(NAMES):
        if name == "email":
            continue
        value = f"y{place}"
        rules = {
            "s": Group.model_validate({"all": [{"field": name, "op": "equals", "value": value}]})
        }
        assert counts(source, rules, TODAY, "UTC").members == 1
        rows = members(source.scan(), rules, source.schema(), TODAY, "UTC").to_native()
        assert held(rows, [name])[name].examples == (value,)
        match = Match(email="email", external_id=name, properties={"it": name, "v1": "v1"})
        how = Matching.of(rows, match, None, LAYOUT)
        (body,) = summary(rows, how).sample
        assert body["attributes"]["external_id"] == value
        assert body["attributes"]["properties"] == {"it": value, "v1": "y2"}


def test_such_columns_are_frozen_excluded_and_put_into_a_table(source, tmp_path):
    rows = source.scan().to_native()
    match = Match(email="email", properties={name: name for name in NAMES})
    excluded = pl.LazyFrame({"email": ["a@b.lv"]})
    first = Matching.of(rows, match, None, LAYOUT)
    marked = left_out(rows, first, excluded, Reason.excluded)
    how = Matching.of(marked, match, None, LAYOUT)
    frozen = freeze(marked, how, tmp_path / "run", limit=10, over="stop")
    assert frozen.parts[0].rejected == {"excluded": 1}
    (body,) = read_batch(tmp_path / "run", 1, 1)["body"]
    assert all(f'"{name}":"y{place}"' in body for place, name in enumerate(NAMES) if place != 7)
    assert hashed(marked, how, HASH).collect()["email"].to_list() == ["b@b.lv"]
    table = csv(rows.collect()).decode("utf-8-sig").splitlines()
    assert table[1].endswith("x15,x16")
