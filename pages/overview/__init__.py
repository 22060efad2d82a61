"""Overview: where things stand."""
