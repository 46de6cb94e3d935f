"""Attack suppressed counts in a thousand synthetic sets of tables, and measure information loss and time.

A set is linked, nested or sparse (zeros among small counts). Every fifth set is released twice, with a few records
moved in between, and both releases are attacked together. The attack computes the smallest and largest value of every
suppressed count with the program's own linear programme; one set in fifty is checked with another solver (`linprog`,
which shares no code). Then tables of forces by kinds of offence, with totals in both directions.

    python benchmarks/disclosure.py              a thousand sets; writes benchmarks/disclosure.md
    python benchmarks/disclosure.py --sets 50    fewer; writes nothing
"""

import argparse
import os
import platform
import random
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "sdc"))

import table_sets as made_up
from table_sets import COUNTS, FORMS, KINDS, POLICY, WHOLE, as_rows, exact, released

from assay.errors import DisclosureError
from assay.sdc.cell_status import is_primary_suppressed, is_secondary_suppressed
from assay.sdc.disclosure_control import protect_counts
from assay.sdc.linear_programming_attack import Attack
from assay.sdc.linked_tables import PriorReleaseRows, linked_groups, unchanged_counts
from assay.sdc.secondary_suppression import underprotected_cells

NEARLY = 1e-6
PARTS = COUNTS[1:]


def feasibility_intervals(group):
    """Return the feasibility interval of every suppressed count of a group, by its cell."""
    empty = [count for count in range(len(group.cells)) if group.is_suppressed(count)]
    attack = Attack([group.known_range(count) for count in range(len(group.cells))], group.sums)
    for count in empty:
        attack.binding_counts(count, min_width=float("inf"))
    return {cell: (attack.low[count], attack.high[count]) for count in empty for cell in group.cells_of_count(count)}


def judge(totals, truth, ends):
    """Count the feasibility intervals that are a single value, are too narrow, or exclude the true value."""
    for cell, (low, high) in ends.items():
        name, _, edition = cell[0].partition("@")
        true = truth[edition][name, *cell[1:]]
        totals["empty"] += 1
        totals["exactly known"] += high - low < NEARLY
        totals["narrower than five"] += high - low < POLICY.protection_level - NEARLY
        totals["small count known to be below five"] += 1 <= true <= 4 and high < 5 - NEARLY
        totals["true value outside the interval"] += not low - NEARLY <= true <= high + NEARLY


def count_suppressions(totals, rows):
    for table_rows in rows.values():
        for row in table_rows:
            for column in COUNTS:
                totals["counts"] += 1
                totals["hidden"] += is_primary_suppressed(row, column)
                totals["suppressed"] += is_secondary_suppressed(row, column)


def one_set(seed, kind, totals):
    """Release one synthetic set of tables (every fifth set twice), and attack it."""
    found, sums = exact(records_made := made_up.records(seed, kind))
    start = time.process_time()
    rows = released(found)
    totals["seconds"] += time.process_time() - start
    count_suppressions(totals, rows)
    truth, editions = {"": found}, ()
    if seed % 5 == 0:
        then, _ = exact(made_up.moved(records_made, seed))
        try:
            after = released(then, found, rows)
        except DisclosureError:
            totals["refused"] += 1
            return
        editions = (PriorReleaseRows(rows, unchanged_counts(as_rows(found), as_rows(then), FORMS)),)
        truth, rows = {"": then, "0": found}, after
        totals["with a second edition"] += 1
    for group in linked_groups(rows, FORMS, POLICY, editions):
        judge(totals, truth, feasibility_intervals(group))
    if seed % 50 == 1:
        totals["attacked again"] += 1
        repeated = Counter()
        judge(
            repeated,
            truth,
            {cell: ends for (_, cell), ends in made_up.attack([made_up.known_ranges(rows)], [sums]).items()},
        )
        totals["found by second attack"] += repeated["narrower than five"]


def by_kind(sets):
    """Attack this number of synthetic sets; return the totals for each kind of set and for all sets."""
    totals_by_kind = {kind: Counter() for kind in KINDS}
    for seed in range(sets):
        one_set(seed, kind := KINDS[seed % len(KINDS)], totals_by_kind[kind])
        totals_by_kind[kind]["sets"] += 1
    return totals_by_kind | {"all": sum(totals_by_kind.values(), Counter())}


