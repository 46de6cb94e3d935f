"""Time to store an answer while fifty inspectors rate files, on SQLite and on PostgreSQL.

Each inspector answers about every two seconds (in practice it is slower), through the server as `assay workbench start`
starts it, with one process for each core. The time runs from sending an answer to the confirmation that it is on disk.
Printed: answers per second, median, 95th and 99th percentile in milliseconds, processor milliseconds for each answer
(which depend less on other work of the machine), the answers lost or doubled, and whether the audit log is complete.

    python benchmarks/workbench.py                  20 seconds on each database
    python benchmarks/workbench.py --seconds 120    longer
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "casefiles" / "workbench"))

import workbench_crowd as crowd

from assay.ingest.inspection_folder import new_inspection
from assay.synthetic import generate_country


def run_database(request: Path, tables: str, readers: int, seconds: float, pause: float, workers: int) -> None:
    """Run the benchmark on one database, and print the result."""
    with tempfile.TemporaryDirectory() as folder_made, ExitStack() as stack:
        inspection = new_inspection(Path(folder_made) / "inspection", request).folder
        if tables == "PostgreSQL":
            crowd.use_postgresql(inspection, stack.enter_context(crowd.postgresql()))
        people = crowd.in_process("prepare", inspection, str(readers))["readers"]
        with crowd.server(inspection, workers=workers) as (port, running):
            crowd.mark(port, people, 3, pause)  # so that every thread has its connection
            before = crowd.seconds_of_processor(running)
            reader_logs = crowd.mark(port, people, seconds, pause)
            used = 1000 * (crowd.seconds_of_processor(running) - before)
        stored_answers = crowd.in_process("stored_answers", inspection)
        took = 1000 * np.array([duration for log in reader_logs for duration in log.seconds])
        lost = sum(
            [tuple(a) for a in stored_answers["answers"][str(reading)]][-len(reader_log.acknowledged) :]
            != reader_log.acknowledged
            for (_, reading), reader_log in zip(people, reader_logs, strict=True)
        )
        middle, p95, p99 = np.percentile(took, [50, 95, 99])
        print(
            f"{tables}: {readers} readers, {len(took)} answers, {len(took) / seconds:.0f} a second; milliseconds: "
            f"middle {middle:.0f}, 95th {p95:.0f}, 99th {p99:.0f}; of the processor {used / len(took):.0f} each; "
            f"readers who lost or doubled one: {lost}; "
            f"refused: {sum(len(reader_log.refused) for reader_log in reader_logs)}; audit log differences: "
            f"{len(stored_answers['differences'])}"
        )


def main() -> None:
    """Run the benchmark on every database that is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pause", type=float, default=2.0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder_made:
        generate_country(Path(folder_made), forces=1, crimes_per_force=2, seed=1)
        for tables in ("SQLite", "PostgreSQL"):
            if tables == "PostgreSQL" and crowd.programs() is None:
                print(crowd.NO_POSTGRESQL)
                continue
            run_database(
                Path(folder_made) / "request.toml",
                tables,
                options.readers,
                options.seconds,
                options.pause,
                options.workers,
            )


if __name__ == "__main__":
    main()
