"""Correct a share for rating errors (Rogan-Gladen), or bound it from the agreement of two raters.

Two cases.

- With a reference (a panel's answer on some files), sensitivity and specificity of the raters are estimated, and the
  share is corrected (Rogan and Gladen, American Journal of Epidemiology 107, 1978) with the interval of Lang and
  Reiczigel (Preventive Veterinary Medicine 113, 2014), which keeps its coverage if files are few.
- With two raters and no reference, the true share cannot be estimated, however many files are read; but it has bounds.
  Assume that both raters have the same error rates, and independent errors. If the observed share has odds o and the
  agreement beyond chance (Scott's, with two answers) is k, then the true share has odds between k times o (every error
  a false yes) and o / k (every error a missed yes). With k = 1 both are o.
"""

from math import exp, log, sqrt

import numpy as np
from scipy import special

from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.refusals import EstimationRefused

TOLERANCE = 1e-12


def corrected_share(
    observed: tuple[int, int], yes_read: tuple[int, int], no_read: tuple[int, int], level: float = 0.95
) -> IntervalEstimate:
    """Return the Rogan-Gladen corrected share with the Lang-Reiczigel interval; each pair is (count, base).

    `observed`: files rated yes, of all rated. `yes_read` (sensitivity): rated yes, of those that are yes by the
    reference. `no_read` (specificity): rated no, of those that are no. The reference files are assumed to be a sample
    independent of the observed files. EstimationRefused if a count is outside its base.
    """
    for count, base in (observed, yes_read, no_read):
        if not 0 <= count <= base:
            raise EstimationRefused("A count lies between 0 and its base.")
    if 0 in (observed[1], yes_read[1], no_read[1]):
        return missing_estimate(
            "Without files of each kind in the reference it is not known how often files are misread."
        )
    z = float(special.ndtri((1 + level) / 2))
    share, hit, clear = (count / base for count, base in (observed, yes_read, no_read))
    if hit + clear - 1 <= 0:
        return missing_estimate(
            "Markers do no better than chance against the reference: the share cannot be corrected."
        )
    value = min(1.0, max(0.0, (share + clear - 1) / (hit + clear - 1)))
    marked, files = _adjusted_share(*observed, z * z), observed[1] + z * z
    hit, clear = _adjusted_share(*yes_read, 2.0), _adjusted_share(*no_read, 2.0)
    gain = hit + clear - 1
    middle = (marked + clear - 1) / gain
    shift = 2 * z * z * (
        middle * hit * (1 - hit) / (yes_read[1] + 2) - (1 - middle) * clear * (1 - clear) / (no_read[1] + 2)
    )  # fmt: skip
    spread = sqrt(
        marked * (1 - marked) / files
        + (1 - middle) ** 2 * clear * (1 - clear) / (no_read[1] + 2)
        + middle**2 * hit * (1 - hit) / (yes_read[1] + 2)
    )
    low, high = (middle + shift + side * z * spread / gain for side in (-1, 1))
    return IntervalEstimate(value, min(value, max(0.0, low)), max(value, min(1.0, high)))


def bounds_from_two_raters(share: IntervalEstimate, agreement: IntervalEstimate) -> IntervalEstimate:
    """Return bounds of the true share from the observed share and the chance-corrected agreement of two raters.

    Both have intervals, which are combined on the log-odds scale as the root of the sum of squares. There is no point
    estimate, because the ratings do not show which error is more frequent. If raters agree no better than chance, the
    bounds are 0 and 1, with the reason in words.
    """
    if share.value is None or share.low is None or share.high is None:
        return missing_estimate("There is no share to begin with.")
    if agreement.value is None or agreement.value <= TOLERANCE:
        return IntervalEstimate(None, 0.0, 1.0, "Markers agree no better than chance: the truth could be anything.")
    best = log(min(1.0, agreement.value))
    worst = log(agreement.low) if agreement.low is not None and agreement.low > TOLERANCE else None
    if worst is None:
        words = "It is not sure that markers agree better than chance: the truth could be anything."
        return IntervalEstimate(None, 0.0, 1.0, words)
    middle, low, high = special.logit(np.clip([share.value, share.low, share.high], TOLERANCE, 1 - TOLERANCE)).tolist()
    below = middle + best - sqrt((middle - low) ** 2 + (best - worst) ** 2)
    above = middle - best + sqrt((high - middle) ** 2 + (best - worst) ** 2)
    return IntervalEstimate(None, _share(below) if share.low > 0 else 0.0, _share(above) if share.high < 1 else 1.0)


def odds_bounds(share: float, agreement: float) -> tuple[float, float]:
    """Return the smallest and largest true share that are consistent with an observed share and agreement."""
    if not (0 < agreement <= 1 and 0 <= share <= 1):
        raise EstimationRefused("Agreement beyond chance lies above 0 and up to 1, and a share between 0 and 1.")
    return agreement * share / (agreement * share + 1 - share), share / (share + agreement * (1 - share))


def _adjusted_share(count: int, base: int, added: float) -> float:
    return (count + added / 2) / (base + added)


def _share(logit: float) -> float:
    return 1 / (1 + exp(-logit)) if logit > 0 else exp(logit) / (1 + exp(logit))
