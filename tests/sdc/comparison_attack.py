"""Attack suppressed counts by what a release says of the comparison of forces: compared or not, ranks, standards.

For each force and measure the attacker lists every set of exact counts that the released row permits, and strikes out
those that the statement rules out. A suppressed count is *disclosive* if the statement leaves it an interval narrower
than the protection level of the policy, and the row alone did not.

    python tests/sdc/comparison_attack.py DEMONSTRATION     the folder of an inspection
"""

import sys
from collections import Counter
from itertools import product
from pathlib import Path

import pyarrow.parquet as pq

from assay.compare.comparability import MIN_RECORDS, PENDING_LIMIT
from assay.sdc import policy
from assay.sdc.cell_status import is_primary_suppressed, is_secondary_suppressed
from assay.sdc.disclosure_control import is_force_count

POLICY = policy("record level")
COUNTS = ("met", "not_met", "not_known", "not_known_if_counted")
FAR = 60
"""Largest value that the attacker tries for a secondary suppressed count."""
LINE = 0.75
"""Share from which a standard counts as met."""


def possible_values(row, column):
    """Every exact count that the released cell permits."""
    if is_primary_suppressed(row, column):
        return range(1, POLICY.suppression_threshold + 1)
    if is_secondary_suppressed(row, column):
        return range(1, FAR)
    value, half = row.get(column) or 0, POLICY.rounding_base // 2
    return range(max(value - half, POLICY.suppression_threshold + 1), value + half + 1) if value else range(1)


def worlds(row):
    """Every (met, not met, not known) that a released row permits, by its counts and its released base."""
    bases = set(possible_values(row, "base")) if "base" in row else None
    for met, not_met in product(possible_values(row, "met"), possible_values(row, "not_met")):
        if bases is None or met + not_met in bases:
            for unknown in {a + b for a, b in product(*(possible_values(row, name) for name in COUNTS[2:]))}:
                yield met, not_met, unknown


def suppressed(row):
    return [name for name in ("met", "not_met") if is_primary_suppressed(row, name)]


def ends(found, column):
    values = [world[("met", "not_met").index(column)] for world in found]
    return min(values, default=None), max(values, default=None)


def is_disclosive(interval):
    return interval[0] is None or interval[1] - interval[0] < POLICY.protection_level


def compared_by_exact_counts(world):
    """The rule that decides whether a force is compared, if it were applied to exact counts."""
    met, not_met, unknown = world
    base = met + not_met
    if base == 0:
        return "no record"
    return "quarter" if unknown / (base + unknown) > PENDING_LIMIT else "few" if base < MIN_RECORDS else ""


def compared_by_released_counts(world):
    """The rule that decides it, from the counts as a reader knows them (decision 0279)."""
    met, not_met = (_known(count, POLICY.suppression_threshold) for count in world[:2])
    return compared_by_exact_counts((met, not_met, _known(world[2], 1)))


def _known(count, if_suppressed):
    if 0 < count <= POLICY.suppression_threshold:
        return if_suppressed
    return (count + POLICY.rounding_base // 2) // POLICY.rounding_base * POLICY.rounding_base


def stated_comparison(row):
    """What the released reason says of the counts; None if it says nothing."""
    reason = row["not_comparable"] or ""
    kinds = {"a quarter of these": "quarter", "records tell, too few": "few", "no record here": "no record"}
    return "" if not reason else next((kind for words, kind in kinds.items() if words in reason), None)


def by_comparison(row, rule=compared_by_exact_counts):
    """The counts that remain if the stated comparison followed from them by the rule."""
    stated = stated_comparison(row)
    return [world for world in worlds(row) if stated is None or rule(world) == stated]


def by_neighbours(row, lowest, highest):
    """The counts that remain if the share lies between those of the forces ranked below and above."""
    return [world for world in worlds(row) if lowest <= world[0] / sum(world[:2]) <= highest]


def by_standard(row, is_met):
    """The counts that remain if a standard that counts as met were met by exact counts."""
    return [world for world in worlds(row) if (world[0] / sum(world[:2]) >= LINE) == is_met]


def derived_ranks(rows, compared):
    """The suppressed rank of each force that is the only one without a rank: the one that nobody else has."""
    ranked = {round(row["rank"]) for row in rows if row["rank"] is not None}
    missing = [row for row in rows if row["rank"] is None and not row["not_comparable"]]
    free = set(range(1, compared + 1)) - ranked
    return {missing[0]["place_code"]: free.pop()} if len(missing) == len(free) == 1 else {}


def neighbour_shares(rows, place):
    """The shares between which that of the force lies, given the rank that is left for it."""
    rank = derived_ranks(rows, sum(not row["not_comparable"] for row in rows))[place]
    shares = {round(row["rank"]): row["share"] for row in rows if row["rank"] is not None}
    below = [share for other, share in shares.items() if other > rank]
    above = [share for other, share in shares.items() if other < rank]
    return max(below, default=0.0), min(above, default=1.0)


# A demonstration


def read(folder, stage, table):
    return pq.read_table(Path(folder) / stage / f"{table}.parquet").to_pylist()


def rows_with_unknowns(folder, stage):
    """The released rows of `force_estimates` of forces, each with the unknown counts of its ladder."""
    ladders = {(row["indicator"], row["place_code"]): row for row in read(folder, stage, "ladders")
               if row["when_reported"] == "all"}  # fmt: skip
    rows = []
    for row in read(folder, stage, "force_estimates"):
        ladder = ladders[row["indicator"], row["place_code"]]
        if row["place_code"] != "ALL" and not is_force_count(row, POLICY) and not ladder["not_askable"]:
            marks = " ".join(filter(None, (row["suppressed_cells"], ladder["suppressed_cells"])))
            rows.append(row | {name: ladder[name] for name in COUNTS[2:]} | {"suppressed_cells": marks})
    return rows


def attack_folder(folder):
    """Numbers of suppressed counts by attack: attacked, disclosive, exact, and contradicted by the exact count."""
    rows, found = rows_with_unknowns(folder, "disclosure"), Counter()
    exact = {(row["indicator"], row["place_code"]): row for row in read(folder, "counted", "force_estimates")}
    spread = {row["indicator"]: row["forces_compared"] for row in read(folder, "disclosure", "indicator_spread")}
    standards = {(row["key"], row["place_code"]): row["direction"] for row in read(folder, "disclosure", "evidence")
                 if "standard" in (row["counts"] or "") and row["direction"] in ("for", "against")}  # fmt: skip
    for row in rows:
        key = row["indicator"], row["place_code"]
        indicator_rows = [other for other in rows if other["indicator"] == row["indicator"]]
        statements = {
            "comparison, as if by exact counts": by_comparison(row),
            "comparison, by counts as released": by_comparison(row, compared_by_released_counts),
        }
        if row["place_code"] in derived_ranks(indicator_rows, spread.get(row["indicator"], 0)):
            statements["rank"] = by_neighbours(row, *neighbour_shares(indicator_rows, row["place_code"]))
        if key in standards:
            statements["standard"] = by_standard(row, standards[key] == "for")
        for column in suppressed(row):
            if is_disclosive(ends(worlds(row), column)):
                continue
            for name, left in statements.items():
                low, high = ends(left, column)
                found[name, "attacked"] += 1
                found[name, "disclosive"] += is_disclosive((low, high))
                found[name, "exact"] += low is not None and low == high
                found[name, "contradicted"] += low is None or not low <= exact[key][column] <= high
    return found


def main():
    for (name, outcome), number in sorted(attack_folder(sys.argv[1]).items()):
        print(f"{name}: {number} {outcome}")


if __name__ == "__main__":
    main()
