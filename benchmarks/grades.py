"""Do proposed grades find the true quality of forces, beside 52 files in six forces and beside a league table?

    python benchmarks/grades.py [drawn] [injected] [--countries N] [--seeds N] [--write]

Drawn: countries whose every true share is known (`assay.synthetic.simulation.grade_recovery`). Injected: countries
synthetic record by record, with failings injected, laid and run like real returns
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
PARTS = {"drawn": "## Drawn countries", "planted": "## Injected countries"}
FAILINGS = ("late_recording", "late_notices", "needs_unassessed", "ethnicity_missing", "return_interviews_late",
            "few_charged", "profile_stale", "missing_not_linked", "flags_missing")  # fmt: skip
FORCES, CRIMES, REPEATS = 12, 150, 5


def compared(found, countries, size) -> list[str]:
    rows = []
    for method in METHODS:
        score = score_method(method, found[method], countries)
        right, within_one = (number / max(score.graded, 1) for number in (score.right, score.within_one))
        rows.append(f"| {size} | {method} | {score.forces} | {score.graded} | {right:.0%} | {within_one:.0%} | "
                    f"{score.rank_correlation:.2f} |")  # fmt: skip
    return rows


def calibrated(proposals_made, countries, size) -> list[str]:
    rows = calibration(proposals_made, countries)
    return [
        "",
        f"Stated probability that a characteristic is shown, {size}:",
        "",
        "| stated | characteristics | mean stated | truly shown |",
        "|---|---|---|---|",
        *(f"| {name} | {number} | {certainty:.0%} | {true:.0%} |" for name, number, certainty, true in rows),
    ]


def columns(first: str) -> list[str]:
    return [f"| {first} | method | forces | graded | right | within one grade | rank correlation |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip


def drawn_tables(countries: int, _: int) -> list[str]:
    """Every table of drawn countries, as lines."""
    lines = [f"Countries of 44 forces with known true shares, {countries} a row, seeds 0 to {countries - 1}.", "",
             *columns("records of a kind")]  # fmt: skip
    page_lines: list[str] = []
    for size in SIZES:
        simulated = [simulate_country(seed, records=size) for seed in range(countries)]
        own_grades = [proposed_grades(country) for country in simulated]
        found = {
            ASSAY: [country_grades for country_grades, _ in own_grades],
            TODAY: [file_reading_grades(simulated_country, seed) for seed, simulated_country in enumerate(simulated)],
            LEAGUE: [league_table(simulated_country) for simulated_country in simulated],
        }
        lines += compared(found, simulated, f"{size:g}")
        page_lines += calibrated([proposals for _, proposals in own_grades], simulated, f"{size:g} records of a kind")
    return lines + page_lines


def injected_tables(_: int, seeds: int) -> list[str]:
    """Every table of injected countries, as lines."""
    worlds = [
        TrialWorld("graded", seed, FORCES, CRIMES, dict.fromkeys(FAILINGS, 1), 1.0) for seed in range(1, seeds + 1)
    ]
    statements = build_statements(TrialWorld("graded", 0, 3, 20))
    own_results = []
    for world in worlds:
        start = time.perf_counter()
        own_results.append(score_country(statements, world, REPEATS))
        print(f"seed {world.seed}: {time.perf_counter() - start:.0f} s", flush=True)
    countries = [country for country, _, _ in own_results]
    read = [file_reading_grades(country, world.seed) for country, world in zip(countries, worlds, strict=True)]
    found = {
        ASSAY: [method_grades for _, method_grades, _ in own_results],
        TODAY: read,
        LEAGUE: [league_table(country) for country in countries],
    }
    summary_text = (
        f"{seeds} countries of {FORCES} forces with {CRIMES} crimes each on average, synthetic record by record "
        f"(seeds 1 to {seeds}); each of {len(FAILINGS)} failings is injected in one force, at strength 1. True is "
        f"what the same forces show in {REPEATS} other draws of their records together. Forces are judged by records "
        "alone, from what disclosure would let out."
    )
    true_counts = Counter(grade for country in countries for grade in country.grade.values())
    grades = ", ".join(f"{name} {true_counts[name]}" for name in rules().grade_names if true_counts[name])
    summary_text += f" True grades: {grades}."
    lines = [summary_text, "", *columns("crimes a force")]
    proposals_made = [proposals for *_, proposals in own_results]
    return (
        lines + compared(found, countries, CRIMES) + calibrated(proposals_made, countries, f"{CRIMES} crimes a force")
    )


TABLES = {"drawn": drawn_tables, "planted": injected_tables}


def write_part(part: str, lines: list[str]) -> None:
    """Put one part into its place in the file; the other stays."""
    path = Path(__file__).with_suffix(".md")
    parts_by_key = dict.fromkeys(PARTS, "")
    for piece in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        for key, head in PARTS.items():
            if piece.startswith(head[3:]):
                parts_by_key[key] = piece.partition("\n\n")[2].strip()
    parts_by_key[part] = "\n".join(lines)
    text = "\n\n".join(f"{PARTS[key]}\n\n{part_text}" for key, part_text in parts_by_key.items() if part_text)
    path.write_text(f"{HEAD}\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which countries (default: both)")
    parser.add_argument("--countries", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for part in options.parts or PARTS:
        part_start = time.perf_counter()
        lines = TABLES[part](options.countries, options.seeds)
        print("\n".join([PARTS[part], "", *lines, "", f"{time.perf_counter() - part_start:.0f} seconds"]))
        if options.write:
            write_part(part, lines)
