"""Information loss and remaining disclosure of our method, Tau-Argus and ACRO on the same tables.

How much information does each method remove from a table, and how much can a reader still work out about the
suppressed counts? Three methods protect the same two-way tables with row and column totals: public test data of
disclosure control, and synthetic tables of forces by kinds of record. All three treat counts of 1 to 7 as unsafe.

- *Tau-Argus* (`pytauargus`) protects each unsafe count by half of its value, and chooses cells for secondary
  suppression by its modular or its optimal method.
- *ACRO* empties unsafe cells and has no secondary suppression; here the totals are published beside its tables.
- *Our method* is the policy 'record level', which also rounds to 5.

All results are attacked by the same linear programme (`linprog`), which shares no code with the program. The attacker
knows that a suppressed count is at least 1, that it is at most 7 where only unsafe counts are suppressed, and in our
tables which suppressions are primary and which secondary.

Neither package is installed with the program. Each has an environment of its own (the licence of one and the pins of
the other would conflict), and you give the path of its Python:

    python benchmarks/disclosure_peers.py --tau tau/bin/python --acro acro/bin/python
"""

import argparse
import csv
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "sdc"))

from table_sets import POLICY, attack

from assay.sdc.cell_status import is_primary_suppressed, is_secondary_suppressed
from assay.sdc.disclosure_control import protect_counts
from assay.sdc.release_tables import Column, Table

ALL, NEARLY, FAR = "ALL", 1e-6, 1e6
PATIENCE = 240
"""Seconds."""
REFERENCE = Path(os.environ.get("ASSAY_REFERENCE", "reference")) / "data" / "disclosure-control"
PUBLIC = (
    ("sdc-testdata.csv", "walls", "water"), ("sdc-testdata.csv", "relat", "roof"),
    ("sdc-free1.csv", "ETNI", "EDUC1"), ("sdc-free1.csv", "REGION", "EDUC1"), ("sdc-free1.csv", "AGE", "MARSTAT"),
    ("sdct-microdata1.csv", "region", "gender"),
)  # fmt: skip
SIZES = ((11, 10), (44, 8), (44, 40))
PEER = """
import json, sys, time, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
import pandas as pd
asked = json.load(sys.stdin)
rows = pd.DataFrame([(a, b, 1) for a, b, n in asked["cells"] for _ in range(n)], columns=["down", "across", "one"])
"""
TAU = (
    PEER
    + """
import pytauargus
began = time.process_time()
made = pytauargus.protect(rows, ["down", "across"], response="one", safety_rules="FREQ(8,50)", suppress=asked["method"])
took = time.process_time() - began
table = made.tables[0].dataframe()
name = lambda code: "ALL" if code.strip() == "Total" else code.strip()
empty = [(name(a), name(b)) for a, b, status in zip(table["down"], table["across"], table["status"]) if status in "UM"]
print("RESULT" + json.dumps([empty, took]))
"""
)
ACRO = (
    PEER
    + """
import acro, io, contextlib
with contextlib.redirect_stdout(io.StringIO()):
    session = acro.ACRO(suppress=True)
    session.config["safe_threshold"] = session.sdc_checks.risk_appetite["safe_threshold"] = 8
    began = time.process_time()
    shown = session.crosstab(rows["down"], rows["across"])
    took = time.process_time() - began
empty = [(str(a), str(b)) for a in shown.index for b in shown.columns if pd.isna(shown.loc[a, b])]
print("RESULT" + json.dumps([empty, took]))
"""
)


def public(name, down, column_name):
    """Return a two-way table of public test data: the number of records with each pair of values."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        rows = [(row[down], row[column_name]) for row in csv.DictReader(file)]
    pair_counts = Counter(pair for pair in rows if all(item not in ("", "NA") for item in pair))
    sides = [sorted({pair[side] for pair in pair_counts}) for side in (0, 1)]
    return {(f"d{a}", f"a{b}"): pair_counts[a, b] for a in sides[0] for b in sides[1]}


def synthetic(forces, kinds):
    rng = random.Random(f"{forces} {kinds}")
    return {(f"F{a:02}", f"K{b:02}"): int(rng.expovariate(1 / 9)) for a in range(forces) for b in range(kinds)}


def with_totals(cells):
    """Add totals of both dimensions to the cells, and return them with the additivity constraints."""
    cell_counts = Counter()
    for (a, b), n in cells.items():
        for key in ((a, b), (a, ALL), (ALL, b), (ALL, ALL)):
            cell_counts[key] += n
    sides = [list(dict.fromkeys(pair[side] for pair in cells)) for side in (0, 1)]
    sums = [((a, ALL), [(a, b) for b in sides[1]]) for a in (*sides[0], ALL)]
    sums += [((ALL, b), [(a, b) for a in sides[0]]) for b in (*sides[1], ALL)]
    return dict(cell_counts), sums


def own_ranges(cells):
    """Return the interval of each count that assay's own release implies, and the seconds to protect the table."""
    columns = [Column(column_name, "code", "x") for column_name in ("down", "across", "suppressed_cells")]
    columns = (Column("n", "count", "x", protect=True), *columns)
    form = Table("t", "t", "t", ("down", "across"), columns, {}, {"down": ALL, "across": ALL}, {}, {})
    rows = [{"down": a, "across": b, "n": n, "suppressed_cells": ""} for (a, b), n in with_totals(cells)[0].items()]
    start = time.process_time()
    protect_counts({"t": rows}, {"t": form}, POLICY)
    ranges = {}
    for row in rows:
        key, value = (row["down"], row["across"]), row["n"]
        if is_primary_suppressed(row, "n"):
            ranges[key] = (1, POLICY.suppression_threshold, True)
        elif is_secondary_suppressed(row, "n"):
            ranges[key] = (1, FAR, True)
        else:
            ranges[key] = (0, 0, False) if value == 0 else (max(value - 2, 8), value + 2, False)
    return ranges, time.process_time() - start


