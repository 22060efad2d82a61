"""Segments: rules become one expression for every engine; counts and members by it."""
