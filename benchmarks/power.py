"""How many serious failings are found where forces have many records, and what could be found at most?

Synthetic countries of 44 forces, each laid and run whole: some with every failing of `TESTED_FAILINGS` in two of them
at strength 1 (together), and if asked one a failing, with that failing in four of them and nothing else (alone).
A force in which a failing is injected has its own deviation too: by luck it may lie hardly worse than others in which
nothing is wrong. So power is told twice: of all forces in which it is injected, and of those whose true rates lie as
extreme as strength 1, or further. Beside what is found stands a bound: what a test would find that asks each measure by
itself, knew the mean and the spread of forces exactly and had endless records, with the threshold that false
discoveries allow. It follows from the size of the failing and how much forces differ. A force may also be called on a
failure mode, of which all measures are taken together: that the bound does not know.

    python benchmarks/power.py                        two countries of 800 crimes a force; writes benchmarks/power.md
    python benchmarks/power.py --crimes 2500 --seeds 2 3 4 --keep FILE     others; trials are kept, and gone on from
    python benchmarks/power.py --alone 5 91            each failing alone too, in two countries: seeds from 5 and 91 on
    python benchmarks/power.py --alone 5 --strength 1.5 --only no_orders        some alone, at another strength
    python benchmarks/power.py --texts 7 8             also what people find who mark texts, in countries of these seeds
"""

import argparse
import os
import pickle
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy import special, stats

from assay.stats.binomial_intervals import wilson
from assay.synthetic.calibration import CalibrationFigure, calibration_figures
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.text_trials import ASSAY as BY_MARKS
from assay.synthetic.simulation.text_trials import TextTrial, run_text_trial
from assay.synthetic.simulation.trial_runs import ASSAY, InjectionResult, Trial, build_statements, run_trial
from assay.synthetic.simulation.trial_worlds import TESTED_FAILINGS, TEXT_FAILINGS, TrialWorld
from assay.workflows.run.text_stage import NOTES, SUMMARIES

FORCES, FORCES_EACH, FORCES_ALONE, POWER_WANTED = 44, 2, 4, 0.9
INJECTED_TOGETHER, INJECTED_ALONE, IN_TEXT = "planted", "injected alone", "texts"
MARKED = {NOTES: 400, SUMMARIES: 400}
"""How many texts are marked in each force, where texts are tried."""
TESTS, CALLS, ONE_SIDE = 3750, 80, 1.8
"""About how many tests one country makes, how many calls where all fail together, and the weight of the worse side:
they set the threshold."""
YES, IN_MARKS = "yes", "by marks"
NEARLY = 0.995
"""Rates are stored with four decimals."""
OUT = Path(__file__).with_name("power.md")


def threshold(calls: float = CALLS) -> float:
    """Standard deviations from the mean past which a force is called, about, where so many are called."""
    return float(stats.norm.isf(ONE_SIDE * 0.05 * calls / TESTS / 2))


def moved(key: str) -> list[CalibrationFigure]:
    """The rates that a failing moves as far as its strength says, and that differ between forces."""
    return [
        figure
        for figure in calibration_figures().values()
        if figure.planted == key and figure.spread and figure.weight == 1
    ]


def bound(key: str, strength: float = 1.0, calls: float = CALLS) -> float | None:
    """The share of forces with this failing that a test would find that knew mean and spread; None without a spread."""
    found = [_seen(calibration_figure, strength, threshold(calls)) for calibration_figure in moved(key)]
    return float(1 - np.prod([1 - power for power in found])) if found else None


def bound_alone(key: str, strength: float = 1.0) -> float | None:
    """The same where nothing else is called than what this failing moves: then a call must lie further out."""
    return bound(key, strength, FORCES_ALONE * max(len(moved(key)), 1))


def _seen(shape: CalibrationFigure, strength: float, deviations: float) -> float:
    """Of one rate: how often a force lies so extreme, its own deviation on top of the failing; forces scatter on the
    logit scale."""
    out = abs(special.logit(shape.value_with_failing(strength)) - special.logit(shape.value)) / shape.spread
    return float(stats.norm.cdf(out - deviations))


def reached(failing: str, rates: Mapping[str, float]) -> bool:
    """Whether the true rates of the force, with its own deviation, lie as extreme as strength 1 sets them, on average
    over the figures that the failing moves."""
    injections = [shape for shape in calibration_figures().values() if shape.planted == failing and shape.key in rates]
    far = [(rates[shape.key] - shape.value) / (shape.value_with_failing(1.0) - shape.value) for shape in injections]
    return bool(far) and float(np.mean(far)) >= NEARLY


