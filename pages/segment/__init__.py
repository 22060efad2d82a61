"""A segment, to be read: its size over time, who its members are, what uses it."""
