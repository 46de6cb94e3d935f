"""Time and memory to read and check the full outcomes workbook, compared with two other readers.

    python benchmarks/reading.py

Writes a workbook as large as the official one (712,448 rows, 11 columns, about 8 million cells) to a temporary folder,
reads it with each reader in a process of its own, and prints time, peak memory and ratios of one run. Then it prints
how our time and memory grow with a quarter, a half and all of the rows. Our reader checks every row; the others only
load the sheet.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests" / "ingest")]

ROWS = 712_448
FORCES, QUARTERS, OFFENCES, OUTCOMES = 44, 4, 184, 22
HEADER = (
    "Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Group",
    "Offence Subgroup", "Offence Code", "Outcome Description", "Outcome Group", "Outcome Type",
    "Force outcomes for offences recorded in quarter",
)  # fmt: skip


def rows(count: int) -> Iterator[tuple[str | int, ...]]:
    """Yield synthetic counts for real names and codes, in the order of the official file."""
    from assay import reference

    forces = [f for f in reference.forces().all if f.kind in ("territorial", "transport")]
    offences = reference.offences().all[:OFFENCES]
    outcomes = [o for o in reference.outcomes().all if not o.code.endswith("A")][:OUTCOMES]
    done = 0
    for quarter in range(1, QUARTERS + 1):
        for force in forces:
            for offence in offences:
                names = (offence.name, offence.group, offence.subgroup, offence.code)
                for outcome in outcomes:
                    if done == count:
                        return
                    outcome_fields = (outcome.label, outcome.official_group, int(outcome.code))
                    yield ("2024/25", quarter, force.name, *names, *outcome_fields, (done * 7919) % 97)
                    done += 1


def own_counts(path: str) -> dict[str, int]:
    """Read and check the workbook with assay's own reader, and return the counts."""
    from assay.ingest.official_statistics import read_statistics

    received = read_statistics(path)
    return {"rows": received.files[0].passed_on, "errors": len(received.errors)}


def openpyxl(path: str) -> dict[str, int]:
    """Load the workbook with openpyxl in read-only mode."""
    from openpyxl import load_workbook

    sheet = load_workbook(path, read_only=True)["Data"]
    return {"rows": sum(1 for row in sheet.iter_rows(values_only=True) if row[0] == "2024/25")}


def pandas(path: str) -> dict[str, int]:
    """Load the workbook with pandas (with calamine if it is installed, else openpyxl)."""
    from importlib.util import find_spec

    import pandas

    engine = "calamine" if find_spec("python_calamine") else "openpyxl"
    return {"rows": len(pandas.read_excel(path, sheet_name="Data", header=4, engine=engine))}


READERS = {"ours": own_counts, "openpyxl": openpyxl, "pandas": pandas}


def make(folder: Path, count: int) -> Path:
    """Write the synthetic workbook to disk row by row."""
    from official_forms import Sheet, cover, notes, write_xlsx

    titles = ["Crime outcomes open data", "Year ending March 2025", "", "Made for a benchmark"]
    return write_xlsx(folder / f"outcomes-{count}.xlsx", [cover(), notes(), Sheet("Data", titles, HEADER, rows(count))])


def timed(reader: str, path: Path) -> dict[str, float]:
    """Run one reader in a separate process, and return its time (seconds) and peak memory (MB)."""
    answer = subprocess.run(
        [sys.executable, __file__, "--one", reader, str(path)], check=True, capture_output=True, text=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


def run_reader(reader: str, path: str) -> None:
    """Run one reader of the workbook and print its time and peak memory."""
    start = time.perf_counter()
    result = READERS[reader](path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak, **result}))


def main() -> None:
    """Write the workbook, read it with each reader, and print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.perf_counter()
        whole = make(folder, ROWS)
        megabytes = whole.stat().st_size / 1e6
        print(f"written: {ROWS} rows, {ROWS * len(HEADER) / 1e6:.1f} million cells, {megabytes:.0f} MB, "
              f"{time.perf_counter() - start:.0f} s")  # fmt: skip
        costs = {reader: timed(reader, whole) for reader in READERS}
        print(f"{'reader':10}{'seconds':>9}{'peak MB':>9}{'rows':>9}{'time / ours':>13}{'memory / ours':>15}")
        for reader, cost in costs.items():
            slower, larger = (cost[key] / costs["ours"][key] for key in ("seconds", "peak_mb"))
            print(
                f"{reader:10}{cost['seconds']:9.1f}{cost['peak_mb']:9.0f}{cost['rows']:9}{slower:13.1f}{larger:15.2f}"
            )
        print("growth of ours")
        for part in (4, 2, 1):
            cost = timed("ours", make(folder, ROWS // part))
            print(f"{ROWS // part:9} rows{cost['seconds']:8.1f} s{cost['peak_mb']:8.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        run_reader(sys.argv[2], sys.argv[3])
    else:
        main()
