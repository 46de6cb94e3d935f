"""The page for readers on how well an inspection finds failings: power, false alerts and coverage in short."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from string import Template

from assay.synthetic.simulation.estimate_errors import IntervalCoverage, interval_coverage
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.repeated_draws import BY_DAY, MEDIAN, Draw, compare_draws
from assay.synthetic.simulation.trial_runs import ASSAY, FUNNEL, Trial
from assay.synthetic.simulation.trial_summaries import (
    Share,
    false_alert_share,
    false_share,
    injected_keys,
    strengths,
    trial_coverage,
)
from assay.synthetic.simulation.trial_tables import (
    countries_found,
    majority_groups,
    markdown,
    names,
    serious_power,
    trials_by_nuisance,
    trials_with_failings,
    undisturbed_trials,
)
from assay.wording import count_phrase, format_number, join_words

LOW_COVERAGE = 90
"""Coverage in percent; the page says how many estimates are below it."""
COLUMNS = {ASSAY: "assay", FUNNEL: "plain funnel"}


def summary_page(trials: Sequence[Trial], draws: Sequence[Draw], measured: str) -> str:
    """Return the page for readers; every figure of the study in it comes from the trials.

    Parameters
    ----------
    measured
        When the trials were run and with which version, as the end of a sentence.
    """
    troubled = trials_with_failings(trials)
    parts = {
        "found": _found_sentence(trials),
        "tried": _tried_sentence(trials),
        "power": "\n".join(power_table(troubled)),
        "unscored": _unscored_sentence(troubled),
        "quiet": "\n".join(f"- {line}" for line in false_alert_lines(trials)),
        "coverage": "; ".join(coverage_phrases(trials, draws)),
        "most": _majority_sentence(trials),
        "measured": measured,
    }
    template = files("assay.synthetic.simulation").joinpath("study_summary.md").read_text(encoding="utf-8")
    return Template(template).substitute(parts)


def _found_sentence(trials: Sequence[Trial]) -> str:
    troubled, quiet = trials_with_failings(trials), undisturbed_trials(trials)
    found, peer_found = (
        _sum(serious_power(troubled, key, method) for key in _tested_keys(troubled)) for method in COLUMNS
    )
    false, peer_false = (false_alert_share(quiet, method) for method in COLUMNS)
    return (
        f"Of {count_phrase(found.total, 'serious failing')} in synthetic forces, `assay` found {found.count} and a "
        f"plain funnel {peer_found.count}. Of {count_phrase(false.total, 'country', 'countries')} in which nothing is "
        f"wrong, `assay` raised an alert in {false.count} and the funnel in {peer_false.count}."
    )


def _sum(shares: Iterable[Share]) -> Share:
    known = list(shares)
    return Share(sum(share.count for share in known), sum(share.total for share in known))


def _tested_keys(troubled: Sequence[Trial]) -> list[str]:
    return [key for key in injected_keys(troubled) if serious_power(troubled, key, ASSAY).total]


def _tried_sentence(trials: Sequence[Trial]) -> str:
    troubled = trials_with_failings(trials)
    numbers = sorted({number for trial in troubled for number in trial.world.injected.values() if number})
    numbers_text, strengths_text = (
        join_words([f"{value:g}" for value in values]) for values in (numbers, strengths(troubled))
    )
    return (
        f"Each failing is in {numbers_text} forces of {_countries(troubled)} with {_crimes(troubled)}, at strength "
        f"{strengths_text}."
    )


def _countries(trials: Sequence[Trial]) -> str:
    """Return the number and size of synthetic countries: '120 countries of 16 forces'."""
    if not trials:
        return "no country"
    return f"{count_phrase(len(trials), 'country', 'countries')} of {trials[0].world.forces} forces"


def _crimes(trials: Sequence[Trial]) -> str:
    return join_words([f"{crimes} crimes each" for crimes in dict.fromkeys(trial.world.crimes for trial in trials)])


def power_table(troubled: Sequence[Trial]) -> list[str]:
    """Return a row for each failing of strength 1, beginning with the one that is found most often."""
    keys = sorted(_tested_keys(troubled), key=lambda key: -(serious_power(troubled, key, ASSAY).share or 0))
    rows = [[failings()[key].name, *(serious_power(troubled, key, m).text() for m in COLUMNS)] for key in keys]
    return markdown(("failing", *COLUMNS.values()), rows)


def _unscored_sentence(troubled: Sequence[Trial]) -> str:
    tested = _tested_keys(troubled)
    unscored = [failing.name for key, failing in failings().items() if key not in tested]
    return f"Not in this table: {join_words(unscored)}." if unscored else ""


def false_alert_lines(trials: Sequence[Trial]) -> list[str]:
    """Return sentences on the false alerts of `assay` and of the plain funnel."""
    lines = [
        f"Nothing wrong in {_countries(quiet)}: an alert in {result.text()}; plain funnel {peer.text()}."
        for quiet in (undisturbed_trials(trials, name) for name in names(trials))
        for result, peer in [[false_alert_share(quiet, method) for method in COLUMNS]]
    ]
    result, peer = (false_share(trials_with_failings(trials), method).text() for method in COLUMNS)
    lines.append(f"Alerts that are false where failings are injected: {result}; plain funnel {peer}.")
    disturbed = [trial for nuisance_trials in trials_by_nuisance(trials).values() for trial in nuisance_trials]
    if disturbed:
        result, peer = (format_number(sum(trial.alerts[method][1] for trial in disturbed)) for method in COLUMNS)
        countries = count_phrase(len(disturbed), "country", "countries")
        lines.append(
            f"False alerts in {countries} in which data only look like a failing: {result}; plain funnel {peer}."
        )
    return lines


def coverage_phrases(trials: Sequence[Trial], draws: Sequence[Draw]) -> list[str]:
    """Return a phrase for each kind of estimate: the range of the coverage of its 95% intervals over all measures."""
    plain = [trial for trial in trials if not trial.world.nuisance]
    redrawn = interval_coverage(compare_draws(draws))
    waits = [item for item in redrawn if BY_DAY in item.measure or MEDIAN in item.measure]
    kinds = {
        "of shares without the failing": trial_coverage(
            plain, lambda item: item.low is not None and not item.has_injected_failing
        ),
        "of shares with it": trial_coverage(plain, lambda item: item.low is not None and item.has_injected_failing),
        "of shares against redrawn records": [item for item in redrawn if item not in waits],
        "of waits": waits,
    }
    return [f"{_coverage_range(items)} {kind}" for kind, items in kinds.items() if items]


def _coverage_range(items: Sequence[IntervalCoverage]) -> str:
    percents = sorted(round(100 * item.covering / item.intervals) for item in items)
    below = sum(percent < LOW_COVERAGE for percent in percents)
    limits = f"{percents[0]}% to {percents[-1]}%"
    return f"{limits} ({below} of {len(percents)} under {LOW_COVERAGE}%)"


def _majority_sentence(trials: Sequence[Trial]) -> str:
    groups = majority_groups(trials)
    numbers = sorted({number for _, number in groups})
    phrases = []
    for number in numbers:
        tried = [(key, found) for (key, size), found in groups.items() if size == number]
        forces = tried[0][1][0].world.forces
        found = sum(countries_found(found) > 0 for _, found in tried)
        phrases.append(f"{found} of {len(tried)} in {number} of {forces} forces")
    return f"Found: {join_words(phrases)}." if phrases else ""
