"""How are the trials told, for those who keep the benchmark and for those who read the documentation?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from assay.synthetic.simulation import trial_tables
from assay.synthetic.simulation.peer_methods import FILES_READ, FORCES_READ
from assay.synthetic.simulation.repeated_draws import LATER, Draw
from assay.synthetic.simulation.simulation_charts import coverage_dots, power_curves
from assay.synthetic.simulation.text_trial_tables import sections
from assay.synthetic.simulation.text_trials import TextTrial
from assay.synthetic.simulation.trial_runs import OURS, Trial
from assay.synthetic.simulation.trial_summaries import at, planted, power, strengths
from assay.wording import counted

POWER, COVERAGE = "power.svg", "coverage.svg"
ALT_COVERAGE = (
    "Of each measure with a known truth, the share of 95% intervals that hold it, where nothing is planted and where a "
    "failing is. The figures stand in the table below."
)
SHARES = "Shares are given as: percent (95% interval left by the number of trials; number of trials)."


@dataclass(frozen=True)
class Settings:
    """With what the trials were run: a quick look or all of it, and the versions of what they rest on."""

    quick: bool
    versions: str


def pictures(trials: Sequence[Trial]) -> Mapping[str, str]:
    """The drawings by the names of their files."""
    return {POWER: power_curves(trial_tables.troubled(trials)), COVERAGE: coverage_dots(trials)}


def table(trials: Sequence[Trial], draws: Sequence[Draw], settings: Settings, texts: Sequence[TextTrial] = ()) -> str:
    """Everything that was measured, as printed."""
    lines = ["# How well the inspection finds what is wrong", "", *_settings(trials, draws, settings), "", SHARES]
    for head, rows in (
        ("What is promised where nothing is wrong", [f"- {line}" for line in trial_tables.promises(trials)]),
        ("Every failing, planted at strength 1", trial_tables.of_failings(trial_tables.troubled(trials))),
        ("Power by strength, whatever the number of records", trial_tables.by_strength(trial_tables.troubled(trials))),
        ("By how many forces fail alike, strength 1 and above", trial_tables.by_number(trial_tables.troubled(trials))),
        ("Planted in most forces, strength 1: judged against the standard", trial_tables.of_most(trials)),
        ("False alarms", trial_tables.of_alarms(trials)),
        (
            "False alarms a country, where nothing is wrong and something makes it look so",
            trial_tables.of_nuisances(trials),
        ),
        ("Unadjusted tests where nothing is wrong", trial_tables.of_tests(trials)),
        ("Shares of forces against the truth (errors in points)", trial_tables.of_estimates(trials)),
        ("Every estimate against other draws of the same forces (errors in points)", trial_tables.of_draws(draws)),
        ("Planted networks", trial_tables.of_groups(trials)),
        ("All forces together against the standard, where nothing is wrong", trial_tables.of_standards(trials)),
        *sections(texts),
    ):
        lines += ["", f"## {head}", "", *rows]
    return "\n".join(lines) + "\n"


def _settings(trials: Sequence[Trial], draws: Sequence[Draw], settings: Settings) -> list[str]:
    found = ["A quick look: too few countries to promise anything by." if settings.quick else "All of it."]
    every = [*(trial.world for trial in trials), *(draw.world for draw in draws)]
    for name in dict.fromkeys(world.name for world in every):
        worlds = [world for world in every if world.name == name]
        one, seeds = worlds[0], sorted({world.seed for world in worlds})
        strong = ", ".join(f"{size:g}" for size in sorted({world.strength for world in worlds}))
        number = ", ".join(str(n) for n in sorted({n for world in worlds for n in world.planted.values()}))
        planting = f"; each failing that can be planted yet in {number} forces, at strength {strong}" if number else ""
        again = len({(world.seed, world.again) for world in worlds}) // len(seeds)
        drawn = f"; each {again} times, and as often when the data are read {LATER} years later" if again > 1 else ""
        tried = counted(len(worlds), "country", "countries")
        found.append(
            f"- {name}: {tried} of {one.forces} forces with {one.crimes} crimes each"
            f"{'' if one.even else ' on average'}, seeds {seeds[0]} to {seeds[-1]}{planting}{drawn}."
        )
    return [*found, f"- Versions: {settings.versions}."]


def page(trials: Sequence[Trial], draws: Sequence[Draw], settings: Settings, texts: Sequence[TextTrial] = ()) -> str:
    """The page of the documentation (`page.md`), with its pictures; every figure in it comes from the trials."""
    troubled = trial_tables.troubled(trials)
    parts = {
        "settings": _settings(trials, draws, settings),
        "promises": [f"- {line}" for line in trial_tables.promises(trials)],
        "how": [SHARES],
        "alarms": trial_tables.of_alarms(trials),
        "nuisances": trial_tables.of_nuisances(trials),
        "numbers": trial_tables.by_number(troubled),
        "failings": trial_tables.of_failings(troubled),
        "groups": trial_tables.of_groups(trials),
        "estimates": trial_tables.of_estimates(trials),
        "most": trial_tables.of_most(trials),
        "draws": trial_tables.of_draws(draws),
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
    """The curves in a sentence: what each method finds at the strongest and at the weakest."""
    weak, strong = strengths(trials)[0], strengths(trials)[-1]
    mine = [
        f"{key.replace('_', ' ')} {100 * (power(trials, key, OURS, at(weak)).share or 0):.0f} to "
        f"{100 * (power(trials, key, OURS, at(strong)).share or 0):.0f}"
        for key in planted(trials)
    ]
    return (
        f"Share of planted forces found by strength, a panel a failing, four methods. Of a hundred, assay finds from "
        f"strength {weak:g} to {strong:g}: {'; '.join(mine)}."
    )
