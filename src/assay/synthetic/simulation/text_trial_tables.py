"""How is it told what people found in texts: forces found, false calls, and how often the intervals held?"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from assay.indicators import EVERYWHERE
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.prevalence_coverage import PREVALENCES, Coverage, together, tried
from assay.synthetic.simulation.text_estimate_coverage import NUMBER, TITLES
from assay.synthetic.simulation.text_trials import A_FORCE, HITS, OURS, TextTrial
from assay.synthetic.simulation.trial_summaries import Share
from assay.synthetic.simulation.trial_tables import markdown
from assay.synthetic.simulation.trial_worlds import IN_TEXTS
from assay.workflows.reading.text_scan import BANDS
from assay.workflows.run.text_stage import NOTES, SUMMARIES

METHODS = (OURS, HITS)
NAMES = (*(f"up to {cut:g}" for cut in BANDS), f"above {BANDS[-1]:g}")
RECORDS, FORCES = 5000, 43
HEAD = "What people find in texts"


def sections(trials: Sequence[TextTrial], repeats: int = 2000) -> list[tuple[str, list[str]]]:
    """Each table with its heading; none where no country was tried."""
    if not trials:
        return []
    return [
        (HEAD, [*_how(trials), "", *of_found(trials)]),
        ("What people find in texts: false calls", of_false(trials)),
        ("What people find in texts: figures against the truth", of_figures(trials)),
        ("Intervals of rare words, marks taken as exact", of_prevalence(trials, repeats)),
    ]


def _how(trials: Sequence[TextTrial]) -> list[str]:
    world = next((one.world for one in trials if one.planted), trials[0].world)
    planted = sum(bool(one.planted) for one in trials)
    return [
        f"{len(trials)} countries of {world.forces} forces with {world.crimes} crimes each, in {planted} of them each "
        f"failing in two forces at strength {world.strength:g}. In each force {A_FORCE[NOTES]} entries and "
        f"{A_FORCE[SUMMARIES]} summaries are marked, once, by markers who miss 4 in 100 of what is there."
    ]


def of_found(trials: Sequence[TextTrial]) -> list[str]:
    """A row for each failing: in how many of the forces where it is planted it was found."""
    rows = []
    for failing in IN_TEXTS:
        mine = [found for one in trials for key, _, found in one.planted if key == failing]
        rows.append([failings()[failing].name, *(_share([method in one for one in mine]) for method in METHODS)])
    return markdown(("failing", *METHODS), rows)


def of_false(trials: Sequence[TextTrial]) -> list[str]:
    """A row for each method: countries with nothing wrong in which it calls any force, and calls that are false."""
    quiet = [one for one in trials if not one.planted]
    rows = []
    for method in METHODS:
        true, false = (sum(one.alarms[method][place] for one in trials if one.planted) for place in (0, 1))
        any_call = _share([one.alarms[method][1] > 0 for one in quiet])
        rows.append([method, any_call, Share(false, true + false).in_words()])
    return markdown(("method", "nothing wrong: any call", "planted: calls that are false"), rows)


def of_figures(trials: Sequence[TextTrial]) -> list[str]:
    """A row for each figure, of single forces and of all together: its mean, how often the interval held, its width."""
    rows = []
    for measure, title in TITLES.items():
        for place, words in ((False, "a force"), (True, "all together")):
            mine = [
                e for one in trials for e in one.estimates if e.measure == measure and (e.place == EVERYWHERE) == place
            ]
            if mine:
                whole = measure == NUMBER
                figures = [mean(getattr(e, name) for e in mine) for name in ("truth", "value")]
                width = mean(e.high - e.low for e in mine)
                said = [f"{one:.1f}" if whole else f"{100 * one:.2f}%" for one in (*figures, width)]
                rows.append([title, words, said[0], said[1], _share([e.holds for e in mine]), said[2]])
    return markdown(("figure", "of", "true, mean", "said, mean", "held", "width, mean"), rows)


def of_prevalence(trials: Sequence[TextTrial], repeats: int) -> list[str]:
    """A row for each prevalence: one force, and all forces together."""
    bands, rows = together([one.bands for one in trials], NAMES), []
    for prevalence in PREVALENCES:
        for forces, times in ((1, repeats), (FORCES, max(repeats // 5, 10))):
            rows.append(
                _row(tried(bands, prevalence, records=RECORDS, files=A_FORCE[NOTES], forces=forces, repeats=times))
            )
    return markdown(
        ("prevalence", "records", "marked", "by bands: held", "by bands: width", "simple: held", "simple: width"), rows
    )


def _row(one: Coverage) -> list[str]:
    times = f"{one.forces} x " if one.forces > 1 else ""
    held = [Share(number, one.repeats).in_words() for number in (one.held, one.simple_held)]
    widths = [f"{100 * width:.2f} points" for width in (one.width, one.simple_width)]
    size = (f"{100 * one.prevalence:g}%", f"{times}{one.records:,}", f"{times}{one.files:,}")
    return [*size, held[0], widths[0], held[1], widths[1]]


def _share(found: Sequence[bool]) -> str:
    return Share(sum(found), len(found)).in_words()
