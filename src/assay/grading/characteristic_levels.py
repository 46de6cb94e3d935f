"""How probable is it, under the rules, that a characteristic of good is shown in a force?

Each part takes many values that fit what is known of it. A characteristic is shown in a draw where its parts come to
the line on average and none lies below the floor. What has no right level counts against it only where the force stands
apart, as far as that call is not a false one.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assay.grading.characteristic_evidence import RECORDS, Evidence, Part
from assay.grading.grading_rules import Rules
from assay.indicators.evidence_strands import AGREE
from assay.stats.missing_data_bounds import alike_share, any_share, likened_draws, share_draws, with_unknown
from assay.stats.posterior_grid import Floats

Draws = NDArray[np.bool_]
DECIMALS = 2


@dataclass(frozen=True)
class Shown:
    """One characteristic in one force: how probable it is that it is shown, None where nothing tells.

    `lowest`, `highest`: the same if no record, or every record, that does not tell was met. `below_floor`: how probable
    it is that a part lies below the floor. `draws`: in which draws it is shown.
    """

    of: Evidence
    probability: float | None
    lowest: float | None = None
    highest: float | None = None
    below_floor: float = 0.0
    draws: Draws | None = None

    @property
    def key(self) -> str:
        """The characteristic."""
        return self.of.characteristic.key

    def state(self, rules: Rules) -> str:
        """'shown', 'not shown', 'open' (either way), 'at odds' (shown, and people say otherwise) or 'not known'."""
        if self.probability is None:
            return "not known"
        if self.probability >= rules.shown_from:
            return "at odds" if self.of.contradicted_by else "shown"
        return "not shown" if self.probability <= rules.not_shown_up_to else "open"


def shown(of: Evidence, rules: Rules) -> Shown:
    """The probability, its bounds, and the draws behind it."""
    levelled = [part for part in of.parts if part.has_level]
    if not levelled:
        return Shown(of, None)
    levels, kept = _levels(of.place, levelled, rules), _not_apart(of, rules)
    floored = np.array([part.counted_from_many for part in levelled])
    draws = _reaches(levels, floored, rules) & kept
    bounds = [draws]
    if any(part.unknown for part in levelled) and rules.unknown_met is None:
        ends = (_levels(of.place, levelled, replace(rules, unknown_met=met)) for met in (0.0, 1.0))
        bounds += [_reaches(end, floored, rules) & kept for end in ends]
    shares = [_share(one) for one in bounds]
    below = _share((levels[floored] < rules.floor).any(axis=0)) if floored.any() else 0.0
    return Shown(of, shares[0], min(shares), max(shares), below, draws)


def _share(draws: Draws) -> float:
    return round(float(draws.mean()), DECIMALS)


def _reaches(levels: Floats, floored: Draws, rules: Rules) -> Draws:
    """The draws in which the parts come to the line, and none of those that may fall to the floor lies below it."""
    return np.asarray((levels.mean(axis=0) >= rules.line) & (levels[floored] >= rules.floor).all(axis=0))


def _levels(place: str, parts: list[Part], rules: Rules) -> Floats:
    return np.array([level_of(place, part, rules) for part in parts])


def level_of(place: str, part: Part, rules: Rules) -> Floats:
    """Values (0 to 1) that the level of one part may have; always the same for the same part."""
    seed = f"{rules.version}/{place}/{part.kind}/{part.key}"
    if part.kind != RECORDS:
        return _of_verdict(part.verdict == AGREE, seed, rules)
    if not part.counted_from_many:
        return np.full(rules.draws, part.met)  # one record a force: it is met or not, and nothing is drawn
    others = part.others if rules.like_others else None
    known = _known(part.met, part.not_met, rules.draws, seed, rules.prior, others, rules.outlying)
    if not part.unknown:
        return known
    return with_unknown(known, part.told, part.unknown, _of_unknown(known, seed, rules))


def _of_unknown(known: Floats, seed: str, rules: Rules) -> Floats | float:
    """What share of the records that do not tell was met, in each draw."""
    if rules.unknown_met is not None:
        return rules.unknown_met
    if rules.unknown_worth:
        return alike_share(known, rules.unknown_worth, seed=seed)
    return any_share(draws=rules.draws, seed=seed)


@lru_cache(maxsize=8192)
def _known(
    met: float, not_met: float, draws: int, seed: str, prior: tuple[float, float], others: tuple[float, float] | None,
    outlying: float,
) -> Floats:  # fmt: skip
    if others is None:
        return share_draws(met, not_met, draws=draws, seed=seed, prior=prior)
    return likened_draws(met, not_met, others=others, outlying=outlying, draws=draws, seed=seed)


def _of_verdict(agrees: bool, seed: str, rules: Rules) -> Floats:
    """A level above the line where the strand agrees and is right, or disagrees and is wrong; else below it."""
    random = _random(seed)
    above = (random.random(rules.draws) < rules.strand_right) == agrees
    at = random.random(rules.draws)
    return np.where(above, rules.line + (1 - rules.line) * at, rules.line * at)


def _not_apart(of: Evidence, rules: Rules) -> Draws:
    """The draws in which every call that the force stands apart, where only that tells, is a false one."""
    kept = np.ones(rules.draws, dtype=bool)
    for part in of.parts:
        if not part.has_level:
            kept &= _random(f"{rules.version}/{of.place}/apart/{part.key}").random(rules.draws) < part.false_call
    return kept


def _random(seed: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(seed.encode()))
