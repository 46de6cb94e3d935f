"""The full results of the simulation study as one page, with its charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from assay.report.charts.chart_canvas import Canvas, Linear
from assay.synthetic.simulation import trial_tables
from assay.synthetic.simulation.estimate_errors import IntervalCoverage, TruthComparison
from assay.synthetic.simulation.injected_failings import failings
from assay.synthetic.simulation.peer_methods import FILES_READ, FORCES_READ
from assay.synthetic.simulation.repeated_draws import YEARS_LATER, Draw
from assay.synthetic.simulation.text_trial_tables import sections
from assay.synthetic.simulation.text_trials import TextTrial
from assay.synthetic.simulation.trial_runs import ASSAY, METHODS, Trial
from assay.synthetic.simulation.trial_summaries import (
    Share,
    at_strength,
    injected_keys,
    power,
    strengths,
    trial_coverage,
)
from assay.wording import count_phrase

# Charts of the simulation study: power by strength, and interval coverage.

LINES = ("a", "b", "c", "d")
WIDTH, PANEL, COLUMNS = 760, 216, 2
STATED = 0.95


def power_curves(trials: Sequence[Trial]) -> str:
    """Draw power curves by failing: the share of forces found, by strength and method."""
    keys = injected_keys(trials)
    rows = -(-len(keys) // COLUMNS)
    title = f"Share of forces with an injected failing found, by strength: {', '.join(METHODS)}"
    canvas = Canvas(WIDTH, 70 + rows * (PANEL + 20), title)
    _legend(canvas)
    for place, key in enumerate(keys):
        left, top = 14 + (place % COLUMNS) * (WIDTH - 10) / COLUMNS, 62 + (place // COLUMNS) * (PANEL + 20)
        _panel(canvas, trials, key, left, top)
    return canvas.svg()


def _legend(canvas: Canvas) -> None:
    at_x = 14.0
    for method, css in zip(METHODS, LINES, strict=True):
        canvas.line(at_x, 16, at_x + 22, 16, f"line {css}{'' if method == ASSAY else ' thin'}")
        canvas.text(at_x + 28, 21, method, "strong" if method == ASSAY else "")
        at_x += 50 + 7.4 * len(method)
    canvas.text(14, 44, "Found, of 100 forces in which it was injected; by strength (1 is serious)", "tn")


def _panel(canvas: Canvas, trials: Sequence[Trial], key: str, left: float, top: float) -> None:
    tested_strengths = strengths(trials)
    x = Linear(0, max(tested_strengths), left + 34, left + WIDTH / COLUMNS - 26)
    y = Linear(0, 1, top + PANEL - 40, top + 24)
    canvas.text(left, top + 8, failings()[key].title, "strong name")
    for share in (0, 0.5, 1):
        canvas.line(x(0), y(share), x.stop, y(share), "axis" if share == 0 else "grid")
        canvas.text(x(0) - 6, y(share) + 4, f"{100 * share:.0f}", "end small")
    for strength in tested_strengths:
        canvas.text(x(strength), y(0) + 17, f"{strength:g}", "mid small")
    assay_power = [power(trials, key, ASSAY, at_strength(strength)) for strength in tested_strengths]
    upper = [
        (x(s), y(share_of_strength.interval[1]))
        for s, share_of_strength in zip(tested_strengths, assay_power, strict=True)
    ]
    lower = [
        (x(s), y(share_of_strength.interval[0]))
        for s, share_of_strength in zip(tested_strengths, assay_power, strict=True)
    ]
    canvas.band(upper, lower, "band")
    for method, css in reversed(list(zip(METHODS, LINES, strict=True))):
        found = [power(trials, key, method, at_strength(strength)) for strength in tested_strengths]
        through = [
            (x(s), y(share_of_strength.share or 0))
            for s, share_of_strength in zip(tested_strengths, found, strict=True)
        ]
        canvas.path(through, f"line {css}{'' if method == ASSAY else ' thin'}")
        if method == ASSAY:
            for point in through:
                canvas.circle(*point, 3.5, f"f{css}")


def coverage_dots(trials: Sequence[Trial]) -> str:
    """Draw the coverage of the 95% intervals of each measure over all forces, each with a simulation interval."""
    sound = trial_coverage(trials, lambda item: _has_interval(item) and not item.has_injected_failing)
    failing = {
        item.measure: item
        for item in trial_coverage(trials, lambda item: _has_interval(item) and item.has_injected_failing)
    }
    canvas = Canvas(WIDTH, 106 + 34 * len(sound), "Share of 95% intervals that hold the true share, by measure")
    worst = min((item.low for item in (*sound, *failing.values())), default=0.8)
    x = Linear(min(0.8, worst // 0.1 / 10), 1.0, 300, WIDTH - 30)
    bottom = 58 + 34 * len(sound)
    steps = [step / 20 for step in range(round(20 * x.low), 21)]
    for step in steps[:: 1 if len(steps) < 9 else 2]:
        canvas.line(x(step), 44, x(step), bottom, "grid")
        canvas.text(x(step), bottom + 20, f"{100 * step:.0f}", "mid small")
    canvas.line(x(STATED), 34, x(STATED), bottom, "mark")
    canvas.text(x(STATED), 28, "95", "tmark mid")
    canvas.circle(20, 16, 5, "fa")
    canvas.text(32, 21, "no failing injected that the measure shows", "")
    canvas.circle(300, 16, 5, "fb")
    canvas.text(312, 21, "a failing injected", "")
    axis_text = "Of 100 intervals that are stated at 95%, so many hold the true share"
    canvas.text(x.start, bottom + 38, axis_text, "small tn")
    for place, item in enumerate(sound):
        middle = 64.0 + 34 * place
        canvas.text(14, middle + 5, item.measure.replace("_", " "), "name")
        _dot(canvas, x, item, middle - 5, "a")
        if item.measure in failing:
            _dot(canvas, x, failing[item.measure], middle + 6, "b")
    return canvas.svg()


def _dot(canvas: Canvas, x: Linear, coverage: IntervalCoverage, middle: float, css: str) -> None:
    share = Share(coverage.covering, coverage.intervals).share or 0
    canvas.line(x(coverage.low), middle, x(coverage.high), middle, f"line thin {css}")
    canvas.circle(x(share), middle, 4.5, f"f{css}")


def _has_interval(comparison: TruthComparison) -> bool:
    return comparison.low is not None


POWER, COVERAGE = "power.svg", "coverage.svg"
ALT_COVERAGE = (
    "For each measure with a known truth: the share of 95% intervals that cover it, with no failing injected and with "
    "one. The figures are in the table below."
)
SHARES = "Shares are given as: percent (95% simulation interval; number of trials)."


@dataclass(frozen=True)
class Settings:
    """The settings of the trials: a quick run or a full run, its date, and the versions of software and data."""

    quick: bool
    versions: str
    measured: str = ""


def page_charts(trials: Sequence[Trial]) -> Mapping[str, str]:
    """Return the charts of the page by file name."""
    return {POWER: power_curves(trial_tables.trials_with_failings(trials)), COVERAGE: coverage_dots(trials)}


def result_tables(
    trials: Sequence[Trial], draws: Sequence[Draw], settings: Settings, texts: Sequence[TextTrial] = ()
) -> str:
    """Return the results of all trials as a Markdown page (`study_details.md`), with what was tried and how."""
    troubled = trial_tables.trials_with_failings(trials)
    parts = {
        "settings": _settings(trials, draws, settings),
        "promises": [f"- {line}" for line in trial_tables.target_lines(trials)],
        "how": [SHARES],
        "alarms": trial_tables.false_alert_table(trials),
        "nuisances": trial_tables.nuisance_table(trials),
        "tests": trial_tables.p_value_table(trials),
        "failings": trial_tables.failing_table(troubled),
        "strengths": trial_tables.strength_table(troubled),
        "numbers": trial_tables.number_table(troubled),
        "most": trial_tables.majority_table(trials),
        "standards": trial_tables.standard_table(trials),
        "groups": trial_tables.network_table(trials),
        "estimates": trial_tables.estimate_table(trials),
        "draws": trial_tables.repeated_draw_table(draws),
        "texts": [line for head, rows in sections(texts) for line in (f"### {head}", "", *rows, "")],
    }
    template = Template(files("assay.synthetic.simulation").joinpath("study_details.md").read_text(encoding="utf-8"))
    return template.substitute(
        {name: "\n".join(lines) for name, lines in parts.items()},
        measured=settings.measured,
        files=FILES_READ,
        forces=FORCES_READ,
        power=POWER,
        coverage=COVERAGE,
        alt_power=_alt_power(troubled),
        alt_coverage=ALT_COVERAGE,
    )


def _settings(trials: Sequence[Trial], draws: Sequence[Draw], settings: Settings) -> list[str]:
    found = ["A quick run, with too few countries for a conclusion:" if settings.quick else "The full run:"]
    all_worlds = [*(trial.world for trial in trials), *(draw.world for draw in draws)]
    for name in dict.fromkeys(world.name for world in all_worlds):
        worlds = [world for world in all_worlds if world.name == name]
        first_world, seeds = worlds[0], sorted({world.seed for world in worlds})
        strong = ", ".join(f"{size:g}" for size in sorted({world.strength for world in worlds}))
        number = ", ".join(str(n) for n in sorted({n for world in worlds for n in world.injected.values()}))
        injections = (
            f"; each failing that can be injected yet in {number} forces, at strength {strong}" if number else ""
        )
        repeats = len({(world.seed, world.repeat) for world in worlds}) // len(seeds)
        repeat_text = (
            f"; each {repeats} times, and as often when the data are read {YEARS_LATER} years later"
            if repeats > 1
            else ""
        )
        tried = count_phrase(len(worlds), "country", "countries")
        found.append(
            f"- {name}: {tried} of {first_world.forces} forces with {first_world.crimes} crimes each"
            f"{'' if first_world.has_equal_sizes else ' on average'}, seeds {seeds[0]} to "
            f"{seeds[-1]}{injections}{repeat_text}."
        )
    return [*found, f"- Versions: {settings.versions}."]


def _alt_power(trials: Sequence[Trial]) -> str:
    """Return the text alternative of the power curves: the share found by each method at the lowest and highest
    strength."""
    weak, strong = strengths(trials)[0], strengths(trials)[-1]
    phrases = [
        f"{key.replace('_', ' ')} {100 * (power(trials, key, ASSAY, at_strength(weak)).share or 0):.0f} to "
        f"{100 * (power(trials, key, ASSAY, at_strength(strong)).share or 0):.0f}"
        for key in injected_keys(trials)
    ]
    return (
        f"Share of forces with an injected failing found by strength, a panel a failing, four methods. Of 100, assay "
        f"finds from strength {weak:g} to {strong:g}: {'; '.join(phrases)}."
    )
