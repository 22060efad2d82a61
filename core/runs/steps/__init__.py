"""The story of a run: one step a file, from freezing its rows to reading its list back."""
