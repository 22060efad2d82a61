"""Lineage: where each list comes from, and what waits for what."""
