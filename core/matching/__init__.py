"""Data matching: a source's columns become Klaviyo profiles, each row that can't be one a reason."""

from core.matching.fields import Match, PhoneRegion, Place, RegionColumn, check, columns
from core.matching.preview import Summary, summary
from core.matching.rows import Matching, Reason, Warned

__all__ = [
    "Match",
    "Matching",
    "PhoneRegion",
    "Place",
    "Reason",
    "RegionColumn",
    "Summary",
    "Warned",
    "check",
    "columns",
    "summary",
]
