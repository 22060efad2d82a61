"""What the threads of one process share about an installation, whoever of them uses its store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.destinations.limits import Limits


@dataclass(slots=True)
class Runtime:
    """One for each store, and so one a process: runs and pages count their requests together."""

    limits: Limits = field(default_factory=Limits)  # destinations count requests per account
    start_sandbox: Callable[[], str] | None = None  # its address; set while a server runs here
    # Does such a function, given its arguments, in a process of its own, see `core.readers`.
    read: Callable[[Callable[..., Any], Mapping[str, Any]], Any] | None = None
