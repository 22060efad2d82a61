"""What OAuth is everywhere, whatever the destination."""

from core.destinations.oauth import challenge


def test_the_challenge_is_the_one_of_the_standards_example():
    # RFC 7636, appendix B
    shown = challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert shown == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