def peer(python, code, cells, highest, **more):
    """Return the interval of each count that another package's release implies; shown counts are exact."""
    request_text = json.dumps({"cells": [(a, b, n) for (a, b), n in cells.items()], **more})
    try:
        with tempfile.TemporaryDirectory() as logs:
            ranges = {"input": request_text, "capture_output": True, "text": True, "timeout": PATIENCE, "cwd": logs}
            done = subprocess.run([python, "-c", code], check=False, **ranges)
    except subprocess.TimeoutExpired:
        return None, f"none in {PATIENCE} s"
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT")), "")
    if not line:
        print(done.stderr[-600:], file=sys.stderr)
        return None, f"ended with {done.returncode}"
    empty, took = json.loads(line.removeprefix("RESULT"))
    hidden = {tuple(pair) for pair in empty}
    exact = with_totals(cells)[0]
    assert all(pair in hidden for pair, n in cells.items() if 0 < n <= POLICY.suppression_threshold), (
        "an unsafe count is shown"
    )
    return {key: (1, highest, True) if key in hidden and n else (n, n, False) for key, n in exact.items()}, took


def score_release(ranges, cells):
    """Return how many counts are suppressed, exactly known, known within 5, or small and known to be below 5."""
    exact, sums = with_totals(cells)
    ends = {cell: pair for (_, cell), pair in attack([ranges], [sums]).items()}
    missed = sum(not low - NEARLY <= exact[cell] <= high + NEARLY for cell, (low, high) in ends.items())
    assert not missed, "the true value is not among the possible"
    return {
        "counts": sum(n > 0 for n in exact.values()),
        "empty": len(ends),
        "exact": sum(high - low < NEARLY for low, high in ends.values()),
        "narrow": sum(high - low < 5 - NEARLY for low, high in ends.values()),
        "below": sum(exact[cell] <= 4 and high < 5 - NEARLY for cell, (_, high) in ends.items()),
    }


HEADS = (
    "table", "counts above 0", "by", "empty", "empty, %", "exactly known", "within 5", "known to be below 5", "seconds",
)  # fmt: skip


def page(lines):
    return "\n".join([
        "# Information loss and remaining disclosure of our method, Tau-Argus and ACRO",
        "",
        *"\n\n".join((__doc__ or "").strip().split("\n\n")[1:4]).splitlines(),
        "",
        f"Processor seconds, {platform.machine()}, Python {platform.python_version()}, {date.today():%d %B %Y}.",
        "",
        f"| {' | '.join(HEADS)} |",
        "| --- | --: | --- |" + " --: |" * 6,
        *lines,
        "",
    ])  # fmt: skip


def line_of(name, way, cells, ranges, took):
    exact = with_totals(cells)[0]
    head = f"| {name} | {sum(n > 0 for n in exact.values())} | {way} |"
    if ranges is None:
        return f"{head} no answer | | | | | {took} |"
    found = score_release(ranges, cells)
    share = 100 * found["empty"] / found["counts"]
    figures = (found["empty"], f"{share:.0f}", *(found[name] for name in ("exact", "narrow", "below")), f"{took:.2f}")
    return f"{head} {' | '.join(map(str, figures))} |"


def main():
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tau", required=True)
    parser.add_argument("--acro", required=True)
    options = parser.parse_args()
    options.tau, options.acro = (str(Path(program).absolute()) for program in (options.tau, options.acro))
    tables = {
        f"{name[:-4]}: {down} by {column_name}": public(name, down, column_name) for name, down, column_name in PUBLIC
    }
    tables |= {f"synthetic: {a} forces by {b} kinds": synthetic(a, b) for a, b in SIZES}
    lines = []
    for name, cells in tables.items():
        ways = {
            "ours": lambda cells=cells: own_ranges(cells),
            "Tau-Argus, modular": lambda cells=cells: peer(options.tau, TAU, cells, FAR, method="MOD(1,5,1,0,0)"),
            "Tau-Argus, optimal": lambda cells=cells: peer(options.tau, TAU, cells, FAR, method="OPT(1,5)"),
            "ACRO": lambda cells=cells: peer(options.acro, ACRO, cells, POLICY.suppression_threshold),
        }
        for way_name, way in ways.items():
            lines.append(line_of(name, way_name, cells, *way()))
            print(lines[-1], flush=True)
    Path(__file__).with_suffix(".md").write_text(page(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
