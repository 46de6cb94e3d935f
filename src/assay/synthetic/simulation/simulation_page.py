"""The page of the simulation study for the benchmark and the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from assay.synthetic.simulation import trial_tables
from assay.synthetic.simulation.peer_methods import FILES_READ, FORCES_READ
from assay.synthetic.simulation.repeated_draws import YEARS_LATER, Draw
from assay.synthetic.simulation.simulation_charts import coverage_dots, power_curves
from assay.synthetic.simulation.text_trial_tables import sections
from assay.synthetic.simulation.text_trials import TextTrial
from assay.synthetic.simulation.trial_runs import ASSAY, Trial
from assay.synthetic.simulation.trial_summaries import at_strength, injected_keys, power, strengths
from assay.wording import count_phrase

POWER, COVERAGE = "power.svg", "coverage.svg"
ALT_COVERAGE = (
    "Of each measure with a known truth, the share of 95% intervals that hold it, where nothing is planted and where a "
    "failing is. The figures stand in the table below."
)
SHARES = "Shares are given as: percent (95% interval left by the number of trials; number of trials)."


@dataclass(frozen=True)
class Settings:
    """The settings of the trials: a quick run or a full run, and the versions of software and data."""

    quick: bool
    versions: str


def page_charts(trials: Sequence[Trial]) -> Mapping[str, str]:
    """Return the charts by file name."""
    return {POWER: power_curves(trial_tables.trials_with_failings(trials)), COVERAGE: coverage_dots(trials)}


def result_tables(
    trials: Sequence[Trial], draws: Sequence[Draw], settings: Settings, texts: Sequence[TextTrial] = ()
) -> str:
    """Return all results as text tables."""
    lines = ["# How well the inspection finds what is wrong", "", *_settings(trials, draws, settings), "", SHARES]
    for head, rows in (
        ("What is promised where nothing is wrong", [f"- {line}" for line in trial_tables.target_lines(trials)]),
        ("Every failing, planted at strength 1", trial_tables.failing_table(trial_tables.trials_with_failings(trials))),
        (
            "Power by strength, whatever the number of records",
            trial_tables.strength_table(trial_tables.trials_with_failings(trials)),
        ),
        (
            "By how many forces fail alike, strength 1 and above",
            trial_tables.number_table(trial_tables.trials_with_failings(trials)),
        ),
        ("Planted in most forces, strength 1: judged against the standard", trial_tables.majority_table(trials)),
        ("False alarms", trial_tables.false_alert_table(trials)),
        (
            "False alarms a country, where nothing is wrong and something makes it look so",
            trial_tables.nuisance_table(trials),
        ),
        ("Unadjusted tests where nothing is wrong", trial_tables.p_value_table(trials)),
        ("Shares of forces against the truth (errors in points)", trial_tables.estimate_table(trials)),
        (
            "Every estimate against other draws of the same forces (errors in points)",
            trial_tables.repeated_draw_table(draws),
        ),
        ("Planted networks", trial_tables.network_table(trials)),
        ("All forces together against the standard, where nothing is wrong", trial_tables.standard_table(trials)),
        *sections(texts),
    ):
        lines += ["", f"## {head}", "", *rows]
    return "\n".join(lines) + "\n"


def _settings(trials: Sequence[Trial], draws: Sequence[Draw], settings: Settings) -> list[str]:
    found = ["A quick look: too few countries to promise anything by." if settings.quick else "All of it."]
    all_worlds = [*(trial.world for trial in trials), *(draw.world for draw in draws)]
    for name in dict.fromkeys(world.name for world in all_worlds):
        worlds = [world for world in all_worlds if world.name == name]
        first_world, seeds = worlds[0], sorted({world.seed for world in worlds})
        strong = ", ".join(f"{size:g}" for size in sorted({world.strength for world in worlds}))
        number = ", ".join(str(n) for n in sorted({n for world in worlds for n in world.injected.values()}))
        planting = f"; each failing that can be planted yet in {number} forces, at strength {strong}" if number else ""
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
            f"{seeds[-1]}{planting}{repeat_text}."
        )
    return [*found, f"- Versions: {settings.versions}."]


def documentation_page(
    trials: Sequence[Trial], draws: Sequence[Draw], settings: Settings, texts: Sequence[TextTrial] = ()
) -> str:
    """Return the documentation page (`page.md`) with its charts; every figure in it comes from the trials."""
    troubled = trial_tables.trials_with_failings(trials)
    parts = {
        "settings": _settings(trials, draws, settings),
        "promises": [f"- {line}" for line in trial_tables.target_lines(trials)],
        "how": [SHARES],
        "alarms": trial_tables.false_alert_table(trials),
        "nuisances": trial_tables.nuisance_table(trials),
        "numbers": trial_tables.number_table(troubled),
        "failings": trial_tables.failing_table(troubled),
        "groups": trial_tables.network_table(trials),
        "estimates": trial_tables.estimate_table(trials),
        "most": trial_tables.majority_table(trials),
        "draws": trial_tables.repeated_draw_table(draws),
        "texts": [line for head, rows in sections(texts) for line in (f"### {head}", "", *rows, "")],
    }
    template = Template(files("assay.synthetic.simulation").joinpath("page.md").read_text(encoding="utf-8"))
    return template.substitute(
        {name: "\n".join(lines) for name, lines in parts.items()},
        files=FILES_READ,
        forces=FORCES_READ,
        power=POWER,
        coverage=COVERAGE,
        alt_power=_alt_power(troubled),
        alt_coverage=ALT_COVERAGE,
    )


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
        f"Share of planted forces found by strength, a panel a failing, four methods. Of a hundred, assay finds from "
        f"strength {weak:g} to {strong:g}: {'; '.join(phrases)}."
    )
