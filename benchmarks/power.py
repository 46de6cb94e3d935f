"""Power to detect serious failings in forces with many records, and an upper bound for any test.

Synthetic countries of 44 forces are generated and run as a whole. *Together*: every failing of `TESTED_FAILINGS` is
injected in two forces of its own, at strength 1. *Alone* (optional): a country has one failing only, in four forces. A
force with an injected failing also has a random deviation, so that by chance it may be hardly worse than forces without
a failing. So power is given twice: for all forces with the failing, and for those whose true rates are at least as
extreme as strength 1 sets them. The bound is the power of a test of each single measure that knows the mean and the
spread of forces exactly and has unlimited records, at the threshold that the control of the false discovery rate
allows. It follows from the size of the failing and the spread between forces. A force may also have an alert on a
failure mode, from a combined test of its measures, which the bound does not include.

    python benchmarks/power.py                        two countries of 800 crimes per force; writes benchmarks/power.md
    python benchmarks/power.py --crimes 2500 --seeds 2 3 4 --keep FILE     others; FILE stores the trials to continue
    python benchmarks/power.py --alone 5 91            each failing alone too, in two countries: seeds from 5 and 91 on
    python benchmarks/power.py --alone 5 --strength 1.5 --only no_orders        some alone, at another strength
    python benchmarks/power.py --texts 7 8             also what raters of texts find, in countries of these seeds
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
from assay.synthetic.simulation.text_trials import ASSAY as BY_RATERS
from assay.synthetic.simulation.text_trials import TextTrial, run_text_trial
from assay.synthetic.simulation.trial_runs import ASSAY, InjectionResult, Trial, build_statements, run_trial
from assay.synthetic.simulation.trial_worlds import TESTED_FAILINGS, TEXT_FAILINGS, TrialWorld
from assay.workflows.run.text_stage import NOTES, SUMMARIES

FORCES, FORCES_EACH, FORCES_ALONE, TARGET_POWER = 44, 2, 4, 0.9
ALL_FAILINGS, ONE_FAILING, TEXT_WORLD = "planted", "planted alone", "texts"
"""Names of the kinds of country. They seed the random streams, so another name would draw other countries."""
RATED_TEXTS = {NOTES: 400, SUMMARIES: 400}
"""Number of texts that are rated in each force, in countries of texts."""
TESTS, CALLS, ONE_SIDE = 3750, 80, 1.8
"""Approximate tests per country, alerts per country with all failings, and weight of the worse side: they set the
threshold."""
YES, BY_RATING = "yes", "by raters"
NEARLY = 0.995
"""Tolerance, because rates are stored with four decimals."""
OUT = Path(__file__).with_name("power.md")


def threshold(calls: float = CALLS) -> float:
    """Return the approximate alert threshold in standard deviations, given the number of alerts."""
    return float(stats.norm.isf(ONE_SIDE * 0.05 * calls / TESTS / 2))


def changed_rates(key: str) -> list[CalibrationFigure]:
    """Return the rates that a failing changes in full and that differ between forces."""
    figures = calibration_figures().values()
    return [shape for shape in figures if shape.injected == key and shape.spread and shape.weight == 1]


def bound(key: str, strength: float = 1.0, calls: float = CALLS) -> float | None:
    """Return the power of a test that knows the mean and spread of forces; None if forces do not differ."""
    powers = [_rate_power(shape, strength, threshold(calls)) for shape in changed_rates(key)]
    return float(1 - np.prod([1 - power for power in powers])) if powers else None


def bound_alone(key: str, strength: float = 1.0) -> float | None:
    """Return the `bound` for a country with this failing alone: fewer alerts make the threshold higher."""
    return bound(key, strength, FORCES_ALONE * max(len(changed_rates(key)), 1))


def _rate_power(shape: CalibrationFigure, strength: float, deviations: float) -> float:
    """Return the power of one rate: forces are normally distributed on the logit scale."""
    distance = abs(special.logit(shape.value_with_failing(strength)) - special.logit(shape.value)) / shape.spread
    return float(stats.norm.cdf(distance - deviations))


def is_extreme(failing: str, rates: Mapping[str, float]) -> bool:
    """Return True if the force's true rates deviate, on average, at least as far as a failing of strength 1 would."""
    shapes = [shape for shape in calibration_figures().values() if shape.injected == failing and shape.key in rates]
    strengths = [(rates[shape.key] - shape.value) / (shape.value_with_failing(1.0) - shape.value) for shape in shapes]
    return bool(strengths) and float(np.mean(strengths)) >= NEARLY


