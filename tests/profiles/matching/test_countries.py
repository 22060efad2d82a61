"""Countries, however people and programs write them."""

import pytest

from core.profiles.matching.countries import code


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["LV", " lv\u200b ", "LVA", "Latvia", "latvija", "Republic of Latvia", "Lettland"], "LV"),
        (["DE", "DEU", "Germany", "Deutschland", "Vācija", "Allemagne"], "DE"),
        (["GB", "GBR", "UK", "U.K.", "United Kingdom", "England", "Great Britain"], "GB"),
        (["US", "USA", "U.S.A.", "United States", "United States of America"], "US"),
        (["AT", "Österreich", "OSTERREICH", "Oesterreich"], "AT"),
        (["NL", "The Netherlands", "Nederland", "Holland"], "NL"),
        (["CI", "Côte d'Ivoire", "Cote d\u2019Ivoire", "Ivory Coast"], "CI"),
        (["BA", "Bosnia and Herzegovina", "Bosnia & Herzegovina"], "BA"),
        (["CZ", "Czechia", "Czech Republic", "Česko"], "CZ"),
        (["RU", "Россия", "Russian Federation"], "RU"),
        (["", " ", "-", "Nowhere", "Kongo", "Schweiz/Suisse", "ZZZ"], None),
    ],
)
def test_codes_names_and_short_forms_are_understood(texts, expected):
    assert {text: code(text) for text in texts} == dict.fromkeys(texts, expected)
