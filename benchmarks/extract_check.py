"""Time of `assay check` for an extract of 100,000 rows and 40 columns. The target is under 20 seconds.

python benchmarks/extract_check.py [--rows 100000]
"""

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HEADINGS = (
    "Crime Number", "Offence Code", "Date Reported", "Date Recorded", "Committed From", "Outcome", "Role",
    "Nominal Ref", "Surname", "Forenames", "Date of Birth", "Sex", "Self Defined Ethnicity", "Flags",
)  # fmt: skip
N_LOCAL = 26
OUTCOMES = ("Charged/Summonsed", "Investigation complete - no suspect identified", "Not yet assigned an outcome")


def person_rows(rows: int) -> Iterator[tuple[str, ...]]:
    """Yield a victim and a suspect of each crime, with columns that the return contract does not have."""
    for row in range(rows):
        number, is_suspect = divmod(row, 2)
        day, month = f"{1 + number % 28:02d}", f"{1 + number % 12:02d}"
        birth = f"{day}/03/{1970 + number % 30 if is_suspect else 2008 + number % 8}"
        local_cells = ("" if place % 3 else f"v{number * place % (50 * place + 7)}" for place in range(N_LOCAL))
        yield (
            f"42CR/{number:06d}/24", ("71", "88A", "20B", "19D", "22B")[number % 5], f"{day}/{month}/2024 09:00",
            f"{day}/{month}/2024 17:30", f"{day}/{month}/2024", OUTCOMES[number % 3],
            "Suspect" if is_suspect else "Victim", f"N{8 + is_suspect}{number % 41000:06d}", f"Zz{number % 9973}",
            f"Vv{number % 7919}", birth, "FM"[number % 2], "W1" if number % 5 else "", "CSE; CSA" if number % 4 else "",
            *local_cells,
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="assay-extract-") as name:
        path = Path(name) / "links.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*HEADINGS, *(f"Local Field {place}" for place in range(N_LOCAL))])
            writer.writerows(person_rows(rows))
        begun = time.perf_counter()
        command = [sys.executable, "-m", "assay.cli", "check", str(path), "--force", "INV01", "--out", f"{name}/out"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    print("| rows | columns | seconds | of processor time | MB |\n|---|---|---|---|---|")
    columns, processor = len(HEADINGS) + N_LOCAL, used.ru_utime + used.ru_stime
    print(f"| {rows:,} | {columns} | {seconds:.1f} | {processor:.1f} | {used.ru_maxrss / 1024:.0f} |")


if __name__ == "__main__":
    main()
