"""Results of simulated reading of texts: failings detected, false alerts and interval coverage, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from assay.indicators import EVERYWHERE
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.text_estimate_coverage import (
    NUMBER,
    PREVALENCES,
    TITLES,
    SamplingCoverage,
    combine_bands,
    simulate_sampling,
)
from assay.synthetic.simulation.text_trials import ASSAY, HITS, TEXTS_PER_FORCE, TextTrial
from assay.synthetic.simulation.trial_summaries import Share
from assay.synthetic.simulation.trial_tables import markdown
from assay.synthetic.simulation.trial_worlds import TEXT_FAILINGS
from assay.workflows.reading.text_scan import BANDS
from assay.workflows.run.text_stage import NOTES, SUMMARIES

METHODS = (ASSAY, HITS)
NAMES = (*(f"up to {cut:g}" for cut in BANDS), f"above {BANDS[-1]:g}")
RECORDS, FORCES = 5000, 43
HEAD = "What people find in texts"


def sections(trials: Sequence[TextTrial], repeats: int = 2000) -> list[tuple[str, list[str]]]:
    """Return each table with its heading; empty without trials."""
    if not trials:
        return []
    return [
        (HEAD, [*_trial_sentence(trials), "", *detection_table(trials)]),
        ("What people find in texts: false calls", false_alert_table(trials)),
        ("What people find in texts: figures against the truth", figure_table(trials)),
        ("Intervals of rare words, marks taken as exact", prevalence_table(trials, repeats)),
    ]


def _trial_sentence(trials: Sequence[TextTrial]) -> list[str]:
    world = next((trial.world for trial in trials if trial.injected), trials[0].world)
    injected_count = sum(bool(trial.injected) for trial in trials)
    return [
        (
            f"{len(trials)} countries of {world.forces} forces with {world.crimes} crimes each, in {injected_count} "
            f"of them each "
            f"failing in two forces at strength {world.strength:g}. In each force {TEXTS_PER_FORCE[NOTES]} entries and "
            f"{TEXTS_PER_FORCE[SUMMARIES]} summaries are marked, once, by markers who miss 4 in 100 of what is there."
        )
    ]


def detection_table(trials: Sequence[TextTrial]) -> list[str]:
    """Return a row for each failing: the share of forces with it in which it was found."""
    rows = []
    for failing in TEXT_FAILINGS:
        detections = [found for item in trials for key, _, found in item.injected if key == failing]
        rows.append(
            [failings()[failing].name, *(_share([method in item for item in detections]) for method in METHODS)]
        )
    return markdown(("failing", *METHODS), rows)


def false_alert_table(trials: Sequence[TextTrial]) -> list[str]:
    """Return a row for each method: countries without failings with any alert, and false alerts."""
    quiet = [trial for trial in trials if not trial.injected]
    rows = []
    for method in METHODS:
        true, false = (sum(trial.alerts[method][place] for trial in trials if trial.injected) for place in (0, 1))
        any_call = _share([trial.alerts[method][1] > 0 for trial in quiet])
        rows.append([method, any_call, Share(false, true + false).text()])
    return markdown(("method", "nothing wrong: any call", "injected: calls that are false"), rows)


def figure_table(trials: Sequence[TextTrial]) -> list[str]:
    """Return a row for each figure, of single forces and of all together: its mean, interval coverage and width."""
    rows = []
    for measure, title in TITLES.items():
        for place, words in ((False, "a force"), (True, "all together")):
            estimates = [
                e
                for item in trials
                for e in item.estimates
                if e.measure == measure and (e.place == EVERYWHERE) == place
            ]
            if estimates:
                is_number = measure == NUMBER
                figures = [mean(getattr(e, name) for e in estimates) for name in ("truth", "value")]
                width = mean(e.high - e.low for e in estimates)
                cells = [f"{item:.1f}" if is_number else f"{100 * item:.2f}%" for item in (*figures, width)]
                rows.append([title, words, cells[0], cells[1], _share([e.covers_truth for e in estimates]), cells[2]])
    return markdown(("figure", "of", "true, mean", "said, mean", "held", "width, mean"), rows)


def prevalence_table(trials: Sequence[TextTrial], repeats: int) -> list[str]:
    """Return, for each prevalence, the interval coverage of one force and of all forces together."""
    bands, rows = combine_bands([trial.bands for trial in trials], NAMES), []
    for prevalence in PREVALENCES:
        for forces, times in ((1, repeats), (FORCES, max(repeats // 5, 10))):
            rows.append(
                _row(
                    simulate_sampling(
                        bands, prevalence, records=RECORDS, files=TEXTS_PER_FORCE[NOTES], forces=forces, repeats=times
                    )
                )
            )
    return markdown(
        ("prevalence", "records", "marked", "by bands: held", "by bands: width", "simple: held", "simple: width"), rows
    )


def _row(result: SamplingCoverage) -> list[str]:
    times = f"{result.forces} x " if result.forces > 1 else ""
    coverage = [Share(number, result.repeats).text() for number in (result.covered, result.simple_covered)]
    widths = [f"{100 * width:.2f} points" for width in (result.width, result.simple_width)]
    size = (f"{100 * result.prevalence:g}%", f"{times}{result.records:,}", f"{times}{result.files:,}")
    return [*size, coverage[0], widths[0], coverage[1], widths[1]]


def _share(found: Sequence[bool]) -> str:
    return Share(sum(found), len(found)).text()
