"""Charts are drawn unchecked, as the same specification; tests check each by its schema."""

import altair as alt
import polars as pl
import pytest
from altair.utils.schemapi import SchemaValidationError

from pages.ui import charts


def test_a_chart_that_is_no_vega_lite_fails_where_pages_are_tested():
    chart = alt.Chart(pl.DataFrame({"n": [1]})).mark_bar(cornerRadius="round").encode(x="n:Q")
    with pytest.raises(SchemaValidationError, match="round"):
        charts.draw(chart, "bars")
    charts.draw(chart.mark_bar(cornerRadius=3), "bars")
