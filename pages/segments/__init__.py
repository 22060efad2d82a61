"""Segments: rules built with live counts, and their members."""
