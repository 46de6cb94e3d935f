"""How much is lost beside Tau-Argus and ACRO on the same tables, and what can a reader still work out of each?

Tables of two directions with totals both ways: public test data of disclosure control, and invented tables of forces by
kinds. Counts of 1 to 7 are unsafe for all three. Tau-Argus (`pytauargus`) protects each such count by half of itself
and finds the secondary cells by its modular or its optimal method. ACRO leaves unsafe cells empty and looks for no
others; the totals are published beside its tables. Ours is the policy 'record level', which also rounds to 5. Everybody
is attacked alike, by a linear programme that shares no code with the program (`linprog`) and knows the rule: an empty
count is at least 1; where only unsafe counts are empty, at most 7; of ours it knows the two kinds apart.

Neither package is installed with the program: each has an environment of its own (the licence of one and the pins of
the other stay out of ours), whose Python is named.

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


def public(name, down, across):
    """A table of public test data: how many records have each pair of values."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        rows = [(row[down], row[across]) for row in csv.DictReader(file)]
    told = Counter(pair for pair in rows if all(one not in ("", "NA") for one in pair))
    sides = [sorted({pair[side] for pair in told}) for side in (0, 1)]
    return {(f"d{a}", f"a{b}"): told[a, b] for a in sides[0] for b in sides[1]}


def invented(forces, kinds):
    chance = random.Random(f"{forces} {kinds}")
    return {(f"F{a:02}", f"K{b:02}"): int(chance.expovariate(1 / 9)) for a in range(forces) for b in range(kinds)}


def with_totals(cells):
    """The same with totals both ways, and the sums that hold."""
    made = Counter()
    for (a, b), n in cells.items():
        for key in ((a, b), (a, ALL), (ALL, b), (ALL, ALL)):
            made[key] += n
    sides = [list(dict.fromkeys(pair[side] for pair in cells)) for side in (0, 1)]
    sums = [((a, ALL), [(a, b) for b in sides[1]]) for a in (*sides[0], ALL)]
    sums += [((ALL, b), [(a, b) for a in sides[0]]) for b in (*sides[1], ALL)]
    return dict(made), sums


def ours(cells):
    """What a reader is told of each count, and how long it took; counts of the totals may go as well."""
    columns = [Column(one, "code", "x") for one in ("down", "across", "hidden")]
    columns = (Column("n", "count", "x", protect=True), *columns)
    form = Table("t", "t", "t", ("down", "across"), columns, {}, {"down": ALL, "across": ALL}, {}, {})
    rows = [{"down": a, "across": b, "n": n, "hidden": ""} for (a, b), n in with_totals(cells)[0].items()]
    began = time.process_time()
    protect_counts({"t": rows}, {"t": form}, POLICY)
    told = {}
    for row in rows:
        key, value = (row["down"], row["across"]), row["n"]
        if is_primary_suppressed(row, "n"):
            told[key] = (1, POLICY.hide_up_to, True)
        elif is_secondary_suppressed(row, "n"):
            told[key] = (1, FAR, True)
        else:
            told[key] = (0, 0, False) if value == 0 else (max(value - 2, 8), value + 2, False)
    return told, time.process_time() - began


def peer(python, code, cells, highest, **more):
    """What a reader is told of each count by another package: those that are shown are exact."""
    asked = json.dumps({"cells": [(a, b, n) for (a, b), n in cells.items()], **more})
    try:
        with tempfile.TemporaryDirectory() as logs:
            told = {"input": asked, "capture_output": True, "text": True, "timeout": PATIENCE, "cwd": logs}
            done = subprocess.run([python, "-c", code], check=False, **told)
    except subprocess.TimeoutExpired:
        return None, f"none in {PATIENCE} s"
    line = next((one for one in done.stdout.splitlines() if one.startswith("RESULT")), "")
    if not line:
        print(done.stderr[-600:], file=sys.stderr)
        return None, f"ended with {done.returncode}"
    empty, took = json.loads(line.removeprefix("RESULT"))
    hidden = {tuple(pair) for pair in empty}
    exact = with_totals(cells)[0]
    assert all(pair in hidden for pair, n in cells.items() if 0 < n <= POLICY.hide_up_to), "an unsafe count is shown"
    return {key: (1, highest, True) if key in hidden and n else (n, n, False) for key, n in exact.items()}, took


def judged(told, cells):
    """How many counts are empty, exactly known, to within 5, and small and known to be below 5."""
    exact, sums = with_totals(cells)
    ends = {cell: pair for (_, cell), pair in attack([told], [sums]).items()}
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
        "# What is lost beside Tau-Argus and ACRO, and what can still be worked out?",
        "",
        *(__doc__ or "").strip().splitlines()[2:9],
        "",
        f"Processor seconds, {platform.machine()}, Python {platform.python_version()}, {date.today():%d %B %Y}.",
        "",
        f"| {' | '.join(HEADS)} |",
        "| --- | --: | --- |" + " --: |" * 6,
        *lines,
        "",
    ])  # fmt: skip


def line_of(name, by, cells, told, took):
    exact = with_totals(cells)[0]
    head = f"| {name} | {sum(n > 0 for n in exact.values())} | {by} |"
    if told is None:
        return f"{head} no answer | | | | | {took} |"
    found = judged(told, cells)
    share = 100 * found["empty"] / found["counts"]
    figures = (found["empty"], f"{share:.0f}", *(found[one] for one in ("exact", "narrow", "below")), f"{took:.2f}")
    return f"{head} {' | '.join(map(str, figures))} |"


def main():
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--tau", required=True)
    asked.add_argument("--acro", required=True)
    given = asked.parse_args()
    given.tau, given.acro = (str(Path(one).absolute()) for one in (given.tau, given.acro))
    tables = {f"{name[:-4]}: {down} by {across}": public(name, down, across) for name, down, across in PUBLIC}
    tables |= {f"invented: {a} forces by {b} kinds": invented(a, b) for a, b in SIZES}
    lines = []
    for name, cells in tables.items():
        ways = {
            "ours": lambda cells=cells: ours(cells),
            "Tau-Argus, modular": lambda cells=cells: peer(given.tau, TAU, cells, FAR, method="MOD(1,5,1,0,0)"),
            "Tau-Argus, optimal": lambda cells=cells: peer(given.tau, TAU, cells, FAR, method="OPT(1,5)"),
            "ACRO": lambda cells=cells: peer(given.acro, ACRO, cells, POLICY.hide_up_to),
        }
        for by, way in ways.items():
            lines.append(line_of(name, by, cells, *way()))
            print(lines[-1], flush=True)
    Path(__file__).with_suffix(".md").write_text(page(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
