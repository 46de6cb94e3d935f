"""Time and memory to check every cell of a return of ten million crimes, compared with other tools.

    python benchmarks/returns.py [millions of rows, 10 by default]

Writes a crimes.csv with injected errors (seeded; 25 columns) to a temporary folder and reads it, each time in a process
of its own: with `receive` (every rule of the return contract, every error with its line), with pandera on Polars (lazy:
all failures of types, lists and formats, but no rules between rows or columns), and with Polars and DuckDB, which read
the file as text without checks. Prints time, peak memory and ratios of one run, the errors injected and found, and how
our time and memory grow from a tenth of the rows.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src")]

CHUNK = 1_000_000
SEED = 20260401
MANIFEST = """[return]
spec_version = "1.0"
request = "BENCH"
force_code = "INV01"
period_from = 2025-04-01
period_to = 2026-04-01
extracted_at = "2026-08-03T06:00"
edition = 1
contact_post = "Data officer"

[tables.crimes]
supplied = "whole"
complete = "yes"
system = "made for a benchmark"
searchable = "yes"
query = "none"
midnight = "time"
rows = {rows}
"""
NAMES = (
    "force_code", "crime_ref", "scope_reason", "offence_code", "first_offence_code", "reported_at", "recorded_at",
    "occurred_from", "occurred_to", "source_of_report", "local_authority_code", "investigating_team", "lead_trained",
    "suspect_count_stated", "contact_offence", "cocad_category", "outcome_code", "outcome_at", "closed_at",
    "cancelled_at", "cancel_ground", "cancelled_by_role", "transferred_to_force", "received_from_force",
    "other_force_crime_ref",
)  # fmt: skip
INJECTED = {
    "R15": ("offence_code", "", 50),
    "R16": ("outcome_code", "cleared", 200),
    "R16 date form": ("outcome_at", "03/02/2026", 300),
    "R18": ("reported_at", "2025-06-01T10:00Z", 40),
    "R19": ("occurred_from", "2025-03-30T01:30", 30),
    "R25": ("occurred_to", "2031-01-01", 60),
    "R10": ("force_code", "INV02", 20),
    "R14": ("recorded_at", "2012-05-01T09:00", 10),
}
"""By rule: column, injected text, and errors per 100,000 rows. Duplicate keys and too long lines are added."""
DUPLICATE_RATE, WIDE = 70, 3
CODES = ["17B", "19D", "19E", "19G", "20B", "21", "22B"]


def parts(count: int, start: int):
    """Return a chunk of the table as columns of text."""
    import numpy as np
    import pyarrow as pa

    from assay import contract

    rng = np.random.default_rng([SEED, start])

    def pick(values, empty: float = 0.0):
        values = pa.array(["", *values], pa.string())
        places = rng.integers(1, len(values), count)
        places[rng.random(count) < empty] = 0
        return values.take(pa.array(places))

    days = [date(2025, 4, 1) + timedelta(days=number) for number in range(360)]
    days = [day for day in days if day not in (date(2026, 3, 29),)]
    minutes = [f"{day}T{number % 24:02d}:{number % 60:02d}" for number, day in enumerate(days)]
    later = [f"{day + timedelta(days=100)}T12:{number % 60:02d}" for number, day in enumerate(days[-100:])]
    early = [str(date(2025, 3, 1) + timedelta(days=number)) for number in range(28)]
    lists = contract.list_values
    columns = {
        "force_code": pa.array(["INV01"]).take(pa.array(np.zeros(count, np.int64))),
        "crime_ref": pa.array(np.char.add("C", np.arange(start, start + count).astype(str))),
        "scope_reason": pick(["core_offence"]),
        "offence_code": pick(CODES),
        "first_offence_code": pick(CODES, 0.1),
        "reported_at": pick([minutes[0]], 0.05),
        "recorded_at": pick(minutes),
        "occurred_from": pick(early, 0.1),
        "occurred_to": pick(["2025-03-31"], 0.1),
        "source_of_report": pick(lists("source"), 0.2),
        "local_authority_code": pick(lists("local_authority")[:40], 0.1),
        "investigating_team": pick(lists("team_kind"), 0.1),
        "lead_trained": pick(["yes", "no"], 0.3),
        "suspect_count_stated": pick(["1", "2", "3"], 0.4),
        "contact_offence": pick(["yes", "no"], 0.2),
        "cocad_category": pick(lists("cocad_category"), 0.2),
        "outcome_code": pick(["14", "15", "16", "18"]),
        "outcome_at": pick(later),
        "closed_at": pick(later, 0.5),
        "cancelled_at": pick(later, 0.98),
        "cancel_ground": pick(lists("cancel_ground"), 1.0),
        "cancelled_by_role": pick(["supervisor"], 1.0),
        "transferred_to_force": pick(["INV02"], 0.99),
        "received_from_force": pick(["INV03"], 0.99),
        "other_force_crime_ref": pick(["X1", "X2"], 0.98),
    }
    return injected(columns, count, rng)


def injected(columns, count: int, rng):
    """Return the columns of the return with injected errors, at most one error in each row."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = rng.permutation(count)
    position = 0
    for column, text, rate in INJECTED.values():
        is_chosen = np.zeros(count, bool)
        is_chosen[rows[position : (position := position + count * rate // 100_000)]] = True
        columns[column] = pc.if_else(pa.array(is_chosen), pa.scalar(text), columns[column])
    row_numbers = np.arange(count)
    duplicate_count = count * DUPLICATE_RATE // 100_000
    row_numbers[rows[position : position + duplicate_count]] = rows[
        position + duplicate_count : position + 2 * duplicate_count
    ]
    columns["crime_ref"] = columns["crime_ref"].take(pa.array(row_numbers))
    return pa.table({name: columns[name] for name in NAMES})


def make(folder: Path, count: int) -> dict[str, int]:
    """Write the synthetic return, and return the number of injected errors by rule."""
    import pyarrow.csv as pc

    folder.mkdir()
    (folder / "return.toml").write_text(MANIFEST.format(rows=count + count * WIDE // 100_000))
    with (folder / "crimes.csv").open("wb") as stream:
        stream.write((",".join(NAMES) + "\n").encode())
        for start in range(0, count, CHUNK):
            size = min(CHUNK, count - start)
            options = pc.WriteOptions(include_header=False, quoting_style="needed")
            pc.write_csv(parts(size, start), stream, options)
            for number in range(size * WIDE // 100_000):
                stream.write(f"INV01,W{start}-{number}{',' * 30}\n".encode())
    errors_by_rule = {rule[:3]: 0 for rule in INJECTED}
    for rule, (_, _, rate) in INJECTED.items():
        errors_by_rule[rule[:3]] += count * rate // 100_000
    return {**errors_by_rule, "R13": 2 * (count * DUPLICATE_RATE // 100_000), "R07": count * WIDE // 100_000}


def own_errors(folder: str) -> dict[str, object]:
    """Validate the return with assay's own reader, and return the number of errors by rule."""
    from collections import Counter

    from assay.ingest.return_validation import validate_return
    from assay.reference import DataRequest, Organisation
    from assay.reference.data_requests import SYNTHETIC

    organisations = {
        code: Organisation(code, code, code.lower(), "territorial", "England") for code in ("INV01", "INV02", "INV03")
    }
    day = date.fromisoformat
    request = DataRequest(
        "BENCH", "Benchmark", day("2025-04-01"), day("2026-04-01"), day("2025-04-01"), False, SYNTHETIC, organisations
    )
    received = validate_return(Path(folder), request, files={})
    errors = received.tables["faults"]
    received.tables.write_parquet("crimes", Path(folder) / "accepted.parquet")
    row = next(row for row in received.tables["counted"].to_pylist() if row["table_name"] == "crimes")
    found = Counter(errors["rule"].to_pylist())
    received.close()
    return {"rows": row["records"], "errors": sum(found.values()), "found": found, "accepted": row["accepted"]}


def pandera(folder: str) -> dict[str, object]:
    """Check the types, lists and formats of the return with pandera, and collect every failure."""
    import pandera.polars as pa
    import polars as pl

    from assay import contract

    when = r"^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$"
    columns = {}
    for column in contract.table("crimes").columns:
        checks = []
        if column.kind == "code":
            checks.append(pa.Check.isin(list(contract.list_values(column.values))))
        if column.kind == "when":
            checks.append(pa.Check.str_matches(when))
        if column.kind == "yesno":
            checks.append(pa.Check.isin(["yes", "no"]))
        if column.kind == "int":
            checks.append(pa.Check.str_matches(r"^[1-9]\d*$"))
        columns[column.name] = pa.Column(pl.String, checks, nullable=column.required != "yes")
    schema = pa.DataFrameSchema(columns, unique=["crime_ref"])
    path = Path(folder) / "crimes.csv"
    rows = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True)
    rows = rows.with_columns(pl.when(pl.all() != "").then(pl.all()))  # an empty cell is empty, quoted or not
    try:
        schema.validate(rows, lazy=True)
        failed = 0
    except pa.errors.SchemaErrors as error:
        failed = len(error.failure_cases)
    return {"rows": len(rows), "errors": failed}


def polars(folder: str) -> dict[str, object]:
    """Read the return as text with Polars, and return the number of rows."""
    import polars as pl

    path = Path(folder) / "crimes.csv"
    return {"rows": len(pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True))}


def duckdb(folder: str) -> dict[str, object]:
    """Read the return as text with DuckDB into a table, and return the number of rows."""
    import duckdb as db

    connection = db.connect(config={"threads": 2, "memory_limit": "1500MB", "temp_directory": folder})
    path = Path(folder) / "crimes.csv"
    connection.execute(
        f"create table crimes as from read_csv('{path}', all_varchar = true, store_rejects = true)"
    ).fetchall()
    return {"rows": connection.sql("select count(*) from crimes").fetchall()[0][0]}


READERS = {"ours": own_errors, "pandera": pandera, "polars": polars, "duckdb": duckdb}
NEEDS = {"pandera": "pandera", "polars": "polars"}


def timed(reader: str, folder: Path) -> dict[str, object]:
    """Run one reader in a separate process, and return its time (seconds) and peak memory (MB)."""
    answer = subprocess.run(
        [sys.executable, __file__, "--one", reader, str(folder)], check=True, capture_output=True, text=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


def run_reader(reader: str, folder: str) -> None:
    """Run one file reader and print its time and peak memory."""
    start = time.perf_counter()
    result = READERS[reader](folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak, **result}))


def main(millions: float) -> None:
    """Write the return, read it with each reader, and print the table."""
    count = int(millions * 1_000_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "whole"
        start = time.perf_counter()
        errors_made = make(folder, count)
        megabytes = (folder / "crimes.csv").stat().st_size / 1e6
        print(f"written: {count} rows, {count * len(NAMES) / 1e6:.0f} million cells, {megabytes:.0f} MB, "
              f"{time.perf_counter() - start:.0f} s")  # fmt: skip
        readers = [reader for reader in READERS if find_spec(NEEDS.get(reader, "sys"))]
        costs = {reader: timed(reader, folder) for reader in readers}
        print(
            f"{'reader':9}{'seconds':>9}{'peak MB':>9}{'rows':>10}{'errors':>9}{'time / ours':>13}{'memory / ours':>15}"
        )
        for reader, cost in costs.items():
            slower, larger = (cost[key] / costs["ours"][key] for key in ("seconds", "peak_mb"))
            print(f"{reader:9}{cost['seconds']:9.1f}{cost['peak_mb']:9.0f}{cost['rows']:10}"
                  f"{cost.get('errors', ''):>9}{slower:13.2f}{larger:15.2f}")  # fmt: skip
        print("injected and found, by rule")
        for rule, error_count in sorted(errors_made.items()):
            print(f"{rule:5}{error_count:9}{costs['ours']['found'].get(rule, 0):9}")
        small = Path(name) / "small"
        make(small, count // 10)
        cost = timed("ours", small)
        print("growth of ours")
        for rows, cost_there in ((count // 10, cost), (count, costs["ours"])):
            print(f"{rows:9} rows{cost_there['seconds']:8.1f} s{cost_there['peak_mb']:8.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        run_reader(sys.argv[2], sys.argv[3])
    else:
        main(float(sys.argv[1]) if sys.argv[1:] else 10)
