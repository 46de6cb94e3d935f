"""Tables of the trials: power, false alerts, and errors of estimates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from assay.synthetic.simulation.detection_scores import MAJORITY
from assay.synthetic.simulation.estimate_errors import IntervalCoverage, interval_coverage
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.repeated_draws import MEDIAN, Draw, compare_draws
from assay.synthetic.simulation.trial_runs import ASSAY, METHODS, InjectionResult, Trial
from assay.synthetic.simulation.trial_summaries import (
    MIN_RECORDS,
    Share,
    at_strength,
    below_standard_shares,
    false_alert_share,
    false_share,
    has_enough_records,
    injected_keys,
    injection_counts,
    power,
    power_among,
    small_p_shares,
    strengths,
    trial_coverage,
)
from assay.wording import count_phrase

SERIOUS_STRENGTH = 1.0
NOT_REACHED = "no bias measured: true median not reached"
MAX_ALERT_SHARE, P_LOW, P_HIGH = 0.10, 0.005, 0.015


def undisturbed_trials(trials: Iterable[Trial], name: str = "") -> list[Trial]:
    """Return the trials without failings and without disturbances (nuisances); only those of one world, if it is
    given."""
    plain = (trial for trial in trials if not trial.injected and not trial.world.nuisance)
    return [trial for trial in plain if name in ("", trial.world.name)]


def trials_by_nuisance(trials: Iterable[Trial]) -> dict[str, list[Trial]]:
    """Return the trials without failings, by the disturbance (nuisance) in their data."""
    found: dict[str, list[Trial]] = {}
    for trial in trials:
        if trial.world.nuisance and not trial.injected:
            found.setdefault(trial.world.nuisance, []).append(trial)
    return found


def nuisance_table(trials: Iterable[Trial]) -> list[str]:
    """Return a row for every disturbance (nuisance): false alerts per country, by method."""
    rows = [
        (
            name,
            str(len(nuisance_trials)),
            *(
                f"{sum(trial.alerts[method][1] for trial in nuisance_trials) / len(nuisance_trials):.1f}"
                for method in METHODS
            ),
        )
        for name, nuisance_trials in trials_by_nuisance(trials).items()
    ]
    return markdown(("world", "countries", *METHODS), rows)


def trials_with_failings(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials with failings injected into a minority of forces."""
    return [trial for trial in trials if trial.injected and not has_majority_failing(trial)]


def has_majority_failing(trial: Trial) -> bool:
    """Return True if a failing was injected into more than half of the forces."""
    return any(number > MAJORITY * trial.world.forces for number in trial.world.injected.values())


def majority_table(trials: Iterable[Trial]) -> list[str]:
    """Return a row for every failing that was injected into most forces.

    The row has the share of countries in which it was found against the standard (or by the force's own record), and
    the share of its forces for which each other method gives an alert.
    """
    rows = []
    for (key, number), tried in majority_groups(trials).items():
        found = countries_found(tried)
        peers = [power(tried, key, method).share or 0 for method in METHODS[1:]]
        forces = f"{number} of {tried[0].world.forces}"
        found_text = f"found in {found} of {count_phrase(len(tried), 'country', 'countries')}"
        rows.append(
            [failings()[key].name, forces, found_text, *(f"{100 * item:.0f}% of the forces called" for item in peers)]
        )
    return markdown(("failing", "forces", *METHODS), rows)


def majority_groups(trials: Iterable[Trial]) -> dict[tuple[str, int], list[Trial]]:
    """Return the trials with failings in most forces, by failing and number of forces with it."""
    majority_trials = [trial for trial in trials if has_majority_failing(trial)]
    numbers = sorted({(trial.world.injected[key], key) for trial in majority_trials for key in trial.world.injected})
    return {
        (key, number): [trial for trial in majority_trials if trial.world.injected.get(key) == number]
        for key in injected_keys(majority_trials)
        for number, other in numbers
        if other == key
    }