def worlds(options: argparse.Namespace) -> list[TrialWorld]:
    """The countries to try: with every failing, then with one each, then with those that texts report."""
    forces_by_failing, crimes = dict.fromkeys(TESTED_FAILINGS, FORCES_EACH), options.crimes
    found = [
        TrialWorld(INJECTED_TOGETHER, seed, FORCES, crimes, forces_by_failing, 1.0, has_equal_sizes=True)
        for seed in options.seeds
    ]
    found += [
        TrialWorld(
            INJECTED_ALONE, first + place, FORCES, crimes, {key: FORCES_ALONE}, options.strength, has_equal_sizes=True
        )
        for first in options.alone
        for place, key in enumerate(TESTED_FAILINGS)
        if key in (options.only or TESTED_FAILINGS)
    ]
    forces_by_text_failing = dict.fromkeys(TEXT_FAILINGS, FORCES_ALONE)
    return [
        *found,
        *(
            TrialWorld(IN_TEXT, seed, FORCES, crimes, forces_by_text_failing, 1.0, has_equal_sizes=True)
            for seed in options.texts
        ),
    ]


def tried(worlds_asked: list[TrialWorld], path: Path | None) -> list[Trial | TextTrial]:
    """The countries, one after another; those in the file `path` are taken from there."""
    found: list[Trial | TextTrial] = pickle.loads(path.read_bytes()) if path and path.exists() else []
    for world in worlds_asked:
        if world not in [item.world for item in found]:
            start = time.monotonic()
            found.append(_try(world))
            print(f"{world.name}, seed {world.seed}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
            if path:
                path.write_bytes(pickle.dumps(found))
    return found


def _try(world: TrialWorld) -> Trial | TextTrial:
    if world.name == IN_TEXT:
        return run_text_trial(world, MARKED)
    return run_trial(build_statements(TrialWorld("statements", 1, 5, 8)), world)


def page(found: list[Trial | TextTrial]) -> str:
    """The page of the benchmark."""
    texts = [item for item in found if isinstance(item, TextTrial)]
    trials = [item for item in found if isinstance(item, Trial)]
    stronger = [trial for trial in trials if trial.world.strength > 1]
    parts = [table([trial for trial in trials if trial not in stronger], texts)]
    return "\n".join(parts + ([at_strength(stronger)] if stronger else []) + ([text_section(texts)] if texts else []))


def at_strength(trials: list[Trial]) -> str:
    """What is found of one failing alone where it is stronger than serious."""
    lines = [("failing", "strength", "found alone", "power", "at most"), ("---",) * 5]
    for trial in trials:
        for key in trial.world.injected:
            injections, bound = _injections(key, [trial]), bound_alone(key, trial.world.strength)
            row_texts = (
                f"{trial.world.strength:g}",
                _found_of(injections),
                _interval_text(injections),
                _percent(bound),
            )
            lines.append((failings()[key].name, *row_texts))
    true, false = (sum(trial.alerts[ASSAY][place] for trial in trials) for place in (0, 1))
    return "\n".join([
        "## Alone, and stronger",
        "",
        f"The same of some failings alone, each in {FORCES_ALONE} forces, where they are stronger than serious. False "
        f"alarms: {false} of {true + false}.",
        "",
        *("| " + " | ".join(line) + " |" for line in lines),
        "",
    ])  # fmt: skip


def text_section(trials: list[TextTrial]) -> str:
    """What people find who mark a sample of texts."""
    true, false = (sum(trial.alerts[BY_MARKS][place] for trial in trials) for place in (0, 1))
    lines = [("failing", "found", "power", "found of those truly so far", "power"), ("---",) * 5]
    for key in TEXT_FAILINGS:
        marks_by_distance = (_by_marks(key, trials), _by_marks(key, trials, far=True))
        found_texts = [
            (f"{sum(own_marks)} of {len(own_marks)}", _share(sum(own_marks), len(own_marks)))
            for own_marks in marks_by_distance
        ]
        lines.append((failings()[key].name, *found_texts[0], *found_texts[1]))
    return "\n".join(
        [
            "## What people find who mark texts",
            "",
            (
                f"Tried on countries of {FORCES} forces with {trials[0].world.crimes} crimes each, seeds "
                f"{', '.join(str(trial.world.seed) for trial in trials)}: each failing in {FORCES_ALONE} "
                f"forces, at strength 1. In "
                f"each force {MARKED[NOTES]} entries and {MARKED[SUMMARIES]} summaries are marked, once, by markers "
                f"who miss 4 "
                f"in 100 of what is there. False alarms: {false} of {true + false}."
            ),
            "",
            *("| " + " | ".join(line) + " |" for line in lines),
            "",
        ]
    )


def _by_marks(key: str, trials: list[TextTrial], *, far: bool = False) -> list[bool]:
    """Of each force in which it is injected (`far`: and that is truly so extreme), whether people who marked texts
    found it."""
    return [
        BY_MARKS in found
        for trial in trials
        for failing, code, found in trial.injected
        if failing == key and (not far or reached(key, trial.rates.get(code, {})))
    ]


def table(trials: list[Trial], texts: list[TextTrial]) -> str:
    """What is found in records, and in the last column what only marks of texts find."""
    true, false = (sum(trial.alerts[ASSAY][place] for trial in trials) for place in (0, 1))
    low, high = wilson(false, true + false)
    tests = sum(number for trial in trials for number, _ in trial.tests.values())
    marks = {key: (_by_marks(key, texts), _by_marks(key, texts, far=True)) for key in TESTED_FAILINGS}
    rows = [_row(key, trials, marks[key]) for key in TESTED_FAILINGS]
    met, marked = (sum(row[-1] == answer for row in rows) for answer in (YES, IN_MARKS))
    head = (
        "failing", "records", "not asked", "found together", "at most together", "found alone", "at most alone",
        "power", "of these only together", "found of those truly so far", "power", "0.9 reached",
    )  # fmt: skip
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        [
            "# Power where forces have as many records as real ones",
            "",
            f"{_countries(trials)} Power is shown with its 95% interval. `python benchmarks/power.py`.",
            "",
            f"False alarms: {false} of {true + false} alarms ({low:.0%} to {high:.0%}), and of {tests:,} tests "
            f"{100 * false / max(tests, 1):.3f} in 100.",
            (
                f"0.9 is reached by {met} of {len(rows)} failings in records, in forces that are truly so far "
                f"out or in all in "
                "which they are injected; counting every force in which they are and that could be asked, by "
                f"{sum(_power(_injections(key, trials)) >= POWER_WANTED for key in TESTED_FAILINGS)}. Of the "
                f"others {marked} by "
                f"marks of texts."
            ),
            "",
            *("| " + " | ".join(line) + " |" for line in lines),
            "",
            f"The false alarms are of: {_false(trials)}.",
            "",
            (
                "*Together*: in a country that has every failing, each in other forces. *Alone*: in a country that "
                "has nothing "
                "else wrong. Power is of both."
            ),
            (
                "*At most*: the share that would be found by a test that asks each measure by itself, knew the "
                "mean and the "
                "spread of forces exactly and had endless records, over many forces; called past "
                f"{threshold():.1f} standard deviations, which is about where false discoveries are held. A "
                f"force in which a "
                "failing is injected has its own deviation too: by luck it may lie little worse than others in "
                "which nothing is "
                "wrong. *Alone*, hardly anything is called: of about "
                f"{TESTS:,} tests, one in twenty of {FORCES_ALONE} calls may be false, so that a call lies past "
                f"{threshold(FORCES_ALONE):.1f}. None where the rate has no spread of its own. A force may also "
                f"be called on "
                "a failure mode, of which all measures are taken together: such a bound does not know that, and "
                "more may be "
                "found."
            ),
            (
                "*Not asked*: forces in which it is injected of which no record counts for any measure of it. "
                "The limit of a "
                "return interview, say, is asked of England alone, and the force lies in Wales. Nobody can look at "
                "them: they "
                "are left out of every other column."
            ),
            (
                "*Of these only together*: of the forces found, how many were called on the failure mode and on no "
                "measure by "
                "itself."
            ),
            "",
        ]
    )


