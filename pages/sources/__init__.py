"""Sources: where profiles come from, and what is in them."""
