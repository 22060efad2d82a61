"""Matching: a source's rows become profiles of a destination, or get a reason."""