def crossed(forces, kinds):
    """Protect one two-way table of forces by kinds, with totals; return seconds to protect and to audit, and counts."""
    shape = made_up.form("crossed", "force", "kind", totals={"force": "ALL", "kind": "all"})
    rng = random.Random(f"{forces} {kinds}")
    pairs = [(f"F{force}", f"K{kind}") for force in range(forces) for kind in range(kinds)]
    cells = {pair: [int(rng.expovariate(1 / 9)) for _ in PARTS] for pair in pairs}
    tables_made = {}
    for (force, kind), counts in cells.items():
        for key in ((force, kind), ("ALL", kind), (force, "all"), ("ALL", "all")):
            tables_made[key] = [
                item + more for item, more in zip(tables_made.get(key, [0] * len(PARTS)), counts, strict=True)
            ]
    rows = {"crossed": [
        {"force": key[0], "kind": key[1], "suppressed_cells": "", WHOLE: sum(counts),
         **dict(zip(PARTS, counts, strict=True))}
        for key, counts in tables_made.items()
    ]}  # fmt: skip
    start = time.process_time()
    protect_counts(rows, {"crossed": shape}, POLICY)
    protected = time.process_time()
    found = sum(len(underprotected_cells(group)) for group in linked_groups(rows, {"crossed": shape}, POLICY))
    totals = Counter()
    for row in rows["crossed"]:
        totals["hidden"] += sum(is_primary_suppressed(row, column) for column in COUNTS)
        totals["suppressed"] += sum(is_secondary_suppressed(row, column) for column in COUNTS)
    return (
        protected - start,
        time.process_time() - protected,
        found,
        4 * len(tables_made),
        totals["hidden"],
        totals["suppressed"],
    )


RESULT_NAMES = (
    "exactly known", "narrower than five", "small count known to be below five",
    "true value outside the interval",
)  # fmt: skip


def page(results_by_kind, sizes):
    """Return the results of the attacks as a Markdown page."""
    lines = [
        "# Attack on suppressed counts in synthetic tables, and the cost of protection",
        "",
        "How much can a reader of released tables learn about suppressed counts, and what does the protection cost?",
        "",
        f"{results_by_kind['all']['sets']} synthetic sets of linked tables (forces, regions, sexes, parts of a "
        f"total), {results_by_kind['all']['with a second edition']} of them in two releases that are attacked "
        f"together; {results_by_kind['all']['refused']} further second releases were refused, because no count was "
        f"left to suppress; {results_by_kind['all']['attacked again']} were attacked again with another solver, "
        f"which found {results_by_kind['all']['found by second attack']}. Processor seconds, {platform.machine()}, "
        f"Python {platform.python_version()}, {date.today():%d %B %Y}.",
        "",
        (
            f"| sets | suppressed counts | {' | '.join(RESULT_NAMES)} | primary, % of counts | secondary, % of "
            "counts | seconds per set |"
        ),
        "| --- |" + " --: |" * (len(RESULT_NAMES) + 4),
    ]
    for kind, results in results_by_kind.items():
        shares = (100 * results[name] / results["counts"] for name in ("hidden", "suppressed"))
        cells = [f"{results['sets']} {kind}", results["empty"], *(results[name] for name in RESULT_NAMES)]
        cells += [*(f"{share:.0f}" for share in shares), f"{results['seconds'] / results['sets']:.3f}"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += [
        "",
        "| forces by kinds | counts | primary suppressed | secondary suppressed | seconds to protect | seconds to "
        "audit | found in audit |",
        "| --- |" + " --: |" * 6,
    ]
    for (forces, kinds), (protect, audit, found, counts, hidden, size) in sizes.items():
        lines.append(f"| {forces} x {kinds} | {counts} | {hidden} | {size} | {protect:.1f} | {audit:.1f} | {found} |")
    return "\n".join([*lines, ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=0)
    sets = parser.parse_args().sets
    table_sizes = ((11, 10),) if sets else ((11, 40), (22, 40), (44, 40))
    sizes = {size: crossed(*size) for size in table_sizes}
    page_text = page(by_kind(sets or 1000), sizes)
    print(page_text)
    if not sets:
        Path(__file__).with_suffix(".md").write_text(page_text, encoding="utf-8")


if __name__ == "__main__":
    main()
