"""A run in which nothing is worth a question, and when that is asked."""

from datetime import UTC, datetime

from core.runs.guards.facts import Facts

QUIET = Facts(
    add=0,
    leave=0,
    members=100,
    valid=100,
    rejected=0,
    ours=100,
    on_list=None,
    members_before=None,
    flows=(),
)
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
