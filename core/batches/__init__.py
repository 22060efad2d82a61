"""Freeze an export to files of batches, cut by count and by bytes, and read each again."""

from core.batches.freezing import OverLimit, freeze
from core.batches.plan import (
    Batch,
    Frozen,
    Part,
    discard_batches,
    discard_members,
    members,
    read_batch,
    read_hashes,
    read_plan,
    read_rejects,
)
from core.batches.retrying import refreeze

__all__ = [
    "Batch",
    "Frozen",
    "OverLimit",
    "Part",
    "discard_batches",
    "discard_members",
    "freeze",
    "members",
    "read_batch",
    "read_hashes",
    "read_plan",
    "read_rejects",
    "refreeze",
]
