"""How well do proposed grades find the true quality of forces, compared with sampled files and a league table?

    python benchmarks/grades.py [drawn] [injected] [mixed] [--countries N] [--seeds N] [--write]
    python benchmarks/grades.py mixed --seeds 10 --forces 44 --crimes 250 --strengths 0.4 0.7 1 --keep FILE

Drawn: countries whose every true share is known (`assay.synthetic.simulation.grade_recovery`). Injected: synthetic
countries generated record by record, with failings injected, and run like real returns
(`assay.synthetic.simulation.grade_recovery_trials`). Mixed: countries in which a third of the forces have no failing
and the others one to three, at several strengths; only the stages that grades need are run
(`assay.synthetic.simulation.grade_trials`). It prints five figures with intervals and their targets: serious failings
whose theme is graded worse than good, themes without failings that are graded good, themes with data that are graded,
the order of forces by what is injected, and contradictions between grades, concerns and alerts. It also prints stated
probabilities beside the truth. Sampled files are today's practice: 52 files in six forces.

The seeds of mixed countries start at 47001. No test, setting or other benchmark uses them, so no rule, measure or
threshold was chosen on these countries. `--exact` skips disclosure control, which takes most of the time; grades are
then based on exact counts. Tables are printed as Markdown; seeds are fixed. `--keep` stores each country as soon as it
is graded, so that an interrupted run can be continued. `--write` writes each part to its place in benchmarks/grades.md.
"""

import argparse
import os
import pickle
import time
from collections import Counter
from collections.abc import Callable, Iterable
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
from assay.synthetic.simulation.grade_trials import (
    MIN_RECORDS,
    SERIOUS,
    GradedCountry,
    Proportion,
    grade_figures,
    matching_countries,
    ordered_pairs,
    proportion,
    run_graded_country,
    serious_failings,
    stated_bands,
)
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.report_scores import FailingInReport
from assay.synthetic.simulation.trial_runs import build_statements
from assay.synthetic.simulation.trial_worlds import TrialWorld, mixed_world

SIZES = (15.0, 60.0, 240.0)
HEAD = """# How well proposed grades find the true quality of forces

These tables compare the grades that `assay` proposes, and those of two simpler methods, with the true quality of
synthetic forces. Each part says under which version of the rules it was measured."""
PARTS = {
    "drawn": "## Drawn countries",
    "injected": "## Injected countries",
    "mixed": "## Mixed countries",
}
FIRST_MIXED_SEED = 47001
FAILINGS = ("late_recording", "late_notices", "needs_unassessed", "ethnicity_missing", "return_interviews_late",
            "few_charged", "profile_stale", "missing_not_linked", "flags_missing")  # fmt: skip
FILES_ONLY = ("flags_wrong",)
"""Failings whose sign in records, more flags on other offences, is as much a sign of better flagging."""
FORCES, CRIMES, REPEATS = 12, 150, 5


def method_rows(grades, countries, size) -> list[str]:
    """Return one row for each method: how often its grades are exactly right, and within one grade."""
    rows = []
    for method in METHODS:
        score = score_method(method, grades[method], countries)
        right, within_one = (number / max(score.graded, 1) for number in (score.right, score.within_one))
        rows.append(f"| {size} | {method} | {score.forces} | {score.graded} | {right:.0%} | {within_one:.0%} | "
                    f"{score.rank_correlation:.2f} |")  # fmt: skip
    return rows


def calibration_rows(proposals, countries, size) -> list[str]:
    """Return a calibration table: the observed share of characteristics that are met, by band of predicted
    probability."""
    rows = calibration(proposals, countries)
    return ["", f"Stated probability that a characteristic is shown, {size}:", "",
            "| stated | characteristics | mean stated | truly shown |", "|---|---|---|---|",
            *(f"| {name} | {number} | {stated:.0%} | {true:.0%} |" for name, number, stated, true in rows)]  # fmt: skip


