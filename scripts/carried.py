"""Rewrite the compact tables of official figures that the package contains, from files in the reference folder.

Usage: python scripts/carried.py FOLDER_OF_REFERENCE_DATA
"""

import csv
import sys
from pathlib import Path

from assay.ingest.official_statistics import extract_bundle, read_statistics

HERE = Path(__file__).parent.parent / "src" / "assay" / "ingest" / "official_statistics" / "carried"


def main(reference: Path) -> None:
    """Find the files that `sources.csv` lists, read them, and overwrite the bundled compact tables."""
    with (HERE / "sources.csv").open(encoding="utf-8", newline="") as file:
        names = [row["source"] for row in csv.DictReader(file)]
    found = [next(reference.rglob(name), reference / name) for name in names]
    extract_bundle(read_statistics(found), HERE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
