"""Do proposed grades find the true quality of forces, beside 52 files in six forces and beside a league table?

    python benchmarks/grades.py [--countries N] [--write]

Countries are drawn whose every true share is known (`assay.truths.graded`). Tables are printed as Markdown; seeds are
fixed. `--write` writes them to benchmarks/grades.md.
"""

import argparse
import time
from pathlib import Path

from assay.truths.graded import LEAGUE, METHODS, OURS, TODAY, calibration, drawn, league_table, proposed, scored, today

SIZES = (15.0, 60.0, 240.0)


def tables(countries: int) -> list[str]:
    """Every table, as lines."""
    lines = [f"Countries of 44 forces with known true shares, {countries} a row, seeds 0 to {countries - 1}.", ""]
    lines += ["| records of a kind | method | forces | graded | right | within one grade | rank correlation |",
              "|---|---|---|---|---|---|---|"]  # fmt: skip
    every: list[str] = []
    for size in SIZES:
        held = [drawn(seed, records=size) for seed in range(countries)]
        ours = [proposed(one) for one in held]
        found = {OURS: [one for one, _ in ours], TODAY: [today(one, seed) for seed, one in enumerate(held)],
                 LEAGUE: [league_table(one) for one in held]}  # fmt: skip
        for method in METHODS:
            one = scored(method, found[method], held)
            right, near = (number / max(one.graded, 1) for number in (one.right, one.within_one))
            lines.append(f"| {size:g} | {method} | {one.forces} | {one.graded} | {right:.0%} | {near:.0%} | "
                         f"{one.rank_correlation:.2f} |")  # fmt: skip
        rows = calibration([made for _, made in ours], held)
        every += ["", f"Stated probability that a characteristic is shown, {size:g} records of a kind:", "",
                  "| stated | characteristics | mean stated | truly shown |", "|---|---|---|---|"]  # fmt: skip
        every += [f"| {name} | {number} | {said:.0%} | {true:.0%} |" for name, number, said, true in rows]
    return lines + every


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--countries", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    began = time.perf_counter()
    head = "# How well proposed grades find the true quality of forces"
    text = "\n".join([head, "", *tables(given.countries)]) + "\n"
    print(text)
    print(f"{time.perf_counter() - began:.0f} seconds")
    if given.write:
        Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
