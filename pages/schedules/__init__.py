"""Schedules: the common refresh, and when each export runs."""
