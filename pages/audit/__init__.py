"""Audit: every change, sign-in, run and denied action."""
