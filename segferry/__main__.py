"""The program segferry, also python -m segferry: finds the product's own folder, then its commands.

In a clone the pages and the core stand at the top. Other packages install beside a wheel, where the
names `core` and `pages` are nobody's own; so there they stand in this folder, which goes first.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """The console script: runs a command and leaves with its exit status."""
    sys.path.insert(0, str(HERE if (HERE / "core").is_dir() else HERE.parent))
    from core import cli

    cli.main()


if __name__ == "__main__":
    main()
