"""History: every run, and the story of one."""