def worlds(options: argparse.Namespace) -> list[TrialWorld]:
    """Return the synthetic countries to run: with all failings, with one failing each, and with failings seen only
    in texts."""
    injected, crimes = dict.fromkeys(TESTED_FAILINGS, FORCES_EACH), options.crimes
    found = [
        TrialWorld(ALL_FAILINGS, seed, FORCES, crimes, injected, 1.0, has_equal_sizes=True) for seed in options.seeds
    ]
    found += [
        TrialWorld(
            ONE_FAILING, first + place, FORCES, crimes, {key: FORCES_ALONE}, options.strength, has_equal_sizes=True
        )
        for first in options.alone
        for place, key in enumerate(TESTED_FAILINGS)
        if key in (options.only or TESTED_FAILINGS)
    ]
    text_failings = dict.fromkeys(TEXT_FAILINGS, FORCES_ALONE)
    return [
        *found,
        *(
            TrialWorld(TEXT_WORLD, seed, FORCES, crimes, text_failings, 1.0, has_equal_sizes=True)
            for seed in options.texts
        ),
    ]


def run_trials(requested: list[TrialWorld], store: Path | None) -> list[Trial | TextTrial]:
    """Return the trials of these countries; trials that are stored in the file `store` are not run again."""
    found: list[Trial | TextTrial] = pickle.loads(store.read_bytes()) if store and store.exists() else []
    for world in requested:
        if world not in [trial.world for trial in found]:
            start = time.monotonic()
            found.append(_try(world))
            print(f"{world.name}, seed {world.seed}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
            if store:
                store.write_bytes(pickle.dumps(found))
    return found


def _try(world: TrialWorld) -> Trial | TextTrial:
    if world.name == TEXT_WORLD:
        return run_text_trial(world, RATED_TEXTS)
    return run_trial(build_statements(TrialWorld("statements", 1, 5, 8)), world)


def page(found: list[Trial | TextTrial]) -> str:
    """Return the results of the power benchmark as a Markdown page."""
    texts = [trial for trial in found if isinstance(trial, TextTrial)]
    trials = [trial for trial in found if isinstance(trial, Trial)]
    stronger = [trial for trial in trials if trial.world.strength > 1]
    parts = [table([trial for trial in trials if trial not in stronger], texts)]
    parts += [strength_section(stronger)] if stronger else []
    return "\n".join([*parts, text_section(texts)] if texts else parts)


def strength_section(trials: list[Trial]) -> str:
    """Return the page section on single failings that are stronger than serious."""
    lines = [("failing", "strength", "found alone", "power", "upper bound"), ("---",) * 5]
    for trial in trials:
        for key in trial.world.injected:
            results, upper_bound = _detectable(key, [trial]), bound_alone(key, trial.world.strength)
            cells = (f"{trial.world.strength:g}", _found_count(results), _power_text(results), _percent(upper_bound))
            lines.append((failings()[key].name, *cells))
    true, false = (sum(trial.alerts[ASSAY][place] for trial in trials) for place in (0, 1))
    return "\n".join([
        "## Alone, and stronger",
        "",
        f"Single failings, each in {FORCES_ALONE} forces, that are stronger than serious. False alarms: {false} of "
        f"{true + false}.",
        "",
        *("| " + " | ".join(line) + " |" for line in lines),
        "",
    ])  # fmt: skip


def text_section(trials: list[TextTrial]) -> str:
    """Return the page section on failings that raters of a sample of texts detect."""
    true, false = (sum(trial.alerts[BY_RATERS][place] for trial in trials) for place in (0, 1))
    lines = [("failing", "found", "power", "found in extreme forces", "power"), ("---",) * 5]
    for key in TEXT_FAILINGS:
        samples = (_found_by_raters(key, trials), _found_by_raters(key, trials, extreme_only=True))
        cells = [(f"{sum(found)} of {len(found)}", _share(sum(found), len(found))) for found in samples]
        lines.append((failings()[key].name, *cells[0], *cells[1]))
    return "\n".join([
        "## What raters of texts find",
        "",
        f"Countries of {FORCES} forces with {trials[0].world.crimes} crimes each, seeds "
        f"{', '.join(str(trial.world.seed) for trial in trials)}: each failing in {FORCES_ALONE} forces, at strength "
        f"1. In each force {RATED_TEXTS[NOTES]} entries and {RATED_TEXTS[SUMMARIES]} summaries are rated, once, by "
        f"raters who miss 4% of what is there. False alarms: {false} of {true + false}.",
        "",
        *("| " + " | ".join(line) + " |" for line in lines),
        "",
    ])  # fmt: skip


def _found_by_raters(key: str, trials: list[TextTrial], *, extreme_only: bool = False) -> list[bool]:
    """Return for each force with the failing, or each extreme one of them, whether raters of texts found it."""
    return [
        BY_RATERS in found
        for trial in trials
        for failing, code, found in trial.injected
        if failing == key and (not extreme_only or is_extreme(key, trial.rates.get(code, {})))
    ]


def table(trials: list[Trial], texts: list[TextTrial]) -> str:
    """Return the main table: failings detected from records and, in the last column, failings that only raters of
    texts detect."""
    ratings = {
        key: (_found_by_raters(key, texts), _found_by_raters(key, texts, extreme_only=True)) for key in TESTED_FAILINGS
    }
    rows = [_row(key, trials, ratings[key]) for key in TESTED_FAILINGS]
    head = (
        "failing", "records", "not applicable", "found together", "upper bound together", "found alone",
        "upper bound alone", "power", "by combined test only", "found in extreme forces", "power", "0.9 reached",
    )  # fmt: skip
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(
        [
            "# Power to find failings in forces with realistic numbers of records",
            "",
            "How likely is an inspection to detect a serious failing in a force with a realistic number of records?",
            "",
            f"{_countries(trials)} Power is shown with its 95% interval. `python benchmarks/power.py`.",
            "",
            *_totals(trials, rows),
            "",
            *("| " + " | ".join(line) + " |" for line in lines),
            "",
            f"False alarms: {_false_alarms(trials)}.",
            "",
            *_column_notes(),
            "",
        ]
    )


def _totals(trials: list[Trial], rows: list[tuple[str, ...]]) -> tuple[str, str]:
    """Return sentences on false alarms, and on the number of failings whose power reaches 0.9."""
    true, false = (sum(trial.alerts[ASSAY][place] for trial in trials) for place in (0, 1))
    low, high = wilson(false, true + false)
    tests = sum(number for trial in trials for number, _ in trial.tests.values())
    met, rated = (sum(row[-1] == verdict for row in rows) for verdict in (YES, BY_RATING))
    return (
        f"False alarms: {false} of {true + false} alarms ({low:.0%} to {high:.0%}), and {false / max(tests, 1):.3%} of "
        f"{tests:,} tests.",
        f"{met} of {len(rows)} failings reach a power of 0.9 in records, in extreme forces or in all forces with the "
        "failing; in all forces with it, "
        f"{sum(_power(_detectable(key, trials)) >= TARGET_POWER for key in TESTED_FAILINGS)} do. Of the others, "
        f"{rated} reach it by ratings of texts.",
    )


def _column_notes() -> tuple[str, ...]:
    """Return the meaning of the columns of the table."""
    return (
        "*Together*: in countries with every failing, each in forces of its own. *Alone*: in countries with nothing "
        "else wrong. Power is over both.",
        "*Upper bound*: the power of a test of each single measure that knows the mean and the spread of forces "
        f"exactly and has unlimited records. An alert is a deviation of more than {threshold():.1f} standard "
        "deviations, which is about the limit that the false discovery rate sets. A force with a failing has a "
        "random deviation too, so by chance it may be hardly worse than forces without one. *Alone*, there are few "
        f"alerts: of about {TESTS:,} tests, one in twenty of {FORCES_ALONE} alerts may be false, so the limit is "
        f"{threshold(FORCES_ALONE):.1f}. There is no bound for a rate without spread between forces. A force may "
        "also have an alert on a failure mode, from a combined test. The bound does not include it, so more may be "
        "found.",
        "*Not applicable*: forces with the failing in which no record counts for any of its measures. For example, "
        "the time limit of return interviews holds in England only, and the force is in Wales. No method can find "
        "these, so they are not in any other column.",
        "*By combined test only*: forces found that had an alert on the failure mode and on no single measure.",
        "*Extreme forces*: forces whose true rates are at least as far from the mean as strength 1 sets them.",
    )


def _false_alarms(trials: list[Trial]) -> str:
    """Return the false alarms, with injected failings in brackets: 'course_in_order, lower (closed_wrongly); ...'."""
    counts = Counter(alert for trial in trials for alert in trial.false_alerts)
    texts = [
        f"{measure}, {direction}{f' ({other})' if other else ''}{f' {number} times' if number > 1 else ''}"
        for (measure, direction, other), number in counts.most_common()
    ]
    return "; ".join(texts) or "none"


def _countries(trials: list[Trial]) -> str:
    """Return a description of the countries: '6 countries of 44 forces with 800 crimes each, seeds 21 to 26, ... .'."""
    crimes = ", ".join(map(str, sorted({trial.world.crimes for trial in trials})))
    all_failings, one_failing = (
        [trial for trial in trials if trial.world.name == name] for name in (ALL_FAILINGS, ONE_FAILING)
    )
    sentences = [f"Countries of {FORCES} forces with {crimes} crimes each, failings at strength 1."]
    if all_failings:
        seeds = ", ".join(str(trial.world.seed) for trial in all_failings)
        sentences.append(f"{len(all_failings)} with each failing in {FORCES_EACH} forces, seeds {seeds}.")
    if one_failing:
        seeds = _runs(sorted(trial.world.seed for trial in one_failing))
        sentences.append(f"{len(one_failing)} with one failing in {FORCES_ALONE} forces, seeds {seeds}.")
        countries = Counter(trial.injected[0].failing for trial in one_failing)
        sentences += [f"{n} of these have {failings()[key].name}." for key, n in countries.items() if n > 1]
    return " ".join(sentences)


def _runs(numbers: list[int]) -> str:
    """'51 to 70, 83'."""
    first = [n for n in numbers if n - 1 not in numbers]
    last = [n for n in numbers if n + 1 not in numbers]
    return ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in zip(first, last, strict=True))


