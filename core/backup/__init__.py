"""An installation as one file, made while it works, and put back elsewhere as it was."""
