"""The demo's month of history: made aside by running its exports, brought in, and removed."""
