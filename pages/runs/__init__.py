"""What several screens show of a run."""