def _detectable(key: str, trials: list[Trial], world: str | None = None) -> list[InjectionResult]:
    """Return the results of the forces with the failing in which a record could show it."""
    return [result for result in _injected(key, trials, world) if can_be_detected(result)]


def _injected(key: str, trials: list[Trial], world: str | None = None) -> list[InjectionResult]:
    kind_trials = [trial for trial in trials if world in (None, trial.world.name)]
    return [result for trial in kind_trials for result in trial.injected if result.failing == key]


def can_be_detected(result: InjectionResult) -> bool:
    """Return True if at least one record of the force counts in a measure of the failing.

    A force in Wales, for example, has no records for a duty that holds in England only, and no method can find more.
    """
    has_one_record = all(measures()[measure].one_each for measure in failings()[result.failing].shown_by)
    return has_one_record or result.records > 0


def _power(results: list[InjectionResult]) -> float:
    return sum(ASSAY in result.found for result in results) / len(results) if results else 0.0


def _found_count(results: list[InjectionResult]) -> str:
    """Return '3 of 4'."""
    return f"{sum(ASSAY in result.found for result in results)} of {len(results)}" if results else "not tried"


def _power_text(results: list[InjectionResult]) -> str:
    """Return '75% (30% to 95%)'."""
    return _share(sum(ASSAY in result.found for result in results), len(results))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _share(found: int, total: int) -> str:
    if not total:
        return "not tried"
    low, high = wilson(found, total)
    return f"{found / total:.0%} ({low:.0%} to {high:.0%})"


