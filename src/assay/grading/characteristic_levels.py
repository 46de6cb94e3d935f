"""Probability that a characteristic is shown in a force, by simulation under the rules.

The level of each item is drawn many times from its distribution. A characteristic is shown in a draw if the mean level
of the items with a standard reaches the line, none of them is below the floor, and the force is not worse than the
others: no outlier alert is true, and no compared share lies beyond those of the other forces.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import scipy
from numpy.typing import NDArray

from assay.grading.force_evidence import (
    ADVERSE,
    FAVOURABLE,
    FEW_APPLIED,
    LESSONS,
    RECORDS,
    TEST,
    UNDECIDED,
    WORSE,
    CharacteristicEvidence,
    EvidenceItem,
)
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
SPEAKS_AGAINST, SPEAKS_FOR = 0.5, 0.2
"""A piece speaks against a force from this probability that it does, and for it up to that."""


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
    failed
        True for each draw with a true outlier alert, a share beyond the other forces, or a standard that is almost
        certainly broken more often than kept: in it the grade of the theme is capped. None under rules that compare
        nothing.
    alerted
        True for each draw with a true outlier alert for the worse, or with such a broken standard; None without one.
    doubtful
        True for each draw in which duties in law are not met, and for all draws where a test speaks against the force,
        or too few past recommendations are applied: in it the theme is not good. None under rules that do not ask.
    """

    evidence: CharacteristicEvidence
    probability: float | None
    lowest: float | None = None
    highest: float | None = None
    below_floor: float = 0.0
    draws: Draws | None = None
    failed: Draws | None = None
    alerted: Draws | None = None
    doubtful: Draws | None = None

    @property
    def key(self) -> str:
        """The key of the characteristic."""
        return self.evidence.characteristic.key

    def state(self, rules: Rules) -> str:
        """Return whether the characteristic is 'shown', 'not shown', 'open' (unclear), 'at odds' or 'not known'.

        'At odds' means that the records show the characteristic and people who were asked say otherwise. Where a test
        speaks against it, it is not said to be shown.
        """
        if self.probability is None:
            return "not known"
        if self.probability >= rules.shown_from:
            if self.evidence.contradicted_by:
                return "at odds"
            return "open" if self.evidence.adverse_tests else "shown"
        return "not shown" if self.probability <= rules.not_shown_up_to else "open"


def characteristic_level(evidence: CharacteristicEvidence, rules: Rules) -> CharacteristicLevel:
    """Estimate the probability that a characteristic is shown, with bounds, draws, and the direction of each item.

    A characteristic without a level is shown in the draws in which the force does not lie beyond the others.
    """
    levelled = [item for item in evidence.items if item.has_level]
    direct_items = levelled + [item for item in evidence.items if item.is_compared]
    if not direct_items and not (rules.compared and evidence.worse_alerts):
        return CharacteristicLevel(evidence, None)
    worse = _worse_draws(evidence, rules)
    is_worse = np.any(list(worse.values()), axis=0) if worse else np.zeros(rules.draws, dtype=bool)
    levels = [level_of(evidence.place, item, rules) for item in levelled]
    if not is_worse.mean() > SPEAKS_AGAINST and all(_has_few_applied(item, rules) for item in direct_items):
        return _level_of_few_applied(evidence, rules)
    draws = _is_shown(levelled, levels, rules) & ~is_worse
    bounds = [draws]
    if any(item.unknown for item in levelled) and rules.unknown_met is None:
        for met in (0.0, 1.0):
            extreme_rules = replace(rules, unknown_met=met)
            extreme = [level_of(evidence.place, item, extreme_rules) for item in levelled]
            bounds.append(_is_shown(levelled, extreme, rules) & ~is_worse)
    shares = [_share(draw_set) for draw_set in bounds]
    under_floor = _under_floor(levelled, levels, rules)
    directed = replace(evidence, items=tuple(_directed(item, evidence.place, worse, rules) for item in evidence.items))
    breached = _breached(levelled, levels, rules)
    failed = (is_worse | breached) if rules.compared else None
    alerts = [_true_alert(evidence.place, item, rules) for item in evidence.worse_alerts] if rules.compared else []
    alerted = np.any([breached, *alerts], axis=0) if rules.compared else None
    doubtful = _doubtful(directed, levelled, levels, rules)
    return CharacteristicLevel(
        directed, shares[0], min(shares), max(shares), _share(under_floor), draws, failed, alerted, doubtful
    )


def _has_few_applied(item: EvidenceItem, rules: Rules) -> bool:
    """Return True for past recommendations of which too few are applied for a comparison to speak for the force."""
    share = item.met / item.known_records if item.known_records else 1.0
    return item.key == LESSONS and not item.has_level and share < rules.lessons_from


def _level_of_few_applied(evidence: CharacteristicEvidence, rules: Rules) -> CharacteristicLevel:
    """Return the unknown level of a force that is not worse than others, where too few recommendations are applied."""
    low_applied = tuple(
        replace(item, not_counted=FEW_APPLIED) for item in evidence.items if _has_few_applied(item, rules)
    )
    rest = tuple(item for item in evidence.items if not _has_few_applied(item, rules))
    reduced_evidence = replace(evidence, items=rest, other_items=(*evidence.other_items, *low_applied))
    return CharacteristicLevel(reduced_evidence, None, doubtful=np.ones(rules.draws, dtype=bool))


