"""Simulation study: power and false alarms of the inspection, compared with sampled files, a league table and a funnel.

Synthetic countries without failings (false alarms) and with failings injected at several strengths (power). Each is
generated record by record and run through linkage, facts, indicators and comparison, on two processes. The peers are 52
files in six forces (today's practice), a league table and a naive funnel plot.

    python benchmarks/simulation_study.py           everything; writes simulation_study.md, the short page and figures
    QUICK=1 python benchmarks/simulation_study.py   a few small countries, printed only, in under a minute
    python benchmarks/simulation_study.py --texts   only what raters find in texts; printed
    python benchmarks/simulation_study.py --hidden  only children on no list; writes benchmarks/hidden.md
    python benchmarks/simulation_study.py --keep FILE
        store the trials in FILE, or read them from it to write the pages again (with the date of FILE)
"""

import multiprocessing
import os
import pickle
import platform
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from itertools import product, zip_longest
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import assay
from assay.synthetic.simulation.hidden_coverage import coverage_tables as hidden_tables
from assay.synthetic.simulation.hidden_coverage import score_hidden
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.repeated_draws import YEARS_LATER, Draw, run_draw
from assay.synthetic.simulation.simulation_page import Settings, page_charts, result_tables
from assay.synthetic.simulation.statement_replay import SqlStatements
from assay.synthetic.simulation.study_summary import summary_page
from assay.synthetic.simulation.text_trial_tables import sections
from assay.synthetic.simulation.text_trials import TextTrial, run_text_trial
from assay.synthetic.simulation.trial_runs import Trial, build_statements, run_trial
from assay.synthetic.simulation.trial_worlds import (
    HIDDEN,
    TESTED_FAILINGS,
    TEXT_FAILINGS,
    TrialWorld,
    generate_hidden_world,
)

ROOT = Path(__file__).parent.parent
QUICK = os.environ.get("QUICK", "") not in ("", "0")
STRENGTHS = (1.0,) if QUICK else (0.5, 1.0, 1.5)
NULLS, NATIONAL, SEEDS = (3, 0, 1) if QUICK else (120, 60, 3)
SMALL = (12, 60) if QUICK else (16, 70)
DRAW_SIZES = (6, 60) if QUICK else (16, 250)
LARGE = (20, 100) if QUICK else (44, 250)
NUISANCES = () if QUICK else (
    "uneven", "recording_changes", "definition_changes", "late_returns", "missing_by_outcome", "ethnicity_reluctance",
    "ethnicity_over_policing", "operations", "linkage_noise", "some_send_more", "cleaned_words", "sent_twice",
    "record_systems", "networks",
)  # fmt: skip
"""Worlds whose nuisances are tried, on one country each."""
IN_MOST = {"injected in most": 0.6, "injected in nearly all": 0.95}
DRAWN_AGAIN = "drawn again"
TEXTS, READ_IN = "texts", (6, 60) if QUICK else (44, 120)
"""Countries whose texts are read and marked; as many with nothing wrong as with something injected."""
TEXT_SEEDS = 1 if QUICK else 4
COUNTRIES, DRAWS = (1, 3) if QUICK else (2, 10)
"""How many countries have their records drawn again, and how often."""
INJECTED_IN = (2,) * 5 if QUICK else (3, 1, 5, 2, 4)
"""In how many forces each failing is injected, by seed."""
HIDDEN_SIZE = (3, 150) if QUICK else (12, 400)
HIDDEN_SEEDS = (1,) if QUICK else (31, 32)
PINS = ("duckdb", "ibis-framework", "numpy", "scipy", "tzdata")


def as_many_as_fit(forces_each: int) -> list[tuple[str, ...]]:
    """Return the failings in groups, one group per country: no force has two failings, so a country can take only
    some."""
    size = LARGE[0] // forces_each
    return [TESTED_FAILINGS[first : first + size] for first in range(0, len(TESTED_FAILINGS), size)]


