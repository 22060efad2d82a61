"""Exports: rows with their last result, and the form."""