def _false(trials: list[Trial]) -> str:
    """'course_in_order, lower (closed_wrongly) 2 times; F8, taken together; ...': what was injected there instead
    stands in brackets."""
    false_counts = Counter(call for trial in trials for call in trial.false_alerts)
    false_rows = [
        f"{measure}, {direction}{f' ({other})' if other else ''}{f' {number} times' if number > 1 else ''}"
        for (measure, direction, other), number in false_counts.most_common()
    ]
    return "; ".join(false_rows) or "none"


def _countries(trials: list[Trial]) -> str:
    """'6 countries of 44 forces with 800 crimes each, seeds 21 to 26, ... .'"""
    crimes = ", ".join(map(str, sorted({trial.world.crimes for trial in trials})))
    joint_trials, single_trials = (
        [trial for trial in trials if trial.world.name == name] for name in (INJECTED_TOGETHER, INJECTED_ALONE)
    )
    introduction = [f"Countries of {FORCES} forces with {crimes} crimes each, failings at strength 1."]
    if joint_trials:
        seeds = ", ".join(str(joint_trial.world.seed) for joint_trial in joint_trials)
        introduction.append(f"{len(joint_trials)} with each failing in {FORCES_EACH} forces, seeds {seeds}.")
    if single_trials:
        seeds = _runs(sorted(single_trial.world.seed for single_trial in single_trials))
        introduction.append(f"{len(single_trials)} with one failing in {FORCES_ALONE} forces, seeds {seeds}.")
        countries = Counter(single_trial.injected[0].failing for single_trial in single_trials)
        introduction += [f"{n} of these have {failings()[key].name}." for key, n in countries.items() if n > 1]
    return " ".join(introduction)


