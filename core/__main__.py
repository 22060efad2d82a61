"""python -m core: the same as the console script segferry."""

from core.cli import main

main()
