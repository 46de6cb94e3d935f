"""Attack suppressed counts by the alerts of combined tests, together with ladders, totals and force estimates.

A small world has three measures of one failure mode and six forces. The attacker knows the method, every released count
and the totals of all forces. For each possible value of a suppressed count the attacker makes the comparison again, with
this value, with the value of the other suppressed count that the total leaves, and with the other counts from a draw of
their released intervals. A value with which no draw gives the released alerts is struck out.

    python tests/sdc/combined_test_attack.py WORLDS [SEED]
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass

import pyarrow as pa

from assay.compare.failure_mode_tests import compare_with_failure_modes
from assay.indicators import indicator_catalogue
from assay.sdc import apply_policy, declared_tables
from assay.sdc.cell_status import is_primary_suppressed, is_secondary_suppressed, is_suppressed
from compare.test_compare_indicators import ARREST, CHARGED, ORGANISATIONS, ladder
from sdc.comparison_attack import POLICY
from sdc.test_estimates_reveal_nothing import POLICY as ROUNDING
from sdc.test_estimates_reveal_nothing import SIX, _declared

MODE, ALL_FORCES = "F13", "ALL"
MEASURES = (ARREST, CHARGED, indicator_catalogue.find_form("told_of_interview"))
SIDES = {form.key: "lower" for form in MEASURES} | {ARREST.key: "higher"}
DRAWS = 6
"""Worlds that the attacker draws for each value of a suppressed count."""


@dataclass
class World:
    """Met and not met by measure and force."""

    counts: dict[tuple[str, str], tuple[int, int]]

    def ladders(self):
        rows = [ladder(code, form, met=self.counts[form.key, code][0], not_met=self.counts[form.key, code][1])
                for form in MEASURES for code in SIX]  # fmt: skip
        return rows + [
            ladder(ALL_FORCES, form, **{name: sum(self.counts[form.key, code][side] for code in SIX)
                                        for side, name in enumerate(("met", "not_met"))})
            for form in MEASURES
        ]  # fmt: skip

    def compared(self):
        return compare_with_failure_modes(MEASURES, self.ladders(), ORGANISATIONS, {MODE: SIDES}, policy=ROUNDING)

    def with_counts(self, changed):
        return World(self.counts | changed)


def random_world(rng):
    """A world in which one count of the first measure is small, so that another must be suppressed beside it."""
    counts = {}
    for form in MEASURES:
        for code in SIX:
            base, share = rng.randint(30, 60), rng.choice((0.6, 0.7, 0.8))
            met = round(base * share)
            counts[form.key, code] = (met, base - met)
    for code in SIX:  # few meet the first measure, so its total is near the small count
        counts[ARREST.key, code] = (0, rng.randint(20, 40))
    first, second = SIX[:2]
    counts[ARREST.key, first] = (rng.randint(8, 20), rng.randint(20, 150))
    counts[ARREST.key, second] = (rng.randint(1, 7), rng.randint(20, 40))
    for form in MEASURES[1:]:  # the first force does worse on the other measures
        base = rng.randint(30, 60)
        met = round(base * rng.uniform(0.1, 0.5))
        counts[form.key, first] = (met, base - met)
    return World(counts)


def released(world):
    """What is released of a world, as rows by table."""
    tables = world.compared()
    names = ("force_estimates", "combined_tests")
    modes = pa.table({"failure_mode": [MODE], "shown_by": [" ".join(SIDES)]})
    ladders = pa.Table.from_pylist(world.ladders(), declared_tables()["ladders"].schema)
    tables = {name: _declared(name, tables[name]) for name in names} | {"ladders": ladders, "failure_modes": modes}
    return {name: table.to_pylist() for name, table in apply_policy(tables, POLICY).items()}


def interval(row, name):
    """The smallest and the largest value of a released count."""
    if is_primary_suppressed(row, name):
        return 1, POLICY.suppression_threshold
    if is_secondary_suppressed(row, name):
        return 1, 1000
    half = POLICY.rounding_base // 2
    return (max(row[name] - half, POLICY.suppression_threshold + 1), row[name] + half) if row[name] else (0, 0)


def suppressed_met(rows):
    """The ladders of the first measure, and the forces with a suppressed count of met."""
    ladders = {row["place_code"]: row for row in rows["ladders"] if row["indicator"] == ARREST.key}
    return ladders, [code for code in SIX if is_suppressed(ladders[code], "met")]


def possible_pairs(ladders, first, second):
    """The values of two suppressed counts of met that the released rows and their total permit."""
    total_low, total_high = interval(ladders[ALL_FORCES], "met")
    ranges = [interval(ladders[code], "met") for code in SIX if code not in (first, second)]
    low, high = total_low - sum(high for _, high in ranges), total_high - sum(low for low, _ in ranges)
    (a_low, a_high), (b_low, b_high) = interval(ladders[first], "met"), interval(ladders[second], "met")
    return [(a, b) for a in range(a_low, min(a_high, high) + 1) for b in range(b_low, min(b_high, high) + 1)
            if low <= a + b <= high]  # fmt: skip


def alert(world):
    """The alert of the first force in the combined test, from exact counts."""
    rows = world.compared()["combined_tests"].to_pylist()
    return next(row["outlier_alert"] for row in rows if row["place_code"] == SIX[0])


def attack(world, stated, rng, draws=DRAWS):
    """The width of the possible values of each suppressed count, before and after the stated alert is used.

    An empty result if no count is suppressed beside another, or no alert is stated.
    """
    rows = released(world)
    ladders, suppressed = suppressed_met(rows)
    if stated is None or len(suppressed) != 2 or ladders[ALL_FORCES]["met"] is None:
        return []
    pairs = possible_pairs(ladders, *suppressed)
    fitting = [
        pair for pair in pairs
        if any(alert(drawn_world) == stated for drawn_world in possible_worlds(world, pair, suppressed, rows, rng, draws))
    ]  # fmt: skip
    return [(width(pairs, side), width(fitting, side)) for side in (0, 1)]


def width(pairs, side):
    values = [pair[side] for pair in pairs]
    return max(values) - min(values) if values else 0


def possible_worlds(world, pair, suppressed, rows, rng, draws):
    """Worlds with these two counts of met: the first has the exact other counts, the rest have other possible ones."""
    changed = {(ARREST.key, code): (met, world.counts[ARREST.key, code][1])
               for code, met in zip(suppressed, pair, strict=True)}  # fmt: skip
    yield world.with_counts(changed)
    for _ in range(draws - 1):
        yield world.with_counts(_draw_counts(world, rows, rng) | changed)


def _draw_counts(world, rows, rng):
    return {(row["indicator"], row["place_code"]): (_draw(row, "met", rng), _draw(row, "not_met", rng))
            for row in rows["ladders"] if row["place_code"] in SIX and not (row["suppressed_cells"] or "")}  # fmt: skip


def _draw(row, name, rng):
    low, high = interval(row, name)
    return rng.randint(low, high)


def main():
    number, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng, found = random.Random(seed), Counter()
    for _ in range(number):
        world = random_world(rng)
        released_alert = next(
            row["outlier_alert"] for row in released(world)["combined_tests"] if row["place_code"] == SIX[0]
        )
        for name, stated in (("as released", released_alert), ("as if each alert were stated", alert(world))):
            widths = attack(world, stated, rng)
            found[f"{name}: suppressed counts beside an alert"] += len(widths)
            found[f"{name}: narrower"] += sum(after < before for before, after in widths)
            found[f"{name}: disclosive"] += sum(after < POLICY.protection_level <= before for before, after in widths)
    for name, value in found.items():
        print(f"{name}: {value}", flush=True)


if __name__ == "__main__":
    main()
