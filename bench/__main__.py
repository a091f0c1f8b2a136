"""Runs every benchmark, or those named: `python -m bench record ledger`."""

import importlib
import pkgutil
import sys

import bench

SUPPORT = {"__main__", "bare", "scenes", "lookup"}  # lookup needs pictures: python -m bench.lookup.gates


def main() -> None:
    """Prints each benchmark's lines under its name."""
    known = sorted(each.name for each in pkgutil.iter_modules(bench.__path__) if each.name not in SUPPORT)
    for name in sys.argv[1:] or known:
        if name not in known:
            sys.exit(f"no benchmark {name!r}; there are {', '.join(known)}")
        print(f"# {name}", flush=True)
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
