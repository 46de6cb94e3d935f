"""Synthetic countries of the trials: without failings, or with failings injected at a chosen strength.

The only module of this package that imports the generator. Every force sends complete data without errors, except in
the worlds about the form of returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assay import synthetic
from assay.synthetic.hidden_settings import hidden_settings
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.text_truth_ratings import TextRatings
from assay.synthetic.world_settings import InjectedFailing, Nuisances, Where

TESTED_FAILINGS = (
    "late_recording",
    "late_notices",
    "flags_missing",
    "ethnicity_missing",
    "needs_unassessed",
    "return_interviews_late",
    "few_charged",
    "profile_stale",
    "groups_denied",
    "victims_criminalised",
    "closed_wrongly",
    "missing_not_linked",
    "no_orders",
    "partners_apart",
    "codes_hide",
    "flags_wrong",
    "not_searchable",
    "harm_called_risk",
    "removed_early",
    "care_not_recorded",
)
"""The injected failings: those that some measure shows."""
TEXT_FAILINGS = ("blaming_language", "flags_missing", "flags_wrong")
"""The failings that only rated texts show; they have their own trials."""
SYSTEMS = "record_systems"
RECEIVED_WORLDS = (SYSTEMS, "sent_twice")


@dataclass(frozen=True)
class TrialWorld:
    """The settings of one trial country.

    `injected`: the number of forces with each failing, chosen by the seed, at most one failing in a force; `strength` 1
    is serious: the larger of 20 points and four standard deviations between forces. `has_equal_sizes`: all forces have
    the same size, otherwise sizes vary as in a country (`crimes` is their mean). `nuisance`: a world whose nuisances
    and networks, and nothing else, are used. `repeat`: number of the repeated draw of the same forces;
    `read_years_later`: extraction when nearly everything has ended. `places`: the forces with each failing, instead of
    `injected`, so that a force can have several; `strengths`: the strength of each failing, where it is not `strength`.
    """

    name: str
    seed: int
    forces: int
    crimes: int
    injected: Mapping[str, int] = field(default_factory=dict)
    strength: float = 0.0
    has_equal_sizes: bool = False
    nuisance: str = ""
    repeat: int = 0
    read_years_later: int = 0
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    strengths: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_received(self) -> bool:
        """True if the country's returns must be received and validated: they have several formats or duplicate rows."""
        return self.nuisance in RECEIVED_WORLDS


def generate_world(folder: Path, world: TrialWorld) -> None:
    """Write `request.toml`, `returns/CODE/` and `truth/` into `folder`."""
    nuisance_world = synthetic.read_world(world.nuisance) if world.nuisance else None
    if nuisance_world:
        nuisances = replace(nuisance_world.nuisances, sends_everything=world.nuisance != SYSTEMS)
    else:
        nuisances = Nuisances(
            size_spread=0.0 if world.has_equal_sizes else 0.5, follow_up_days=0, sends_everything=True
        )
    country_world = synthetic.World(
        key=world.name.replace(" ", "_").replace(",", ""),
        title=world.name,
        forces=world.forces,
        crimes_per_force=world.crimes,
        injected=tuple(
            InjectedFailing(key, Where(forces=codes), world.strengths.get(key, world.strength))
            for key, codes in (world.places or _forces_by_failing(world)).items()
        ),
        nuisances=nuisances,
        read_years_later=world.read_years_later,
        networks=nuisance_world.networks if nuisance_world else NetworkSettings(),
    )
    synthetic.generate_country(folder, world=country_world, seed=world.seed, repeat=world.repeat)


def text_marks(truth: Path, seed: int) -> TextRatings:
    """Return the ratings that a simulated rater gives to the texts of a country."""
    return TextRatings(truth, seed)


def _forces_by_failing(world: TrialWorld) -> dict[str, tuple[str, ...]]:
    """Return the forces with each failing; only territorial forces have failings."""
    order = _sampled_codes(RandomStream(world.seed, "planted", world.name), world.forces)
    found: dict[str, tuple[str, ...]] = {}
    for failing in dict.fromkeys((*TESTED_FAILINGS, *TEXT_FAILINGS)):
        number = world.injected.get(failing, 0)
        if number:
            found[failing], order = tuple(sorted(order[:number])), order[number:]
    return found


def _sampled_codes(stream: RandomStream, forces: int) -> list[str]:
    """Return the codes of the territorial forces in random order; in larger countries the last force is none."""
    codes = [f"INV{number:02d}" for number in range(1, forces + (forces <= LARGEST_WITHOUT_NATIONAL))]
    return stream.sample(codes, len(codes))


LARGEST_WITHOUT_NATIONAL = 10
"""Countries with more forces have a national one among them."""
FAILINGS_PER_FORCE = (0, 1, 0, 2, 1, 3)
"""Number of failings in one force after another of a mixed country, in a random order of forces."""


def mixed_world(
    seed: int, forces: int, crimes: int, strengths: Sequence[float], failings: Sequence[str] = TESTED_FAILINGS
) -> TrialWorld:
    """Return a country in which a third of the forces have no failing, and the other forces one to three.

    Every failing has one of the strengths, in turn, in all forces that have it. The forces, the failings of each and
    the strengths follow from the seed.
    """
    stream = RandomStream(seed, "mixed")
    codes = _sampled_codes(stream, forces)
    order = stream.sample(list(failings), len(failings))
    strength_by_failing = {key: strengths[position % len(strengths)] for position, key in enumerate(order)}
    places: dict[str, list[str]] = {}
    next_failing = 0
    for position, code in enumerate(codes):
        for _ in range(FAILINGS_PER_FORCE[position % len(FAILINGS_PER_FORCE)]):
            places.setdefault(order[next_failing % len(order)], []).append(code)
            next_failing += 1
    return TrialWorld(
        "mixed", seed, forces, crimes, has_equal_sizes=True,
        places={key: tuple(sorted(codes)) for key, codes in places.items()}, strengths=strength_by_failing,
    )  # fmt: skip


HIDDEN = ("lists_apart", "lists_lean", "hidden_falls", "hidden_rises")
"""Worlds for the evaluation of hidden-population estimates."""


def generate_hidden_world(
    folder: Path, name: str, forces: int, crimes: int, seed: int
) -> Mapping[str, Mapping[str, float]]:
    """Generate one of the worlds `HIDDEN` into `folder`; return its true referrals between lists, in log-odds."""
    world = replace(synthetic.read_world(name), forces=forces, crimes_per_force=crimes)
    synthetic.generate_country(folder, world=world, seed=seed)
    return world_feeds(name)


def world_feeds(name: str) -> Mapping[str, Mapping[str, float]]:
    """Return the true referrals between lists in a synthetic world."""
    return hidden_settings(synthetic.read_world(name).hidden).feeds
