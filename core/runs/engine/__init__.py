"""Makes the steps of a run durable; the only room that knows the engine (DBOS)."""