def _doubtful(
    evidence: CharacteristicEvidence, items: list[EvidenceItem], levels: list[Floats], rules: Rules
) -> Draws | None:
    """Return the draws in which the theme is not good: duties are not met, a test is adverse, or few recommendations
    are applied."""
    if not rules.capped_doubtful:
        return None
    duties = [(item, level) for item, level in zip(items, levels, strict=True) if item.duty]
    is_met = _is_shown([item for item, _ in duties], [level for _, level in duties], rules)
    is_doubted = bool(evidence.adverse_tests) or any(_has_few_applied(item, rules) for item in evidence.items)
    return ~is_met | is_doubted


def _directed(item: EvidenceItem, place: str, worse: dict[str, Draws], rules: Rules) -> EvidenceItem:
    """Return the item with its direction, from the draws in which it speaks against the force."""
    if item.kind == TEST:
        return replace(item, direction=ADVERSE, probability_against=round(1 - item.false_alert_probability, DECIMALS))
    none = np.zeros(rules.draws, dtype=bool)
    missed = level_of(place, item, rules) < rules.line if item.has_level else none
    probability = _share(worse.get(item.key, none) | missed)
    is_against = item.outlier_direction == WORSE or probability >= SPEAKS_AGAINST
    direction = ADVERSE if is_against else FAVOURABLE if probability <= SPEAKS_FOR else UNDECIDED
    is_level_missed = _share(missed) >= SPEAKS_AGAINST
    return replace(item, direction=direction, probability_against=probability, is_level_missed=is_level_missed)


def _share(draws: Draws) -> float:
    return round(float(draws.mean()), DECIMALS)


def _is_shown(items: list[EvidenceItem], levels: list[Floats], rules: Rules) -> Draws:
    """Return the draws in which the mean level reaches the line and no share of records is below the floor."""
    if not items:
        return np.ones(rules.draws, dtype=bool)
    return np.asarray(np.mean(levels, axis=0) >= rules.line) & ~_under_floor(items, levels, rules)


def _under_floor(items: list[EvidenceItem], levels: list[Floats], rules: Rules) -> Draws:
    """Return the draws in which a share of records is below the floor."""
    shares = [level for item, level in zip(items, levels, strict=True) if item.is_share_of_records]
    return np.any([share < rules.floor for share in shares], axis=0) if shares else np.zeros(rules.draws, dtype=bool)


def _breached(items: list[EvidenceItem], levels: list[Floats], rules: Rules) -> Draws:
    """Return the draws in which a standard is broken more often than kept, for standards whose interval lies below."""
    found = np.zeros(rules.draws, dtype=bool)
    for item, level in zip(items, levels, strict=True):
        below = np.asarray(level < rules.floor)
        if item.is_share_of_records and below.mean() >= rules.concern_probability:
            found |= below
    return found


def level_of(place: str, part: EvidenceItem, rules: Rules) -> Floats:
    """Return simulation draws of the share met (0 to 1) of one item of evidence; they are the same in every run."""
    seed = f"{rules.version}/{place}/{part.kind}/{part.key}"
    if part.kind != RECORDS:
        return _verdict_level(part.verdict == AGREE, seed, rules)
    if not part.is_share_of_records:
        return np.full(rules.draws, part.met)  # one record per force: it is met or not met
    known = _known_share(place, part, rules)
    if not part.unknown:
        return known
    return share_with_missing(known, part.known_records, part.unknown, _unknown_share(known, seed, rules))


def _known_share(place: str, part: EvidenceItem, rules: Rules) -> Floats:
    """Return draws of the share of the records with an answer."""
    seed = f"{rules.version}/{place}/{part.kind}/{part.key}"
    distribution = part.force_distribution if rules.like_others else None
    return _known_share_draws(part.met, part.not_met, rules.draws, seed, rules.prior, distribution, rules.outlying)


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


def _worse_draws(evidence: CharacteristicEvidence, rules: Rules) -> dict[str, Draws]:
    """Return, by item, the draws in which the force is worse than the others.

    That is where an outlier alert is true, and where a compared share lies beyond the others: lower than in so small a
    part of all forces (`rules.beyond`, divided among the compared items, so that many items name no more forces).
    """
    compared = [item for item in evidence.items if item.is_compared and item.force_distribution]
    found: dict[str, Draws] = {}
    for item in compared:
        limit = _beyond_limit(rules.beyond / len(compared), *(item.force_distribution or (1.0, 1.0)))
        found[item.key] = np.asarray(_known_share(evidence.place, item, rules) < limit)
    for item in evidence.worse_alerts:
        if rules.compared or not item.has_level:
            found[item.key] = found.get(item.key, np.zeros(rules.draws, dtype=bool)) | _true_alert(
                evidence.place, item, rules
            )
    return found


@lru_cache(maxsize=8192)
def _beyond_limit(tail: float, first: float, second: float) -> float:
    return float(scipy.stats.beta.ppf(tail, first, second))


def _true_alert(place: str, item: EvidenceItem, rules: Rules) -> Draws:
    """Return the draws in which an outlier alert is true: all but a share of its q-value."""
    random = _seeded_generator(f"{rules.version}/{place}/apart/{item.key}").random(rules.draws)
    return np.asarray(random >= item.false_alert_probability)


def _seeded_generator(seed: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(seed.encode()))
