"""Runs every benchmark in its turn, or those that are named: python -m benchmarks [name …]."""

import argparse
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
    "commands",
    "dashboard",
    "building",
)

parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
for name in parser.parse_args().names or NAMES:
    print(f"\n== {name}", flush=True)
    import_module(f"benchmarks.{name}").main()
