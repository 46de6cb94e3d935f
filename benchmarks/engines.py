"""Do Spark and DuckDB give the same tables of a whole inspection, and how long does each take?

All stages from record linkage to the estimates of scale are run twice on the same returns of synthetic forces. Spark
needs the extra `spark` and Java 17, and takes minutes even for a few records: it is meant for many.

    python benchmarks/engines.py                            two forces of 12 crimes a year
    python benchmarks/engines.py --forces 4 --crimes 200    more
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pyarrow.parquet as pq

from assay.ingest.inspection_folder import SETTINGS_FILE, new_inspection
from assay.synthetic import generate_country, read_world
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.run.inspection_pipeline import run_stages

STAGES = ("persons", "groups", "records", "enquiries", "comparison", "people", "scale")
RETURN_FOLDERS = ("returns", "identities")
TODAY = date(2026, 11, 2)
SECTION = """
[spark]
files = "file://{}"

[spark.settings]
"spark.sql.codegen.wholeStage" = "{}"
"""
"""What was sent lies at another address, as for a cluster. For few rows no code is compiled: that takes longer than to
read them."""
MANY_CRIMES = 5_000


def accepted_folder(place: Path, forces: int, crimes: int) -> Path:
    """Return the folder of an inspection with accepted returns."""
    generate_country(place, world=replace(read_world("plain"), forces=forces, crimes_per_force=crimes), seed=3)
    inspection = new_inspection(place / "inspection", place / "request.toml")
    receive_returns(inspection.folder, sorted((place / "returns").iterdir()))
    return inspection.folder


def on_spark(folder: Path, path: Path, compiled: bool) -> Path:
    """Copy the inspection with Spark as its engine, and the returns to where a cluster would read them."""
    shutil.copytree(folder, path)
    copy = path.with_name("copy")
    for folder_name in RETURN_FOLDERS:
        shutil.copytree(folder / folder_name, copy / folder_name)
    settings_path = path / SETTINGS_FILE
    section = SECTION.format(copy, str(compiled).lower())
    settings_path.write_text(
        f'engine = "spark"\n{settings_path.read_text(encoding="utf-8")}\n{section}', encoding="utf-8"
    )
    return path


def run_seconds(folder: Path) -> float:
    """Run the inspection and return the wall-clock seconds."""
    start = time.perf_counter()
    run_stages(folder, today=TODAY, progress=lambda step, *_: print(f"  {step}", file=sys.stderr))
    return time.perf_counter() - start


def differing_tables(here: Path, path: Path) -> tuple[int, list[str]]:
    """Compare the output tables of two runs; return their number, and the names of those that differ."""
    tables = sorted(path.relative_to(here) for stage in STAGES for path in (here / stage).glob("*.parquet"))
    wrong = [
        table_path
        for table_path in tables
        if pq.read_table(here / table_path).to_pylist() != pq.read_table(path / table_path).to_pylist()
    ]
    return len(tables), [str(table_path) for table_path in wrong]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--forces", type=int, default=2)
    parser.add_argument("--crimes", type=int, default=12)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = accepted_folder(place, options.forces, options.crimes)
        path = on_spark(folder, place / "there", compiled=options.forces * options.crimes >= MANY_CRIMES)
        on_one, spread = run_seconds(folder), run_seconds(path)
        number, wrong = differing_tables(folder, path)
    print(f"{options.forces} forces of {options.crimes} crimes a year: DuckDB {on_one:.0f} s, Spark {spread:.0f} s.")
    print(f"{number} tables, {len(wrong)} not the same{': ' if wrong else ''}{', '.join(wrong)}.")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