def columns(first: str) -> list[str]:
    """Return the header of the table of methods."""
    return [f"| {first} | method | forces | graded | right | within one grade | rank correlation |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip


def drawn_tables(settings: argparse.Namespace) -> list[str]:
    """Return tables of grades in simulated countries whose true shares are known, as lines of text."""
    number = settings.countries
    lines = [f"Countries of 44 forces with known true shares, {number} a row, seeds 0 to {number - 1}.", "",
             *columns("records of a kind")]  # fmt: skip
    calibrations: list[str] = []
    for size in SIZES:
        countries = [simulate_country(seed, records=size) for seed in range(number)]
        graded = [proposed_grades(country) for country in countries]
        grades = {
            ASSAY: [country_grades for country_grades, _ in graded],
            TODAY: [file_reading_grades(country, seed) for seed, country in enumerate(countries)],
            LEAGUE: [league_table(country) for country in countries],
        }
        lines += method_rows(grades, countries, f"{size:g}")
        calibrations += calibration_rows(
            [proposals for _, proposals in graded], countries, f"{size:g} records of a kind"
        )
    return lines + calibrations


def injected_tables(settings: argparse.Namespace) -> list[str]:
    """Return the tables of countries with injected failings, as lines."""
    seeds = settings.seeds
    worlds = [
        TrialWorld("graded", seed, FORCES, CRIMES, dict.fromkeys(FAILINGS, 1), 1.0) for seed in range(1, seeds + 1)
    ]
    statements = build_statements(TrialWorld("graded", 0, 3, 20))
    results = []
    for world in worlds:
        start = time.perf_counter()
        results.append(score_country(statements, world, REPEATS))
        print(f"seed {world.seed}: {time.perf_counter() - start:.0f} s", flush=True)
    countries = [country for country, _, _ in results]
    grades = {
        ASSAY: [country_grades for _, country_grades, _ in results],
        TODAY: [file_reading_grades(country, world.seed) for country, world in zip(countries, worlds, strict=True)],
        LEAGUE: [league_table(country) for country in countries],
    }
    true_grades = Counter(grade for country in countries for grade in country.grade.values())
    grade_list = ", ".join(f"{name} {true_grades[name]}" for name in rules().grade_names if true_grades[name])
    description = (
        f"{seeds} synthetic countries of {FORCES} forces with {CRIMES} crimes each on average, generated record by "
        f"record (seeds 1 to {seeds}); each of {len(FAILINGS)} failings is injected in one force, at strength 1. The "
        f"true grade is that of the same forces in {REPEATS} other draws of their records together. Forces are graded "
        f"on records alone, from released figures. True grades: {grade_list}."
    )
    lines = [description, "", *columns("crimes a force")]
    proposals = [country_proposals for *_, country_proposals in results]
    calibrations = calibration_rows(proposals, countries, f"{CRIMES} crimes a force")
    return lines + method_rows(grades, countries, CRIMES) + calibrations


def mixed_tables(settings: argparse.Namespace) -> list[str]:
    """Return the figures and the calibration of countries with different numbers of failings by force, as lines."""
    countries = graded_countries(settings)
    tables = (theme_lines, failing_lines, calibration_lines)
    return [*figure_lines(countries, settings), *(line for table in tables for line in ("", *table(countries)))]


def graded_countries(settings: argparse.Namespace) -> list[GradedCountry]:
    """Return the countries with their grades: those stored in the file `--keep`, and the others after running them."""
    seeds = range(settings.first_seed, settings.first_seed + settings.seeds)
    worlds = [mixed_world(seed, settings.forces, settings.crimes, settings.strengths) for seed in seeds]
    path = settings.keep
    has_control = not settings.exact
    stored: list[GradedCountry] = pickle.loads(path.read_bytes()) if path and path.exists() else []
    matching = matching_countries(stored, worlds, has_disclosure_control=has_control)
    missing = [world for world in worlds if world not in [country.world for country in matching]]
    if missing and not settings.stored_only:
        statements = build_statements(TrialWorld("graded", 0, 3, 20))
        for world in missing:
            start_seconds = time.process_time()
            stored.append(run_graded_country(statements, world, has_disclosure_control=has_control))
            print(f"seed {world.seed}: {time.process_time() - start_seconds:.0f} s of the processor", flush=True)
            if path:
                path.write_bytes(pickle.dumps(stored))
    return matching_countries(stored, worlds, has_disclosure_control=has_control)


def figure_lines(countries: list[GradedCountry], settings: argparse.Namespace) -> list[str]:
    """Return the five figures by which grades are judged, each with its target, as lines."""
    figures = grade_figures(countries)
    seeds = ", ".join(str(country.world.seed) for country in countries)
    control = "exact counts, without disclosure control" if settings.exact else "released counts"
    strengths = ", ".join(f"{strength:g}" for strength in settings.strengths)
    return [
        f"Countries: {len(countries)}, of {settings.forces} forces with {settings.crimes} crimes each in one year "
        f"(seeds {seeds}), strengths {strengths}, {control}. Grades rest on records alone.",
        "",
        "| figure | aim | found |",
        "|---|---|---|",
        f"| failings of strength {SERIOUS:g} or more on {MIN_RECORDS} records or more: theme worse than good | 95% "
        f"| {figures.not_good} |",
        f"| clean (force, theme) pairs with data: good or better | 70% | {figures.clean_good} |",
        f"| (force, theme) pairs with data: graded | 90% | {figures.graded} |",
        f"| pairs of forces with unequal burden: in the right order of the watch list | 85% "
        f"| {figures.watch_ordered} |",
        f"| the same, by the mean share of characteristics that are shown | | {figures.ordered} |",
        f"| contradictions between grades, concerns and alerts | 0 | {figures.contradictions} |",
        "",
        *further_lines(countries),
    ]


def further_lines(countries: list[GradedCountry]) -> list[str]:
    """Return figures without a target: by strength of failing, without failings that no record shows, and by rank of
    forces."""
    failings_found = [item for country in countries for item in country.score.failings if item.is_police_duty]
    rows = [
        f"| failings of strength {strength:g} on {MIN_RECORDS} records or more: theme worse than good for that reason "
        f"| {share} |"
        for strength in sorted({item.strength for item in failings_found})
        if (share := found_by_grade(failings_found, lambda item, strength=strength: item.strength == strength))
    ]
    serious = [item for item in failings_found if item.strength >= SERIOUS]
    without_f3 = found_by_grade(serious, lambda item: item.failing not in FILES_ONLY)
    telling = found_by_grade(serious, lambda item: item.theme in telling_themes(countries))
    return [
        "| further figures | found |",
        "|---|---|",
        *rows,
        f"| of strength {SERIOUS:g} or more, without F3, which only case files can show | {without_f3} |",
        f"| of strength {SERIOUS:g} or more, on themes that are good in some clean force | {telling} |",
        f"| pairs of forces whose burden differs by {SERIOUS:g} or more: in the right order of the watch list "
        f"| {ordered_pairs(countries, SERIOUS, by_watch_list=True)} |",
        f"| the same, by the mean share of characteristics that are shown | {ordered_pairs(countries, SERIOUS)} |",
    ]


def telling_themes(countries: list[GradedCountry]) -> set[str]:
    """Return the themes that are graded good or better in at least one force without failings."""
    return {
        item.theme for country in countries for item in country.score.clean_themes if item.has_data and item.is_good
    }


def found_by_grade(items: Iterable[FailingInReport], is_asked: Callable[[FailingInReport], bool]) -> Proportion:
    """Return, of these failings on enough records, the share that is a reason why its theme is worse than good."""
    found = [item.is_found_by_grade for item in items if item.records >= MIN_RECORDS and is_asked(item)]
    return proportion(sum(found), len(found))


def theme_lines(countries: list[GradedCountry]) -> list[str]:
    """Return by theme the serious failings that are a reason for its grade, and the clean pairs of force and theme that
    are good.

    A theme that is good nowhere shows every failing, and distinguishes no force from another.
    """
    serious, rows = serious_failings(countries), []
    clean = [item for country in countries for item in country.score.clean_themes if item.has_data]
    for theme in dict.fromkeys(item.theme for item in clean):
        found = [item.is_found_by_grade for item in serious if item.theme == theme]
        good = [item.is_good for item in clean if item.theme == theme]
        rows.append(f"| {theme} | {proportion(sum(found), len(found))} | {proportion(sum(good), len(good))} |")
    head = [
        "| theme | serious failings: worse than good for that reason | clean forces: good or better |",
        "|---|---|---|",
    ]
    return ["By theme; where no clean force is good, the grade shows every failing and tells no force apart:", "",
            *head, *rows]  # fmt: skip


def calibration_lines(countries: list[GradedCountry]) -> list[str]:
    """Return lines of calibration: the stated probability of met, and the share without a failing."""
    rows = [
        f"| {name} | {number} | {stated:.1%} | {clean:.1%} |" for name, number, stated, clean in stated_bands(countries)
    ]
    return ["Stated probability that a characteristic is shown, beside those on which nothing is injected:", "",
            "| stated | characteristics | mean stated | nothing injected |", "|---|---|---|---|", *rows]  # fmt: skip


def failing_lines(countries: list[GradedCountry]) -> list[str]:
    """Return lines: for each failing, in how many forces with a serious one the grade, concerns and brief show it."""
    found = serious_failings(countries)
    rows = []
    for key in failings():
        items = [item for item in found if item.failing == key]
        if items:
            counts = (sum(part in item.shown_in for item in items) for part in ("grade", "concerns", "brief"))
            rows.append(f"| {failings()[key].name} | {len(items)} | {' | '.join(map(str, counts))} |")
    head = ["| failing | injected | grade | concerns | alert in the brief |", "|---|---|---|---|---|"]
    return ["Serious failings, and the parts of the report that show them:", "", *head, *rows]


TABLES = {"drawn": drawn_tables, "injected": injected_tables, "mixed": mixed_tables}


def write_part(part: str, lines: list[str]) -> None:
    """Write one section of the page to its place in the file; the other sections are unchanged."""
    path = Path(__file__).with_suffix(".md")
    texts = dict.fromkeys(PARTS, "")
    for piece in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        for key, head in PARTS.items():
            if piece.startswith(head[3:]):
                texts[key] = piece.partition("\n\n")[2].strip()
    texts[part] = "\n".join(lines)
    text = "\n\n".join(f"{PARTS[key]}\n\n{part_text}" for key, part_text in texts.items() if part_text)
    path.write_text(f"{HEAD}\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which countries (default: all three)")
    parser.add_argument("--countries", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=FIRST_MIXED_SEED, help="the first seed of mixed countries")
    parser.add_argument("--forces", type=int, default=44, help="forces of a mixed country")
    parser.add_argument("--crimes", type=int, default=250, help="crimes of each force of a mixed country")
    parser.add_argument("--strengths", type=float, nargs="+", default=[0.4, 0.7, 1.0])
    parser.add_argument("--exact", action="store_true", help="leave out disclosure control")
    parser.add_argument("--keep", type=Path, help="store graded mixed countries in this file, or take them from it")
    parser.add_argument("--stored-only", action="store_true", help="run no further country: print what is stored")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for part in options.parts or PARTS:
        start = time.perf_counter()
        lines = [f"Measured under version {rules().version} of the rules.", "", *TABLES[part](options)]
        print("\n".join([PARTS[part], "", *lines, "", f"{time.perf_counter() - start:.0f} seconds"]))
        if options.write:
            write_part(part, lines)
