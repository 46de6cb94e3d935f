"""Probability that a characteristic is shown in a force, by simulation under the rules.

The level of each part is drawn many times from its distribution. A characteristic is shown in a draw if the mean level
of its parts reaches the line and no share of records is below the floor. A measure without a right level counts against
the characteristic only through an outlier alert, except in the draws in which that alert is false.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assay.grading.characteristic_evidence import RECORDS, CharacteristicEvidence, Part
from assay.grading.grading_rules import Rules
from assay.indicators.evidence_sources import AGREE
from assay.stats.missing_data_bounds import (
    mixture_share_draws,
    share_draws,
    share_with_missing,
    similar_missing_shares,
    uniform_missing_shares,
)
from assay.stats.posterior_grid import Floats

Draws = NDArray[np.bool_]
DECIMALS = 2


@dataclass(frozen=True)
class CharacteristicLevel:
    """The probability that one characteristic is shown in one force; None if there is no evidence.

    Parameters
    ----------
    lowest, highest
        Missing-data bounds: the probability if no unknown record was met, and if all were.
    below_floor
        Probability that a share of records is below the floor.
    draws
        True for each draw in which the characteristic is shown; shape (number of draws,).
    """

    evidence: CharacteristicEvidence
    probability: float | None
    lowest: float | None = None
    highest: float | None = None
    below_floor: float = 0.0
    draws: Draws | None = None

    @property
    def key(self) -> str:
        """The key of the characteristic."""
        return self.evidence.characteristic.key

    def state(self, rules: Rules) -> str:
        """Return 'shown', 'not shown', 'open' (either is possible), 'at odds' or 'not known'.

        'At odds' means that the records show the characteristic and people who were asked say otherwise.
        """
        if self.probability is None:
            return "not known"
        if self.probability >= rules.shown_from:
            return "at odds" if self.evidence.contradicted_by else "shown"
        return "not shown" if self.probability <= rules.not_shown_up_to else "open"


def characteristic_level(evidence: CharacteristicEvidence, rules: Rules) -> CharacteristicLevel:
    """Return the probability that a characteristic is shown, its bounds and the draws."""
    levelled = [part for part in evidence.parts if part.has_level]
    if not levelled:
        return CharacteristicLevel(evidence, None)
    levels, has_no_alert = _levels(evidence.place, levelled, rules), _without_true_alert(evidence, rules)
    floored = np.array([part.is_share_of_records for part in levelled])
    draws = _is_shown(levels, floored, rules) & has_no_alert
    bounds = [draws]
    if any(part.unknown for part in levelled) and rules.unknown_met is None:
        extreme_levels = (_levels(evidence.place, levelled, replace(rules, unknown_met=met)) for met in (0.0, 1.0))
        bounds += [_is_shown(extreme_level, floored, rules) & has_no_alert for extreme_level in extreme_levels]
    shares = [_share(draw_set) for draw_set in bounds]
    below_floor = _share((levels[floored] < rules.floor).any(axis=0)) if floored.any() else 0.0
    return CharacteristicLevel(evidence, shares[0], min(shares), max(shares), below_floor, draws)


def _share(draws: Draws) -> float:
    return round(float(draws.mean()), DECIMALS)


def _is_shown(levels: Floats, floored: Draws, rules: Rules) -> Draws:
    """Return the draws in which the mean level reaches the line and no share of records is below the floor."""
    return np.asarray((levels.mean(axis=0) >= rules.line) & (levels[floored] >= rules.floor).all(axis=0))


def _levels(place: str, parts: list[Part], rules: Rules) -> Floats:
    return np.array([level_of(place, part, rules) for part in parts])


def level_of(place: str, part: Part, rules: Rules) -> Floats:
    """Return draws of the level (0 to 1) of one part, the same in every run."""
    seed = f"{rules.version}/{place}/{part.kind}/{part.key}"
    if part.kind != RECORDS:
        return _verdict_level(part.verdict == AGREE, seed, rules)
    if not part.is_share_of_records:
        return np.full(rules.draws, part.met)  # one record per force: it is met or not met
    distribution = part.force_distribution if rules.like_others else None
    known = _known_share_draws(part.met, part.not_met, rules.draws, seed, rules.prior, distribution, rules.outlying)
    if not part.unknown:
        return known
    return share_with_missing(known, part.known_records, part.unknown, _unknown_share(known, seed, rules))


def _unknown_share(known: Floats, seed: str, rules: Rules) -> Floats | float:
    """Return the share of the unknown records that was met, in each draw."""
    if rules.unknown_met is not None:
        return rules.unknown_met
    if rules.unknown_worth:
        return similar_missing_shares(known, rules.unknown_worth, seed=seed)
    return uniform_missing_shares(draws=rules.draws, seed=seed)


@lru_cache(maxsize=8192)
def _known_share_draws(
    met: float,
    not_met: float,
    draws: int,
    seed: str,
    prior: tuple[float, float],
    distribution: tuple[float, float] | None,
    outlying: float,
) -> Floats:
    if distribution is None:
        return share_draws(met, not_met, draws=draws, seed=seed, prior=prior)
    return mixture_share_draws(
        met, not_met, population_prior=distribution, outlier_prior=outlying, draws=draws, seed=seed
    )


def _verdict_level(agrees: bool, seed: str, rules: Rules) -> Floats:
    """Return levels of a verdict: above the line if the source agrees and is right, or disagrees and is wrong.

    In all other draws the level is below the line. The source is right with probability `rules.strand_right`.
    """
    generator = _seeded_generator(seed)
    is_above = (generator.random(rules.draws) < rules.strand_right) == agrees
    position = generator.random(rules.draws)
    return np.where(is_above, rules.line + (1 - rules.line) * position, rules.line * position)


def _without_true_alert(evidence: CharacteristicEvidence, rules: Rules) -> Draws:
    """Return the draws in which every outlier alert of a part without a level is a false one."""
    has_no_alert = np.ones(rules.draws, dtype=bool)
    for part in evidence.parts:
        if not part.has_level:
            has_no_alert &= (
                _seeded_generator(f"{rules.version}/{evidence.place}/apart/{part.key}").random(rules.draws)
                < part.false_alert_probability
            )
    return has_no_alert


def _seeded_generator(seed: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(seed.encode()))
