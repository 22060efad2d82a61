"""One person: what was done with them, and where they are now."""
