"""What docs/ says of the configuration file is what the program does."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from core.configuration.configuration import Configuration
from core.configuration.schema import schema
from tests.cli.conftest import Command

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = YAML(typ="safe").load((DOCS / "example.yaml").read_text())
VALIDATOR = jsonschema.Draft202012Validator(schema())


def test_the_schema_in_docs_is_the_one_of_the_models():
    assert json.loads((DOCS / "configuration.schema.json").read_text()) == schema()


def test_the_schema_is_one_and_the_example_fits_it():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert list(VALIDATOR.iter_errors(EXAMPLE)) == []


def test_the_example_is_applied_and_previewed(segferry: Command):
    assert segferry("apply", DOCS / "example.yaml").status == 0
    told = segferry("preview", "Newsletter", "--json").data
    assert told["members"] == told["valid"] + sum(told["rejected"].values()) > 0
    assert told["rejected"] == {"missing_email": 1, "invalid_email": 1, "duplicate_email": 1}


def places(data: Any, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value in the data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    found = []
    for key, value in inner:
        found.append((*before, key))
        if isinstance(value, dict | list):
            found += places(value, (*before, key))
    return found


VALUES = st.sampled_from(
    ["", "off", "refresh", "Europe/Riga", "LV", "a/b", 0, 1, 10.5, 2_000_000, True, None, [], {}]
)


@given(place=st.sampled_from(places(EXAMPLE)), value=VALUES)
def test_what_the_program_takes_the_schema_takes_too(place: tuple[str | int, ...], value: Any):
    """An editor must not mark a file as wrong that can be applied."""
    data = copy.deepcopy(EXAMPLE)
    thing = data
    for key in place[:-1]:
        thing = thing[key]
    thing[place[-1]] = value
    try:
        Configuration.model_validate(data)
    except ValidationError:
        return
    assert list(VALIDATOR.iter_errors(data)) == []


@pytest.mark.parametrize("section", ["connections", "sources", "segments", "exports"])
def test_the_schema_marks_an_unknown_field(section: str):
    data = copy.deepcopy(EXAMPLE)
    data[section][0]["colour"] = "red"
    assert list(VALIDATOR.iter_errors(data))
