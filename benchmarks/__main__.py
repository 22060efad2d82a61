"""Runs every benchmark in its turn: python -m benchmarks [name …]."""

import sys
from importlib import import_module

NAMES = (
    "matching",
    "preview",
    "databases",
    "counting",
    "engines",
    "membership",
    "again",
    "runs",
    "peers",
    "limits",
    "dashboard",
    "building",
)

for name in sys.argv[1:] or NAMES:
    print(f"\n== {name}", flush=True)
    import_module(f"benchmarks.{name}").main()
