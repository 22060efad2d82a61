"""An export's own page: what a run would do, before it does it."""