def _runs(numbers: list[int]) -> str:
    """'51 to 70, 83'."""
    first = [n for n in numbers if n - 1 not in numbers]
    last = [n for n in numbers if n + 1 not in numbers]
    return ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in zip(first, last, strict=True))


def _injections(key: str, trials: list[Trial], world: str | None = None) -> list[InjectionResult]:
    """The forces in which it is injected and of which a record could show it."""
    return [injection for injection in _injected(key, trials, world) if can_be_looked_at(injection)]


def _injected(key: str, trials: list[Trial], world: str | None = None) -> list[InjectionResult]:
    world_trials = [trial for trial in trials if world in (None, trial.world.name)]
    return [injected for world_trial in world_trials for injected in world_trial.injected if injected.failing == key]


def can_be_looked_at(injected: InjectionResult) -> bool:
    """Whether any record of the force counts for a measure of the failing. Of a force in Wales, say, nothing is asked
    that holds in England alone, and no method can say more."""
    one_each = all(measures()[item].one_each for item in failings()[injected.failing].shown_by)
    return one_each or injected.records > 0


def _power(injections: list[InjectionResult]) -> float:
    return sum(ASSAY in injection.found for injection in injections) / len(injections) if injections else 0.0


def _found_of(injections: list[InjectionResult]) -> str:
    """'3 of 4'."""
    return (
        f"{sum(ASSAY in injection.found for injection in injections)} of {len(injections)}"
        if injections
        else "not tried"
    )


def _interval_text(injections: list[InjectionResult]) -> str:
    """'75% (30% to 95%)'."""
    return _share(sum(ASSAY in injection.found for injection in injections), len(injections))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _share(found: int, base: int) -> str:
    if not base:
        return "not tried"
    low, high = wilson(found, base)
    return f"{found / base:.0%} ({low:.0%} to {high:.0%})"


def _reached(far: list[InjectionResult], injections: list[InjectionResult], marks: tuple[list[bool], ...]) -> str:
    if max(_power(far), _power(injections)) >= POWER_WANTED:
        return YES
    return IN_MARKS if any(sum(item) / len(item) >= POWER_WANTED for item in marks if item) else "no"


def _row(key: str, trials: list[Trial], marks: tuple[list[bool], ...]) -> tuple[str, ...]:
    injections = _injections(key, trials)
    far = [injection for injection in injections if reached(injection.failing, injection.rates)]
    records = round(np.mean([injection.records for injection in injections])) if injections else 0
    return (
        failings()[key].name,
        f"{records}" if records else "one a force",
        f"{len(_injected(key, trials)) - len(injections)}",
        _found_of(_injections(key, trials, INJECTED_TOGETHER)),
        _percent(bound(key)),
        _found_of(_injections(key, trials, INJECTED_ALONE)),
        _percent(bound_alone(key)),
        _interval_text(injections),
        f"{sum(injection.only_combined for injection in injections)}",
        _found_of(far),
        _interval_text(far),
        _reached(far, injections, marks),
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--crimes", type=int, default=800)
    parser.add_argument("--seeds", type=int, nargs="*", default=[2, 3])
    parser.add_argument("--alone", type=int, nargs="+", default=[])
    parser.add_argument("--strength", type=float, default=1.0, help="of what is injected alone")
    parser.add_argument("--only", nargs="+", choices=TESTED_FAILINGS, help="of what is injected alone")
    parser.add_argument("--texts", type=int, nargs="+", default=[])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    page_text = page(tried(worlds(options), options.keep))
    print(page_text)
    OUT.write_text(page_text, encoding="utf-8")


if __name__ == "__main__":
    main()