def _verdict(extreme: list[InjectionResult], results: list[InjectionResult], ratings: tuple[list[bool], ...]) -> str:
    if max(_power(extreme), _power(results)) >= TARGET_POWER:
        return YES
    return BY_RATING if any(sum(found) / len(found) >= TARGET_POWER for found in ratings if found) else "no"


def _row(key: str, trials: list[Trial], ratings: tuple[list[bool], ...]) -> tuple[str, ...]:
    results = _detectable(key, trials)
    extreme = [result for result in results if is_extreme(result.failing, result.rates)]
    records = round(np.mean([result.records for result in results])) if results else 0
    return (
        failings()[key].name, f"{records}" if records else "one a force",
        f"{len(_injected(key, trials)) - len(results)}",
        _found_count(_detectable(key, trials, ALL_FAILINGS)), _percent(bound(key)),
        _found_count(_detectable(key, trials, ONE_FAILING)), _percent(bound_alone(key)), _power_text(results),
        f"{sum(result.only_combined for result in results)}", _found_count(extreme), _power_text(extreme),
        _verdict(extreme, results, ratings),
    )  # fmt: skip


def main() -> None:
    """Run the trials, print the page and write it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--crimes", type=int, default=800)
    parser.add_argument("--seeds", type=int, nargs="*", default=[2, 3])
    parser.add_argument("--alone", type=int, nargs="+", default=[])
    parser.add_argument("--strength", type=float, default=1.0, help="strength of failings that are injected alone")
    parser.add_argument("--only", nargs="+", choices=TESTED_FAILINGS, help="failings that are injected alone")
    parser.add_argument("--texts", type=int, nargs="+", default=[])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    text = page(run_trials(worlds(options), options.keep))
    print(text)
    OUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
