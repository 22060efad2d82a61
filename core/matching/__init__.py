"""Data matching: a source's rows become Klaviyo profiles, or get a reason."""

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
