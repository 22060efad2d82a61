"""The ledger of a list: what was last sent to whom, which exports want them there, and the plan."""

from core.membership.ledger import (
    Brought,
    State,
    brought,
    ledger_path,
    read,
    released,
    state_of,
    write,
)
from core.membership.planning import (
    Plan,
    changes,
    known_hashes,
    newcomers,
    ours,
    plan,
    unchanged,
)
from core.membership.recording import Delivered, recorded

__all__ = [
    "Brought",
    "Delivered",
    "Plan",
    "State",
    "brought",
    "changes",
    "known_hashes",
    "ledger_path",
    "newcomers",
    "ours",
    "plan",
    "read",
    "recorded",
    "released",
    "state_of",
    "unchanged",
    "write",
]