def worlds() -> list[TrialWorld]:
    """Return large and small synthetic countries in turn, so that an interrupted run has some of each."""
    injected = [
        TrialWorld(
            "planted",
            seed,
            *LARGE,
            dict.fromkeys(failings_chosen, INJECTED_IN[(seed - 1) % 5]),
            strength,
            has_equal_sizes=True,
        )
        for seed in range(1, SEEDS + 1)
        for strength in STRENGTHS
        for failings_chosen in as_many_as_fit(INJECTED_IN[(seed - 1) % 5])
    ]
    quiet = [
        TrialWorld("nothing wrong, national", 1000 + seed, *LARGE, has_equal_sizes=True)
        for seed in range(1, NATIONAL + 1)
    ]
    quiet += [TrialWorld(f"nothing wrong, {name}", 3001, *LARGE, nuisance=name) for name in NUISANCES]
    large = [trial for pair in zip_longest(injected, quiet) for trial in pair if trial]
    large += [
        TrialWorld(name, 4001, *LARGE, {failing: round(share * LARGE[0])}, 1.0, has_equal_sizes=True)
        for name, share in IN_MOST.items()
        for failing in (TESTED_FAILINGS[:2] if QUICK else _with_a_standard())
    ]
    small = [TrialWorld("nothing wrong", 2000 + seed, *SMALL) for seed in range(1, NULLS + 1)]
    large += [
        TrialWorld(
            DRAWN_AGAIN, 5000 + seed, *DRAW_SIZES, has_equal_sizes=True, repeat=draw_number, read_years_later=later
        )
        for seed in range(1, COUNTRIES + 1)
        for draw_number in range(DRAWS)
        for later in (0, YEARS_LATER)
    ]
    large += worlds_of_texts()
    turns = -(-len(small) // len(large))
    return [trial for turn, first in enumerate(large) for trial in (first, *small[turn * turns : (turn + 1) * turns])]


def _with_a_standard() -> list[str]:
    """Return the failings with a standard, which can be judged even if most forces have them."""
    measures_by_failing = {key: [measures()[trial] for trial in failings()[key].shown_by] for key in TESTED_FAILINGS}
    return [
        key
        for key, failing_measures in measures_by_failing.items()
        if any(measure.standard is not None for measure in failing_measures)
    ]


def worlds_of_texts() -> list[TrialWorld]:
    """Return synthetic countries in which some forces' texts blame children or lack flags, and as many without such
    forces."""
    seeds = range(7001, 7001 + TEXT_SEEDS)
    injected = dict.fromkeys(TEXT_FAILINGS, 1 if QUICK else 2)
    found = [TrialWorld(TEXTS, seed, *READ_IN, injected, 1.0, has_equal_sizes=True) for seed in seeds]
    return [*found, *(TrialWorld(TEXTS, seed + 100, *READ_IN, has_equal_sizes=True) for seed in seeds)]


_STATEMENTS: list[SqlStatements] = []


def _begin(statements: SqlStatements) -> None:
    _STATEMENTS.append(statements)


def _try(world: TrialWorld) -> Trial | Draw | TextTrial:
    if world.name == TEXTS:
        return run_text_trial(world)
    return (run_draw if world.name == DRAWN_AGAIN else run_trial)(_STATEMENTS[0], world)


def run_worlds(path: Path | None) -> list[Trial | Draw | TextTrial]:
    """Return the trials of all countries in order; trials that are stored in the file `path` are not run again."""
    found: list[Trial | Draw | TextTrial] = pickle.loads(path.read_bytes()) if path and path.exists() else []
    worlds_asked = [world for world in worlds() if world not in [trial.world for trial in found]]
    if not worlds_asked:
        return found
    statements = build_statements(TrialWorld("statements", 1, 5, 8))
    with multiprocessing.get_context("spawn").Pool(2, _begin, (statements,)) as pool:
        for number, trial in enumerate(pool.imap(_try, worlds_asked), start=1):
            found.append(trial)
            if number % 5 == 0 or number == len(worlds_asked):
                print(f"{number} of {len(worlds_asked)} countries", file=sys.stderr)
                if path:
                    path.write_bytes(pickle.dumps(found))
    return found


def settings(path: Path | None) -> Settings:
    """Return the settings of the trials; trials that are stored in the file `path` are as old as the file."""
    versions = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PINS)]
    day = date.fromtimestamp(path.stat().st_mtime) if path else date.today()
    return Settings(QUICK, ", ".join(versions), f"{day.day} {day:%B %Y} with version {assay.__version__} of `assay`")


def write(trials: list[Trial], draws: list[Draw], tables: str, measured: str) -> None:
    (ROOT / "benchmarks" / "simulation_study.md").write_text(tables, encoding="utf-8")
    page_text = summary_page(trials, draws, measured)
    (ROOT / "docs" / "explanation" / "how-well-it-finds.md").write_text(page_text, encoding="utf-8")
    for name, svg in page_charts(trials).items():
        (ROOT / "docs" / "images" / name).write_text(svg, encoding="utf-8")


def texts_only() -> None:
    """Run the countries with failings in texts one after another, and print their tables."""
    found = []
    for world in worlds_of_texts():
        found.append(run_text_trial(world))
        print(f"{len(found)} of {2 * TEXT_SEEDS} countries", file=sys.stderr)
    for head, rows in sections(found):
        print(f"## {head}\n\n" + "\n".join(rows) + "\n")


def hidden() -> None:
    """Estimate hidden victims in synthetic countries with new seeds, not used when the estimation rule was chosen."""
    found = []
    for name, seed in product(HIDDEN, HIDDEN_SEEDS):
        with tempfile.TemporaryDirectory() as place:
            found.append(
                score_hidden(name, Path(place), generate_hidden_world(Path(place), name, *HIDDEN_SIZE, seed=seed))
            )
        print(f"{name}, seed {seed}, done", file=sys.stderr, flush=True)
    tables = hidden_tables(found)
    print(tables)
    if not QUICK:
        (ROOT / "benchmarks" / "hidden.md").write_text(tables, encoding="utf-8")


def main() -> None:
    if "--hidden" in sys.argv:
        hidden()
        return
    start = time.monotonic()
    if "--texts" in sys.argv:
        texts_only()
        return
    path = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    found = run_worlds(path)
    trials, draws = (
        [trial for trial in found if isinstance(trial, Trial)],
        [trial for trial in found if isinstance(trial, Draw)],
    )
    texts = [trial for trial in found if isinstance(trial, TextTrial)]
    tables = result_tables(trials, draws, settings(path), texts)
    print(tables)
    print(f"{len(found)} countries in {time.monotonic() - start:.0f} s.", file=sys.stderr)
    if not QUICK:
        write(trials, draws, tables, settings(path).measured)


if __name__ == "__main__":
    main()
