"""Of returns that were made wrong on purpose, does any crash the reader, lose a row, or bring out what a cell holds?

Each is the return of an invented force with one or two tables as CSV, XLSX or Parquet, changed where its structure is:
cells, columns, rows, headers, members and XML of a workbook, types of Parquet, bytes, cover and mapping. A return is
named by its number: the same number makes the same return.

    python benchmarks/fuzz.py [--returns 10000] [--first 0] [--seconds 60]
"""

import argparse
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))


def main() -> None:
    from mutated_returns import base, read_mutated, write_mutated

    asked = argparse.ArgumentParser()
    for name, default in (("returns", 10_000), ("first", 0), ("seconds", 60)):
        asked.add_argument(f"--{name}", type=int, default=default)
    told = asked.parse_args()
    found, slowest, forms = Counter(), 0.0, Counter()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        sound = base(place / "country")
        for number in range(told.first, told.first + told.returns):
            done = write_mutated(sound, place / "return", random.Random(number))
            began = time.process_time()
            one = read_mutated(sound, place / "return")
            took = time.process_time() - began
            slowest = max(slowest, took)
            forms.update(path.suffix for path in (place / "return").iterdir() if path.suffix != ".toml")
            wrong = {"crashed": one.crash, "a row not accounted for": one.unaccounted, "content told": one.leaks}
            wrong["slow"] = took > told.seconds
            found.update(what for what, there in wrong.items() if there)
            found["refused as a whole"] += bool(one.refused)
            if any(wrong.values()):
                print(f"return {number} ({done}): {[what for what, there in wrong.items() if there]} {one.crash[:120]}")
            if not (number + 1) % 500:
                print(f"{number + 1 - told.first} read", flush=True)
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {date.today()}\n")
    print("| of changed returns | |\n|---|---|")
    print(f"| read | {told.returns:,} ({', '.join(f'{n:,} {suffix}' for suffix, n in sorted(forms.items()))}) |")
    for what in ("refused as a whole", "crashed", "a row not accounted for", "content told", "slow"):
        print(f"| {what} | {found[what]:,} |")
    print(f"| slowest, seconds of processor | {slowest:.1f} |")
    print(f"| peak memory, MB | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} |")


if __name__ == "__main__":
    main()
