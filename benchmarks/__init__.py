"""What is measured, against whom: `make bench` prints each figure as a ratio of two timings."""
