"""Attack what a release says of comparisons by worlds that look alike: all released counts and totals are the same.

A small world has two measures of one failure mode and six forces, with counts not known and the totals of all forces.
Records are moved between forces, as far as suppressed counts and rounding permit, so that totals stay the same. If all released counts and their statuses stay the same, a reader cannot tell the two worlds apart. A statement that differs
between them tells them apart: who is compared, with which reason, and on how many measures of a combined test.

    python tests/sdc/lookalike_worlds.py WORLDS [SEED]
"""

import random
import sys
from collections import Counter

import pyarrow as pa

from assay.compare.failure_mode_tests import compare_with_failure_modes
from assay.sdc import apply_policy, declared_tables
from assay.sdc.cell_status import is_primary_suppressed, is_secondary_suppressed
from compare.test_compare_indicators import ARREST, CHARGED, ORGANISATIONS, ladder
from sdc.comparison_attack import POLICY
from sdc.test_estimates_reveal_nothing import POLICY as ROUNDING
from sdc.test_estimates_reveal_nothing import SIX, _declared

MODE, ALL_FORCES = "F13", "ALL"
MEASURES = (ARREST, CHARGED)
COUNTS = ("met", "not_met", "not_known")
MOVES, TRIES = 60, 8
"""Moves of records between two forces in a world that may look alike, and such worlds for each world."""


def random_world(rng):
    """Counts by measure and force; what is not met or not known is in two forces, so that a total is near a small count."""
    columns = {form.key: [[_met(rng) for _ in SIX], _sparse_column(rng), _sparse_column(rng)] for form in MEASURES}
    return {(key, code): [column[place] for column in values]
            for key, values in columns.items() for place, code in enumerate(SIX)}  # fmt: skip


def _met(rng):
    """A count near or beyond the minimum number of records of a comparison."""
    return rng.randint(8, 18) if rng.random() < 0.2 else rng.randint(23, 40)


def _sparse_column(rng):
    """Counts of one column by force: two forces alone have records, and those of one are few."""
    column = [rng.randint(8, 16), rng.randint(1, POLICY.suppression_threshold), *[0] * (len(SIX) - 2)]
    return rng.sample(column, len(column))


def release(world):
    """The released rows of a world, by table."""
    ladders = [ladder(code, form, **dict(zip(COUNTS, world[form.key, code], strict=True)))
               for form in MEASURES for code in SIX]  # fmt: skip
    for form in MEASURES:
        sums = [sum(world[form.key, code][position] for code in SIX) for position in range(len(COUNTS))]
        ladders.append(ladder(ALL_FORCES, form, **dict(zip(COUNTS, sums, strict=True))))
    sides = dict.fromkeys((form.key for form in MEASURES), "lower")
    exact = compare_with_failure_modes(MEASURES, ladders, ORGANISATIONS, {MODE: sides}, policy=ROUNDING)
    tables = {name: _declared(name, exact[name]) for name in ("force_estimates", "combined_tests")}
    tables["ladders"] = pa.Table.from_pylist(ladders, declared_tables()["ladders"].schema)
    tables["failure_modes"] = pa.table({"failure_mode": [MODE], "shown_by": [" ".join(sides)]})
    return {name: table.to_pylist() for name, table in apply_policy(tables, POLICY).items()}


def released_counts(rows):
    """All that a reader knows of the counts: values and statuses in both tables, with the totals."""
    return [
        [(row[name], is_primary_suppressed(row, name), is_secondary_suppressed(row, name)) for name in names]
        for table, names in (("ladders", COUNTS), ("force_estimates", ("met", "not_met", "base")))
        for row in rows[table]
    ]


def statements(rows):
    """What a release says of comparisons: reasons and ranks of each force, and measures of each combined test."""
    return {
        "reason": [row["not_comparable"] or "" for row in rows["force_estimates"]],
        "rank": [(row["rank"], is_primary_suppressed(row, "rank")) for row in rows["force_estimates"]],
        "measures": [row["measures"] for row in rows["combined_tests"]],
    }


def lookalike(world, rows, rng):
    """Released rows of another world with the same released counts; None if none was found."""
    ladders = {(row["indicator"], row["place_code"]): row for row in rows["ladders"]}
    counts = released_counts(rows)
    for _ in range(TRIES):
        other_world = _with_moved_records(world, ladders, rng)
        if other_world != world and released_counts(other_rows := release(other_world)) == counts:
            return other_rows
    return None


def _with_moved_records(world, ladders, rng):
    """The world with records moved between two forces at a time, so that totals stay the same."""
    changed = {key: [*values] for key, values in world.items()}
    for _ in range(MOVES):
        form, position = rng.choice(MEASURES), rng.randrange(len(COUNTS))
        codes = [code for code in SIX if world[form.key, code][position]]
        (giver, receiver), moved = rng.sample(codes, 2), rng.randint(1, 6)
        ends = (
            (giver, changed[form.key, giver][position] - moved),
            (receiver, changed[form.key, receiver][position] + moved),
        )
        if all(_is_possible(ladders[form.key, code], COUNTS[position], count) for code, count in ends):
            for code, count in ends:
                changed[form.key, code][position] = count
    return changed


def _is_possible(row, name, count):
    """Return True if the released cell permits the count."""
    if is_primary_suppressed(row, name):
        return 1 <= count <= POLICY.suppression_threshold
    if is_secondary_suppressed(row, name):
        return count >= 1
    return count == row[name] == 0 or (
        count > POLICY.suppression_threshold and abs(count - row[name]) <= POLICY.rounding_base // 2
    )


def attack(worlds, seed):
    """Numbers of worlds with a secondary suppressed count, of pairs that look alike, and of differing statements."""
    rng, found = random.Random(seed), Counter()
    for _ in range(worlds):
        world = random_world(rng)
        rows = release(world)
        found["with a secondary suppressed count"] += any(
            "secondary:" in (row["suppressed_cells"] or "") for row in rows["ladders"]
        )
        if (other_rows := lookalike(world, rows, rng)) is not None:
            found["pairs that look alike"] += 1
            other_statements = statements(other_rows)
            for name, stated in statements(rows).items():
                found[f"differing: {name}"] += stated != other_statements[name]
    return found


def main():
    for name, number in attack(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1).items():
        print(f"{name}: {number}", flush=True)


if __name__ == "__main__":
    main()