def countries_found(trials: Iterable[Trial]) -> int:
    """Return the number of countries in which `assay` found a failing of most forces in any of them."""
    return sum(any(ASSAY in result.found for result in trial.injected) for trial in trials)


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table as lines of Markdown."""
    return [_row(heads), _row(["---"] * len(heads)), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def failing_table(trials: Sequence[Trial]) -> list[str]:
    """Return a row for every failing: how many records could show it, and the share found at the serious strength."""
    return markdown(("failing", "records", *METHODS), [_failing_row(trials, key) for key in failings()])


def _failing_row(trials: Sequence[Trial], key: str) -> list[str]:
    failing = failings()[key]
    if not failing.shown_by:
        explanation = "by marks of texts: see below" if failing.in_texts else "not yet: not found"
        explanation = "by what is said of lessons: `assay synthetic score`" if failing.in_lessons else explanation
        return [failing.name, "", explanation, *["" for _ in METHODS[1:]]]
    tried = _serious_results(trials, key)
    if not tried:
        return [failing.name, "", "not injected yet", *["" for _ in METHODS[1:]]]
    records = "one a force" if all(measures()[item].one_each for item in failing.shown_by) else _records(tried)
    return [failing.name, records, *(serious_power(trials, key, method).text() for method in METHODS)]


def serious_power(trials: Iterable[Trial], failing: str, method: str) -> Share:
    """Return the power at the serious strength, in forces with enough records if there is any such force."""
    results = _with_enough_records(_serious_results(trials, failing))
    return Share(sum(method in result.found for result in results), len(results))


def _serious_results(trials: Iterable[Trial], failing: str) -> list[InjectionResult]:
    is_serious = at_strength(SERIOUS_STRENGTH)
    return [result for trial in trials for result in trial.injected if result.failing == failing and is_serious(result)]


def _with_enough_records(results: Sequence[InjectionResult]) -> Sequence[InjectionResult]:
    return [result for result in results if has_enough_records(result)] or results


def _records(tried: Sequence[InjectionResult]) -> str:
    """Return the median number of records that could show a failing, and whether it is small everywhere."""
    note = "" if any(has_enough_records(result) for result in tried) else f" (under {MIN_RECORDS})"
    return f"{median(result.records for result in _with_enough_records(tried)):.0f}{note}"


def strength_table(trials: Sequence[Trial]) -> list[str]:
    """Return a row for every injected failing and strength: the power of each method."""
    rows = [
        [failings()[key].name, f"{strength:g}", *(power(trials, key, m, at_strength(strength)).text() for m in METHODS)]
        for key in injected_keys(trials)
        for strength in strengths(trials)
    ]
    return markdown(("failing", "strength", *METHODS), rows)


def number_table(trials: Sequence[Trial]) -> list[str]:
    """Return the power by number of forces with the same injected failing (serious failings, enough records)."""

    def counts(result: InjectionResult) -> bool:
        return result.strength >= SERIOUS_STRENGTH and has_enough_records(result)

    rows = [
        [str(number), *(power_among(trials, number, method, counts).text() for method in METHODS)]
        for number in injection_counts(trials)
    ]
    return markdown(("forces that fail alike", *METHODS), rows)


def false_alert_table(trials: Sequence[Trial]) -> list[str]:
    """Return a row for every method with its rates of false alerts."""
    heads = ("method", *(f"{name}: any alarm" for name in names(trials)), "injected: alarms that are false")
    rows = [
        [method, *(false_alert_share(undisturbed_trials(trials, name), method).text() for name in names(trials)),
         false_share(trials_with_failings(trials), method).text()]
        for method in METHODS
    ]  # fmt: skip
    return markdown(heads, rows)


def p_value_table(trials: Sequence[Trial]) -> list[str]:
    """Return, by measure and failure mode, how often an unadjusted p-value is below 0.01 in countries without
    failings."""
    by_name = {name: small_p_shares(undisturbed_trials(trials, name)) for name in names(trials)}
    measures = [key for key in small_p_shares(undisturbed_trials(trials)) if key != "all"]
    rows = [
        [key, *(_precise_text(found.get(key, Share(0, 0))) for found in by_name.values())] for key in (*measures, "all")
    ]
    return markdown(("p below 0.01", *by_name), rows)


def names(trials: Iterable[Trial]) -> list[str]:
    """Return the names of the trial worlds without failings."""
    return list(dict.fromkeys(trial.world.name for trial in undisturbed_trials(trials)))


def _precise_text(share: Share) -> str:
    if share.share is None:
        return "none tried"
    low, high = share.interval
    return f"{100 * share.share:.2f}% ({100 * low:.2f} to {100 * high:.2f}; {share.total})"


def estimate_table(trials: Sequence[Trial]) -> list[str]:
    """Return the error and coverage of every measure with a true share, for forces with and without a failing.

    Countries with a nuisance are left out: there a rate is not one number.
    """
    trials = [trial for trial in trials if not trial.world.nuisance]
    sound = {
        item.measure: item
        for item in trial_coverage(trials, lambda item: item.low is not None and not item.has_injected_failing)
    }
    failing = {
        item.measure: item
        for item in trial_coverage(trials, lambda item: item.low is not None and item.has_injected_failing)
    }
    whole = {item.measure: item for item in trial_coverage(trials, lambda item: item.low is None)}
    heads = ("measure", "sound: error", "sound: held", "failing: error", "failing: held", "all together: error")
    rows = [[key, *_cells(item), *_cells(failing.get(key)), _error(whole.get(key))] for key, item in sound.items()]
    return markdown(heads, rows)


def _cells(coverage: IntervalCoverage | None) -> tuple[str, str]:
    return (_error(coverage), Share(coverage.covering, coverage.intervals).text()) if coverage else ("", "")


def _error(coverage: IntervalCoverage | None) -> str:
    return f"{100 * coverage.bias:+.1f}" if coverage else ""


def repeated_draw_table(draws: Sequence[Draw]) -> list[str]:
    """Return the mean error and interval coverage of every estimate, against repeated draws of the same forces."""
    rows = [
        [
            coverage.measure,
            _draw_error(coverage),
            Share(coverage.covering, coverage.intervals).text(),
        ]
        for coverage in interval_coverage(compare_draws(draws))
    ]
    return markdown(("estimate", "error", "held"), rows)


def _draw_error(coverage: IntervalCoverage) -> str:
    """Format an error: shares in percentage points, medians in days.

    The true median of a wait is infinite where fewer than half of the waits end in this way, so no error has a mean.
    """
    if not math.isfinite(coverage.bias):
        return NOT_REACHED
    return f"{coverage.bias:+.2f} days" if MEDIAN in coverage.measure else f"{100 * coverage.bias:+.1f}"


def standard_table(trials: Sequence[Trial]) -> list[str]:
    """Return, by measure, the share of countries without failings whose mean over forces is below the standard."""
    rows = [[measure, share.text()] for measure, share in below_standard_shares(undisturbed_trials(trials)).items()]
    return markdown(("measure", "below the standard"), rows)


def network_table(trials: Iterable[Trial]) -> list[str]:
    """Return, by definition of a link, the injected pairs and networks that were found, and pairs joined wrongly."""
    all_recoveries = [recovery for trial in trials for recovery in trial.groups]
    rows = []
    for tied_by in dict.fromkeys(recovery.tied_by for recovery in all_recoveries):
        tie_recoveries = [recovery for recovery in all_recoveries if recovery.tied_by == tied_by]
        found, wrong = (
            sum(recovery.pairs_found for recovery in tie_recoveries),
            sum(recovery.wrong for recovery in tie_recoveries),
        )
        pairs, networks = (
            sum(recovery.pairs for recovery in tie_recoveries),
            sum(recovery.networks for recovery in tie_recoveries),
        )
        rows.append(
            [tied_by, Share(found, pairs).text(),
             Share(sum(recovery.networks_found for recovery in tie_recoveries), networks).text(),
             Share(wrong, wrong + found).text()]
        )  # fmt: skip
    heads = ("tied by", "pairs of suspects found", "networks found", "of pairs joined, of two networks")
    return markdown(heads, rows)


def target_lines(trials: Sequence[Trial]) -> list[str]:
    """Return one sentence for each target error rate: was it met in the countries without failings?"""
    return [line for name in names(trials) for line in _world_target_lines(name, undisturbed_trials(trials, name))]


def _world_target_lines(name: str, trials: Sequence[Trial]) -> list[str]:
    alert_share, tests = false_alert_share(trials, ASSAY), small_p_shares(trials)["all"]
    has_few_alerts = alert_share.share is not None and alert_share.share <= MAX_ALERT_SHARE
    has_uniform_p = tests.share is not None and P_LOW <= tests.share <= P_HIGH
    return [
        (
            f"{name}: any alarm in at most 10 of 100 countries is {'kept' if has_few_alerts else 'not kept'}, "
            f"{alert_share.text()}."
        ),
        f"{name}: an unadjusted p below 0.01 in 0.5% to 1.5% of tests is {'kept' if has_uniform_p else 'not kept'}, "
        f"{_precise_text(tests)}.",
    ]
