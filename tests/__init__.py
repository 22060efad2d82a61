"""The tests, in the order of the house; a package, so that fixtures of a folder end with it."""
