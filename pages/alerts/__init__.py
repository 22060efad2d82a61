"""Alerts: where they go, when something is worth one, and what was said."""
