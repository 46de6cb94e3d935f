"""Do proposed grades find the true quality of forces, beside 52 files in six forces and beside a league table?

    python benchmarks/grades.py [drawn] [planted] [--countries N] [--seeds N] [--write]

Drawn: countries whose every true share is known (`assay.synthetic.simulation.grade_recovery`). Planted: countries
invented record by record, with failings planted, laid and run like real returns
(`assay.synthetic.simulation.grade_recovery_trials`). Tables are printed as Markdown; seeds are fixed. `--write`
writes each part to its place in benchmarks/grades.md.
"""

import argparse
import os
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from assay.grading.grading_rules import rules
from assay.synthetic.simulation.grade_recovery import (
    ASSAY,
    LEAGUE,
    METHODS,
    TODAY,
    calibration,
    file_reading_grades,
    league_table,
    proposed_grades,
    score_method,
    simulate_country,
)
from assay.synthetic.simulation.grade_recovery_trials import score_country
from assay.synthetic.simulation.trial_runs import build_statements
from assay.synthetic.simulation.trial_worlds import TrialWorld

SIZES = (15.0, 60.0, 240.0)
HEAD = "# How well proposed grades find the true quality of forces"
PARTS = {"drawn": "## Drawn countries", "planted": "## Planted countries"}
FAILINGS = ("late_recording", "late_notices", "needs_unassessed", "ethnicity_missing", "return_interviews_late",
            "few_charged", "profile_stale", "missing_not_linked", "flags_missing")  # fmt: skip
FORCES, CRIMES, AGAIN = 12, 150, 5


def compared(found, held, size) -> list[str]:
    rows = []
    for method in METHODS:
        one = score_method(method, found[method], held)
        right, near = (number / max(one.graded, 1) for number in (one.right, one.within_one))
        rows.append(f"| {size} | {method} | {one.forces} | {one.graded} | {right:.0%} | {near:.0%} | "
                    f"{one.rank_correlation:.2f} |")  # fmt: skip
    return rows


def calibrated(made, held, size) -> list[str]:
    rows = calibration(made, held)
    return ["", f"Stated probability that a characteristic is shown, {size}:", "",
            "| stated | characteristics | mean stated | truly shown |", "|---|---|---|---|",
            *(f"| {name} | {number} | {said:.0%} | {true:.0%} |" for name, number, said, true in rows)]  # fmt: skip


def columns(first: str) -> list[str]:
    return [f"| {first} | method | forces | graded | right | within one grade | rank correlation |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip


def drawn_tables(countries: int, _: int) -> list[str]:
    """Every table of drawn countries, as lines."""
    lines = [f"Countries of 44 forces with known true shares, {countries} a row, seeds 0 to {countries - 1}.", "",
             *columns("records of a kind")]  # fmt: skip
    every: list[str] = []
    for size in SIZES:
        held = [simulate_country(seed, records=size) for seed in range(countries)]
        ours = [proposed_grades(one) for one in held]
        found = {
            ASSAY: [one for one, _ in ours],
            TODAY: [file_reading_grades(one, seed) for seed, one in enumerate(held)],
            LEAGUE: [league_table(one) for one in held],
        }
        lines += compared(found, held, f"{size:g}")
        every += calibrated([made for _, made in ours], held, f"{size:g} records of a kind")
    return lines + every


def planted_tables(_: int, seeds: int) -> list[str]:
    """Every table of planted countries, as lines."""
    worlds = [
        TrialWorld("graded", seed, FORCES, CRIMES, dict.fromkeys(FAILINGS, 1), 1.0) for seed in range(1, seeds + 1)
    ]
    statements = build_statements(TrialWorld("graded", 0, 3, 20))
    ours = []
    for world in worlds:
        began = time.perf_counter()
        ours.append(score_country(statements, world, AGAIN))
        print(f"seed {world.seed}: {time.perf_counter() - began:.0f} s", flush=True)
    held = [country for country, _, _ in ours]
    read = [file_reading_grades(one, world.seed) for one, world in zip(held, worlds, strict=True)]
    found = {ASSAY: [one for _, one, _ in ours], TODAY: read, LEAGUE: [league_table(one) for one in held]}
    told = (
        f"{seeds} countries of {FORCES} forces with {CRIMES} crimes each on average, invented record by record "
        f"(seeds 1 to {seeds}); each of {len(FAILINGS)} failings is planted in one force, at strength 1. True is "
        f"what the same forces show in {AGAIN} other draws of their records together. Forces are judged by records "
        "alone, from what disclosure would let out."
    )
    there = Counter(grade for country in held for grade in country.grade.values())
    told += f" True grades: {', '.join(f'{name} {there[name]}' for name in rules().grade_names if there[name])}."
    lines = [told, "", *columns("crimes a force")]
    made = [proposals for *_, proposals in ours]
    return lines + compared(found, held, CRIMES) + calibrated(made, held, f"{CRIMES} crimes a force")


TABLES = {"drawn": drawn_tables, "planted": planted_tables}


def written(part: str, lines: list[str]) -> None:
    """Put one part into its place in the file; the other stays."""
    path = Path(__file__).with_suffix(".md")
    held = dict.fromkeys(PARTS, "")
    for piece in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        for key, head in PARTS.items():
            if piece.startswith(head[3:]):
                held[key] = piece.partition("\n\n")[2].strip()
    held[part] = "\n".join(lines)
    text = "\n\n".join(f"{PARTS[key]}\n\n{told}" for key, told in held.items() if told)
    path.write_text(f"{HEAD}\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which countries (default: both)")
    parser.add_argument("--countries", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    for part in given.parts or PARTS:
        began = time.perf_counter()
        lines = TABLES[part](given.countries, given.seeds)
        print("\n".join([PARTS[part], "", *lines, "", f"{time.perf_counter() - began:.0f} seconds"]))
        if given.write:
            written(part, lines)
