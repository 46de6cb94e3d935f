"""Feed corrupted inputs to every function that reads received files: does any crash, lose a row, or print a cell?

The readers are those of returns, voices and documents, bundles, official tables, projects of coding tools, surveys and
packs. An input is synthetic (official tables are also first rows of real ones, if ASSAY_REFERENCE is set) and is
changed in its structure: cells, columns, rows, headers, members and XML of workbooks, types of Parquet, encrypted
parts, bytes, manifests. An input is identified by a number, which also selects the reader: the same number makes the
same input.

    python benchmarks/fuzz.py [--returns 10000] [--first 0] [--seconds 60] [--reader bundle]
"""

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent / "tests")  # not this folder, which has a `returns` of its own
WRONG = ("crashed", "a row not accounted for", "content leaked", "slow")


def main() -> None:
    from mutated_inputs import entry_points, opened

    parser = argparse.ArgumentParser()
    for name, default in (("returns", 10_000), ("first", 0), ("seconds", 60)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--reader", default="")
    options = parser.parse_args()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory() as name:
        ways = entry_points(Path(name))
        for number in range(options.first, options.first + options.returns):
            entry_point = ways[number % len(ways)]
            if options.reader not in ("", entry_point.name):
                continue
            start = time.process_time()
            read_result, done = opened(entry_point, Path(name), number)
            took = time.process_time() - start
            slowest[entry_point.name] = max(slowest[entry_point.name], took)
            wrong = dict(
                zip(
                    WRONG,
                    (read_result.crash, read_result.unaccounted, read_result.leaks, took > options.seconds),
                    strict=True,
                )
            )
            found[entry_point.name].update({"read": 1, "refused as a whole": bool(read_result.refused)})
            found[entry_point.name].update({problem: bool(is_wrong) for problem, is_wrong in wrong.items()})
            if any(wrong.values()):
                problems = [problem for problem, is_wrong in wrong.items() if is_wrong]
                print(f"{number}, {entry_point.name} ({done}): {problems} {read_result.crash[:200]}")
            if not (number + 1) % 500:
                print(f"{number + 1 - options.first} read", flush=True)
    _print(found, slowest)


def _print(found: dict[str, Counter[str]], slowest: dict[str, float]) -> None:
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {date.today()}\n")
    heads = ("read", "refused as a whole", *WRONG)
    print(f"| reader | {' | '.join(heads)} | slowest, seconds of processor |\n|---{'|---' * (len(heads) + 1)}|")
    for name, counts in found.items():
        print(f"| {name} | {' | '.join(f'{counts[head]:,}' for head in heads)} | {slowest[name]:.1f} |")
    print(f"\nPeak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
